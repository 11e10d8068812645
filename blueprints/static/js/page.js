// What every page does beyond plain HTML. Each page works without it.
import { watchForms } from "./autosave.js";
import { listenForRatingKeys } from "./rating-keys.js";

// After a refused form the person stands at the first field that needs them.
function focusFirstInvalid() {
  const invalid = document.querySelector("main [aria-invalid='true']");
  const group = invalid?.matches("fieldset") ? invalid.querySelector("input") : null;
  (group ?? invalid ?? document.getElementById("form-errors"))?.focus();
}

// A menu is a details element: it also closes on Escape and on a press outside.
function closeMenus() {
  const open = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

focusFirstInvalid();
closeMenus();
watchForms(document);
listenForRatingKeys(document);
