// How many characters are left in a text area. Seen at every key, heard when typing pauses.
const PAUSE = 1200;

function wire(counter) {
  const area = document.getElementById(counter.dataset.counterFor);
  if (!area || counter.dataset.wired) return;
  counter.dataset.wired = "1";
  const longest = Number(counter.dataset.longest);
  const heard = document.createElement("span");
  heard.className = "ds-sr-only";
  heard.setAttribute("aria-live", "polite");
  counter.after(heard);
  let timer;
  const words = () => {
    const left = longest - [...area.value.replace(/\r?\n/g, "\r\n")].length;
    counter.dataset.state = left < 0 ? "over" : "under";
    const text = left < 0 ? counter.dataset.textOver : counter.dataset.textLeft;
    // Browsers know no Nynorsk; its numbers are written as in Bokmål.
    const language = document.documentElement.lang.replace("nn", "nb");
    return text.replace("%n", Math.abs(left).toLocaleString(language));
  };
  const show = () => {
    counter.textContent = words();
    clearTimeout(timer);
    if (longest - area.value.length < longest / 5) {
      timer = setTimeout(() => (heard.textContent = words()), PAUSE);
    }
  };
  area.addEventListener("input", show);
  counter.textContent = words();
}

function wireAll(root) {
  for (const counter of root.querySelectorAll("[data-counter-for]")) wire(counter);
}

wireAll(document);
document.addEventListener("htmx:afterSettle", ({ detail }) => wireAll(detail.elt ?? document));
