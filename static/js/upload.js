// Uploads: drop a file on its purpose, see the progress. Without this file the plain form works.

function wire(form) {
  const input = form.querySelector("input[type=file]");
  const progress = form.querySelector("progress");
  const message = form.querySelector(".upload__message");

  const send = (files) => {
    const queue = [...files];
    const next = () => {
      const file = queue.shift();
      if (!file) {
        message.textContent = form.dataset.textDone;
        window.htmx.ajax("GET", form.dataset.status, { target: "#attachments", swap: "outerHTML" });
        return;
      }
      const data = new FormData(form);
      data.delete("file");
      data.append("file", file);
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      progress.hidden = false;
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) progress.value = (100 * event.loaded) / event.total;
        message.textContent = file.name;
      });
      request.addEventListener("load", () => {
        progress.hidden = true;
        if (request.status === 200) return next();
        let text = form.dataset.textLost;
        try {
          text = JSON.parse(request.responseText).error || text;
        } catch {
          // not JSON: the text for a lost connection says what to do
        }
        message.textContent = text;
        message.focus();
      });
      request.addEventListener("error", () => {
        progress.hidden = true;
        message.textContent = form.dataset.textLost;
      });
      request.send(data);
    };
    if (queue.length) next();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(input.files);
  });
  input.addEventListener("change", () => send(input.files));
  const box = form.closest(".attachment-kind");
  for (const name of ["dragenter", "dragover"]) {
    box.addEventListener(name, (event) => {
      event.preventDefault();
      box.classList.add("drop-here");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    box.addEventListener(name, () => box.classList.remove("drop-here"));
  }
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    send(event.dataTransfer.files);
  });
}

function wireAll() {
  for (const form of document.querySelectorAll("form[data-upload]:not([data-wired])")) {
    form.dataset.wired = "1";
    wire(form);
  }
}

// The list is fetched again while files are being checked: what was opened stays open.
let opened = document.getElementById("more-attachments")?.open;
document.body.addEventListener("htmx:beforeSwap", () => {
  opened = document.getElementById("more-attachments")?.open;
});
document.body.addEventListener("htmx:afterSettle", () => {
  const more = document.getElementById("more-attachments");
  if (more && opened) more.open = true;
  wireAll();
});
wireAll();
