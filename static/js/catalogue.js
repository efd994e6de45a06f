// Search as one types. Without this file the form is sent with its button.

const form = document.querySelector("[data-catalogue-search]");

if (form) {
  const results = document.getElementById(form.dataset.results);
  const count = document.getElementById(form.dataset.count);
  const kept = document.getElementById(form.dataset.kept ?? "");
  let timer = 0;
  let asked = null;

  const address = () => {
    const given = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) given.append(name, value);
    return given;
  };

  // What is ticked stays ticked when other results come: it moves above them.
  const keep = () => {
    if (!kept) return;
    for (const box of results.querySelectorAll("input[type=checkbox]:checked")) {
      const line = document.createElement("li");
      const label = document.createElement("label");
      label.append(box, ` ${box.getAttribute("aria-label")}`);
      line.append(label);
      kept.append(line);
    }
  };
  const once = () => {
    for (const box of kept?.querySelectorAll("input") ?? []) {
      results.querySelector(`input[value="${box.value}"]`)?.closest("tr")?.remove();
    }
  };

  const refresh = async () => {
    if (asked) asked.abort();
    asked = new AbortController();
    const mine = asked;
    const given = address();
    const shown = given.toString();
    given.append("part", "results");
    try {
      const response = await fetch(`${form.action}?${given}`, { signal: mine.signal });
      if (!response.ok) return; // the button still works
      const text = await response.text();
      if (mine !== asked) return;
      keep();
      results.innerHTML = text;
      once();
      count.textContent = results.querySelector("[data-count]")?.dataset.count ?? "";
      window.history.replaceState(null, "", shown ? `?${shown}` : window.location.pathname);
    } catch (wrong) {
      if (wrong.name !== "AbortError") window.console.warn(wrong);
    }
  };

  const soon = (wait) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(refresh, wait);
  };
  form.addEventListener("input", (event) => soon(event.target.matches("select, [type=checkbox]") ? 0 : 150));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    soon(0);
  });
}
