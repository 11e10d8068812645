// Single keys on the clause desk: 0-3, v (not verified), n (not applicable), j/k, u, e, r, f (finding), z (undo), x (accept what
// is suggested), y (still true), a (attach), ? (all keys); Ctrl+Enter saves and goes on. Going on after a rating is off by default.
// They work outside text fields only and can be switched off, remembered on this device.
const SWITCH = "rating-keys";
const ADVANCE = "rating-advance";
const LEVELS = { 0: "0", 1: "1", 2: "2", 3: "3", v: "not_verified", n: "not_applicable" };
const LINKS = { j: "[data-key-next]", k: "[data-key-previous]", u: "[data-key-unrated]", f: "[data-key-finding]", z: "[data-undo] button", x: "[data-key-accept] button", y: "[data-still-true] button" };
const FIELDS = { e: "observation", r: "recommendation" };

const isText = (element) => element?.matches?.("textarea, select, input:not([type=radio]):not([type=checkbox]), [contenteditable]");

function remembered(name, otherwise) {
  try {
    return (localStorage.getItem(name) ?? otherwise) === "on";
  } catch {
    return otherwise === "on";
  }
}

function remember(name, on) {
  try {
    localStorage.setItem(name, on ? "on" : "off");
  } catch {
    // it holds for this page
  }
}

function offerSwitch(button, on) {
  const show = () => {
    button.setAttribute("aria-pressed", String(on.keys));
    button.querySelector("[data-on]").hidden = !on.keys;
    button.querySelector("[data-off]").hidden = on.keys;
    document.documentElement.toggleAttribute("data-no-keys", !on.keys);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    on.keys = !on.keys;
    remember(SWITCH, on.keys);
    show();
  });
  show();
}

// After effective or developing the desk goes on by itself, for those who switched that on.
function offerAdvance(root) {
  const box = root.querySelector("[data-rating-advance]");
  if (!box) return () => false;
  box.closest("[hidden]")?.removeAttribute("hidden");
  box.checked = remembered(ADVANCE, "off");
  box.addEventListener("change", () => remember(ADVANCE, box.checked));
  return () => box.checked;
}

function showHelp(root) {
  const help = root.getElementById("rating-help");
  if (!help) return;
  help.open = !help.open;
  if (help.open) help.querySelector("summary").focus();
}

function rate(form, value, advance) {
  const radio = form.querySelector(`input[name=rating][value="${value}"]`);
  if (!radio || radio.matches(":disabled")) return;
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  if (value === "not_applicable") form.elements.reason?.focus();
  else if ((value === "2" || value === "3") && advance()) form.requestSubmit(form.querySelector("[data-save-next]"));
}

export function listenForRatingKeys(root) {
  const form = root.getElementById("rating-form");
  const button = root.querySelector("[data-rating-keys]");
  if (!form || !button) return;
  const on = { keys: remembered(SWITCH, "on") };
  offerSwitch(button, on);
  const advance = offerAdvance(root);
  root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-save-next]"));
      return;
    }
    if (event.key === "Escape" && isText(event.target)) {
      event.target.blur();
      return;
    }
    if (!on.keys || event.ctrlKey || event.metaKey || event.altKey || isText(event.target)) return;
    const { key } = event;
    if (key in LEVELS) rate(form, LEVELS[key], advance);
    else if (key === "?") showHelp(root);
    else if (key === "a") root.querySelector("[data-evidence] input, [data-evidence] button, [data-evidence]")?.focus();
    else if (key in LINKS) root.querySelector(LINKS[key])?.click();
    else if (key in FIELDS) form.elements[FIELDS[key]]?.focus();
    else return;
    event.preventDefault();
  });
}
