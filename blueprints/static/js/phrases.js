// Phrases are put into the text at the cursor; "/" at the start of a word opens the list. Without this the button sends the form.

function insert(field, words) {
  const at = field.selectionEnd ?? field.value.length;
  const before = field.value.slice(0, at);
  const gap = before && !/\s$/.test(before) ? "\n" : "";
  field.setRangeText(gap + words, at, at, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
}

export function offerPhrases(root) {
  for (const list of root.querySelectorAll("details[data-phrases]")) {
    const field = list.closest("form")?.elements[list.dataset.phrases];
    if (!field || field.matches(":disabled")) continue;
    list.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-text]");
      if (!button) return;
      event.preventDefault();
      insert(field, button.dataset.text);
      list.open = false;
    });
    list.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      list.open = false;
      field.focus();
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      const before = field.value.slice(0, field.selectionStart);
      if (before && !/\s$/.test(before)) return;
      event.preventDefault();
      list.open = true;
      list.querySelector("button[data-text]").focus();
    });
  }
}
