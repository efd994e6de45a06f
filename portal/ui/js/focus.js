// Where the attention belongs after a page has come: the error summary, else nothing is moved.
// Flash messages are put in again so that screen readers hear them.
const summary = document.querySelector("[data-error-summary]");
if (summary) {
  summary.focus();
  summary.scrollIntoView({ block: "center" });
  // A link to a group of choices must put the focus on its first choice, not only scroll.
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const control = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!control) return;
    event.preventDefault();
    (control.closest(".field, .question") ?? control).scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
  });
}

const messages = document.getElementById("messages");
if (messages?.childElementCount) {
  const told = [...messages.children];
  messages.replaceChildren();
  setTimeout(() => messages.replaceChildren(...told), 100);
}

// Sent once: a second click on a submit button of a plain form does nothing for a while.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[hx-post], [data-section-form], [method='get']")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 4000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
});
