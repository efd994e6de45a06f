// The header's menus are <details>: they work alone. Here they also close by Escape, by a click
// elsewhere and when the focus has left.
for (const menu of document.querySelectorAll("details[data-menu]")) {
  const close = (focus) => {
    if (!menu.open) return;
    menu.open = false;
    if (focus) menu.querySelector("summary").focus();
  };
  menu.addEventListener("keydown", (event) => event.key === "Escape" && close(true));
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !menu.contains(relatedTarget)) close(false);
  });
  document.addEventListener("click", ({ target }) => !menu.contains(target) && close(false));
}
