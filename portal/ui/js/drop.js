// A file dropped anywhere on an upload box goes into its file field. The form is sent as usual.
for (const box of document.querySelectorAll("div[data-upload]")) {
  const input = box.querySelector("input[type=file]");
  box.querySelector("[data-upload-drop]").hidden = false;
  box.addEventListener("dragover", (event) => {
    event.preventDefault();
    box.dataset.over = "";
  });
  box.addEventListener("dragleave", () => delete box.dataset.over);
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    delete box.dataset.over;
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  });
}
