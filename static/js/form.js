// The form of an application: questions appear when they apply, saving is told, conflicts are kept.
// Everything works without this file; it only saves reloads.

const form = document.querySelector("[data-section-form]");

function question(path) {
  return document.querySelector(`.question[data-path="${CSS.escape(path)}"]`);
}

document.body.addEventListener("tilgang:shown", (event) => {
  for (const [path, shown] of Object.entries(event.detail)) {
    if (path === "elt") continue;
    const box = question(path);
    if (box) box.hidden = !shown;
  }
});

// 409 and 422 carry texts that the person must see: swap them like any answer.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if ([409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

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
    form.addEventListener(lost, () => {
      unsaved = true;
      if (status()) status().textContent = form.dataset.textLost;
      window.setTimeout(() => window.htmx.trigger(form, "save"), 5000);
    });
  }
  form.addEventListener("submit", (event) => {
    if (event.submitter) {
      // A press on a button is a plain submission: the page goes on to where the button says.
      unsaved = false;
      form.removeAttribute("hx-post");
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });

  // Autosave comes back with the same conflict until it is settled: it is read out once.
  let told = "";
  const offerTheirs = () => {
    for (const button of document.querySelectorAll("[data-take-theirs]")) button.hidden = false;
    const alert = document.querySelector("#conflicts [role=alert]");
    const now = [...document.querySelectorAll("[data-take-theirs]")].map((b) => b.dataset.takeTheirs).join();
    if (alert && now !== told) alert.focus();
    told = now;
  };
  offerTheirs();
  document.body.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.target.id === "conflicts") offerTheirs();
  });
  document.body.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take-theirs]");
    if (!button) return;
    const path = button.dataset.takeTheirs;
    const raw = document.getElementById(`theirs-${path.replaceAll(".", "-")}`).dataset.raw;
    for (const control of form.elements) {
      if (control.name !== path) continue;
      if (control.type === "radio" || control.type === "checkbox") control.checked = control.value === raw;
      else control.value = raw;
    }
    window.htmx.trigger(form, "save");
  });
}

// After a row was added the next one can be typed at once.
document.body.addEventListener("htmx:afterSwap", (event) => {
  const box = event.target.closest?.(".rows") ?? event.detail.target;
  const row = event.detail.requestConfig?.elt?.matches?.("[data-row-form]");
  if (row) document.querySelector(`[data-rows="${box?.dataset?.rows}"] [data-row-form] .ds-input`)?.focus();
  const open = document.querySelector(".row-open .ds-input");
  if (open && event.detail.requestConfig?.verb === "get") open.focus();
});
