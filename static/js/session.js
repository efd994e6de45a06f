// Asks before a session ends. The server keeps the limits; other tabs may have extended it, so the
// server is asked (which does not count as presence) before the dialog opens.
const dialog = document.getElementById("session-warning");
if (dialog) {
  const data = dialog.dataset;
  const warnAt = Number(data.warning);
  const leftShown = dialog.querySelector("[data-left]");
  let endsAt = Date.now() + Number(data.seconds) * 1000;
  let timer = 0;
  let opener = null;
  let written = false;
  document.addEventListener("input", () => (written = true));

  const left = () => Math.max(0, Math.round((endsAt - Date.now()) / 1000));

  function plan() {
    clearTimeout(timer);
    timer = setTimeout(ask, Math.min(Math.max((left() - warnAt) * 1000, 1000), 2 ** 31 - 1));
  }

  async function ask() {
    let answer = null;
    try {
      const response = await fetch(data.status, { headers: { Accept: "application/json", "X-Background": "1" } });
      if (response.status === 401 || response.redirected) return over();
      answer = await response.json();
    } catch {
      timer = setTimeout(ask, 15000); // no network: the server will say when it is back
      return;
    }
    endsAt = Date.now() + answer.seconds * 1000;
    if (answer.seconds > warnAt) {
      close();
      plan();
    } else {
      open(answer.extendable);
    }
  }

  function open(extendable) {
    dialog.querySelector("[data-extendable]").hidden = !extendable;
    dialog.querySelector("[data-final]").hidden = extendable;
    dialog.querySelector("[data-stay]").hidden = !extendable;
    if (!dialog.open) {
      opener = document.activeElement;
      dialog.showModal();
    }
    tick();
  }

  // The session is over. Text on the page stays: when it is sent, the server keeps it until its
  // writer has signed in again. Without any text the page makes way for the sign-in.
  function over() {
    if (!written) return location.reload();
    for (const part of ["extendable", "final", "stay", "left"]) dialog.querySelector(`[data-${part}]`).hidden = true;
    for (const part of ["over", "back"]) dialog.querySelector(`[data-${part}]`).hidden = false;
    dialog.querySelector("h2").textContent = data.textOver;
    if (!dialog.open) dialog.showModal();
  }

  function close() {
    if (!dialog.open) return;
    dialog.close();
    opener?.focus();
  }

  function tick() {
    clearTimeout(timer);
    const seconds = left();
    const minutes = Math.floor(seconds / 60);
    leftShown.textContent = `${data.textLeft} ${minutes}:${String(seconds % 60).padStart(2, "0")}`;
    timer = setTimeout(seconds > 0 && seconds % 15 ? tick : ask, 1000);
  }

  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const response = await fetch(data.extend, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    if (!response.ok || response.redirected) return over();
    endsAt = Date.now() + (await response.json()).seconds * 1000;
    close();
    plan();
  });

  dialog.querySelector("[data-back]").addEventListener("click", close);
  plan();
}
