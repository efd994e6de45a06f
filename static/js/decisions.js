// Drafting a decision: saving is told, conflicts are kept, all rows of a page can be chosen at once.
// Everything works without this file.

const form = document.querySelector("[data-draft-form]");

if (form) {
  const status = () => document.getElementById("save-status");
  let unsaved = false;

  form.addEventListener("input", () => {
    unsaved = true;
  });
  form.addEventListener("htmx:beforeRequest", () => {
    if (status()) status().textContent = form.dataset.textSaving;
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) unsaved = false;
  });
  for (const lost of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    form.addEventListener(lost, (event) => {
      unsaved = true;
      // A conflict is told on the page; saving it again by itself would overwrite the other's text.
      if (event.detail.xhr && [409, 422].includes(event.detail.xhr.status)) return;
      if (status()) status().textContent = form.dataset.textLost;
      window.setTimeout(() => window.htmx.trigger(form, "save"), 5000);
    });
  }
  form.addEventListener("submit", () => {
    unsaved = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });

  const offerTheirs = () => {
    for (const button of document.querySelectorAll("[data-take-theirs]")) button.hidden = false;
    const alert = document.querySelector("#conflicts [role=alert]");
    if (alert) alert.focus();
  };
  offerTheirs();
  document.body.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.target.id === "conflicts" && event.target.querySelector("[role=alert]")) offerTheirs();
  });
  document.body.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take-theirs]");
    if (!button) return;
    const name = button.dataset.takeTheirs;
    const raw = document.getElementById(`theirs-${name}`).dataset.raw;
    for (const control of form.elements) {
      if (control.name !== name) continue;
      if (control.type === "radio") control.checked = control.value === raw;
      else control.value = raw;
    }
    window.htmx.trigger(form, "save");
  });
}

const table = document.querySelector("[data-variables-form]");
const all = table?.querySelector("[data-choose-all]");

if (all) {
  const rows = [...table.querySelectorAll('input[name="row"]')];
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const row of rows) row.checked = all.checked;
  });
  table.addEventListener("change", (event) => {
    if (event.target.name !== "row") return;
    all.checked = rows.every((row) => row.checked);
    all.indeterminate = !all.checked && rows.some((row) => row.checked);
  });
}
