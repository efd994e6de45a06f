// Says when a request from the page failed, and when the connection is back. Other scripts say
// things by document.dispatchEvent(new CustomEvent("tilgang:toast", {detail: {text, kind}})).
const words = document.body.dataset;
const LONG = 10000;
let lost = null;

function toast(text, kind = "info", stays = false) {
  const box = document.createElement("div");
  box.className = "ds-alert toast";
  box.dataset.color = kind;
  const told = document.createElement("p");
  told.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "ds-button";
  close.dataset.variant = "tertiary";
  close.dataset.size = "sm";
  close.textContent = words.textClose;
  close.addEventListener("click", () => box.remove());
  box.append(told, close);
  document.getElementById("toasts").append(box);
  if (!stays) setTimeout(() => box.remove(), LONG);
  return box;
}

function noConnection() {
  lost ??= toast(words.textLost, "warning", true);
}

function connectionBack() {
  if (!lost) return;
  lost.remove();
  lost = null;
  toast(words.textBack, "success");
}

document.addEventListener("tilgang:toast", ({ detail }) => toast(detail.text, detail.kind));
document.addEventListener("htmx:sendError", noConnection);
document.addEventListener("htmx:timeout", noConnection);
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.xhr?.status) connectionBack();
});
document.addEventListener("htmx:responseError", ({ detail }) => {
  const refused = [401, 403].includes(detail.xhr.status);
  toast(refused ? words.textForbidden : words.textFailed, "danger", true);
});
window.addEventListener("offline", noConnection);
window.addEventListener("online", connectionBack);
