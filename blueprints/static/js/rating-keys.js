// Single keys on the clause desk: 0-3, v (not verified), n (not applicable), j/k, u, e, r, f (finding), z (undo); Ctrl+Enter saves and goes on.
// They work outside text fields only and can be switched off, remembered on this device.
const SWITCH = "rating-keys";
const LEVELS = { 0: "0", 1: "1", 2: "2", 3: "3", v: "not_verified", n: "not_applicable" };
const LINKS = { j: "[data-key-next]", k: "[data-key-previous]", u: "[data-key-unrated]", f: "[data-key-finding]", z: "[data-undo] button" };
const FIELDS = { e: "observation", r: "recommendation" };

const isText = (element) => element?.matches?.("textarea, select, input:not([type=radio]):not([type=checkbox]), [contenteditable]");

function remembered() {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

function remember(on) {
  try {
    localStorage.setItem(SWITCH, on ? "on" : "off");
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
    remember(on.keys);
    show();
  });
  show();
}

function rate(form, value) {
  const radio = form.querySelector(`input[name=rating][value="${value}"]`);
  if (!radio || radio.matches(":disabled")) return;
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  if (value === "not_applicable") form.elements.reason?.focus();
}

export function listenForRatingKeys(root) {
  const form = root.getElementById("rating-form");
  const button = root.querySelector("[data-rating-keys]");
  if (!form || !button) return;
  const on = { keys: remembered() };
  offerSwitch(button, on);
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
    if (key in LEVELS) rate(form, LEVELS[key]);
    else if (key in LINKS) root.querySelector(LINKS[key])?.click();
    else if (key in FIELDS) form.elements[FIELDS[key]]?.focus();
    else return;
    event.preventDefault();
  });
}
