// Two people wrote the same field. Theirs is shown beside yours; what you typed stays in the field until you choose.
export function showConflict(form, fragment, resolved) {
  const place = document.getElementById("conflict-place");
  const parsed = new DOMParser().parseFromString(fragment, "text/html").querySelector("[data-conflict]");
  if (!parsed || !place) return false; // the answer was a whole page: nothing to choose from
  place.replaceChildren(document.adoptNode(parsed));
  offerChoices(form, place.firstElementChild, resolved);
  place.firstElementChild.focus();
  return true;
}

function offerChoices(form, panel, resolved) {
  panel.querySelector("[data-choices]").hidden = false;
  panel.querySelector("[data-without-script]").hidden = true;
  panel.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-choose]")?.dataset.choose;
    if (!choice) return;
    for (const one of panel.querySelectorAll("[data-field]")) choose(form, one, choice);
    const first = form.elements[panel.querySelector("[data-field]")?.dataset.field];
    panel.remove();
    resolved(panel.dataset.revision);
    (first?.focus ? first : first?.[0])?.focus();
  });
}

function choose(form, one, choice) {
  const field = form.elements[one.dataset.field];
  const theirs = one.querySelector("[data-theirs]").dataset.value;
  if (!field || choice === "mine") return;
  const text = field.tagName === "TEXTAREA";
  field.value = choice === "join" && text && field.value.trim() ? `${theirs}\n\n${field.value}` : theirs;
}
