// Goes on at once with the form that was kept while its sender confirmed who they are.
const form = document.querySelector("form[data-resume='fresh']");
if (form) form.requestSubmit();
