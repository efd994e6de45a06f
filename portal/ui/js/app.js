// What every page runs. Pages work without it. Nothing here evaluates text as code.
import htmx from "htmx.org";
import "./connection.js";
import "./counter.js";
import "./drop.js";
import "./menus.js";
import "./focus.js";
import "./unsaved.js";

// Pages' own scripts (static/js/<page>.js) use the same copy.
window.htmx = htmx;
