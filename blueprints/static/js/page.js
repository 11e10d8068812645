// What every page does beyond plain HTML. Each page works without it.
import { watchForms } from "./autosave.js";
import { watchLists } from "./lists.js";
import { offerPhrases } from "./phrases.js";
import { takeFiles } from "./evidence.js";
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

// Ctrl K leads to the search from any page; on the search itself it leads to the box.
function listenForSearchKey() {
  const link = document.querySelector("a[data-search]");
  if (!link) return;
  const box = location.pathname === new URL(link.href).pathname && document.querySelector("main input[type='search']");
  if (box && !box.value) box.focus();
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (box) box.select();
    else link.click();
  });
}

focusFirstInvalid();
closeMenus();
listenForSearchKey();
watchForms(document);
takeFiles(document);
listenForRatingKeys(document);
watchLists(document);
offerPhrases(document);
