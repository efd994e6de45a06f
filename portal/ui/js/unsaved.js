// <form data-unsaved>: warns before the page is left with text that was not sent.
const dirty = new Set();

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("form[data-unsaved]");
  if (form) dirty.add(form);
});
document.addEventListener("submit", ({ target }) => dirty.delete(target));
// An autosaving form tells that all is safe: dispatch "tilgang:saved" on it.
document.addEventListener("tilgang:saved", ({ target }) => dirty.delete(target));
window.addEventListener("beforeunload", (event) => {
  for (const form of dirty) if (!form.isConnected) dirty.delete(form);
  if (dirty.size) event.preventDefault();
});
