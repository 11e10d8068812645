// Long lists: mark a whole page, say how many are marked; cards of a board dragged from lane to lane.
// Each of it can be done without: boxes one by one, and "Move to…" on every card.

function watchMarks(root) {
  const boxes = [...root.querySelectorAll("input[name=marked]")];
  const all = root.querySelector("[data-mark-all]");
  const count = root.querySelector("[data-marked]");
  if (!boxes.length) return;
  const show = () => {
    const marked = boxes.filter((box) => box.checked);
    for (const box of boxes) box.closest("tr")?.classList.toggle("on", box.checked);
    if (count) {
      count.hidden = !marked.length;
      count.textContent = marked.length;
    }
    if (all) {
      all.checked = marked.length === boxes.length;
      all.indeterminate = marked.length > 0 && !all.checked;
    }
  };
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      show();
    });
  }
  root.addEventListener("change", (event) => event.target.name === "marked" && show());
  show();
}

// A card that is let go over a lane sends its own "Move to…" form: one way of moving, two ways to press it.
function watchBoard(board) {
  let held = null;
  for (const card of board.querySelectorAll(".card-f")) {
    if (!card.querySelector("form[data-move]")) continue;
    card.draggable = true;
    card.addEventListener("dragstart", (event) => {
      held = card;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
      card.classList.add("held");
    });
    card.addEventListener("dragend", () => {
      held = null;
      card.classList.remove("held");
    });
  }
  for (const lane of board.querySelectorAll("[data-lane]")) {
    lane.addEventListener("dragover", (event) => {
      if (!held || lane.contains(held)) return;
      event.preventDefault();
      lane.classList.add("over");
    });
    lane.addEventListener("dragleave", (event) => {
      if (!lane.contains(event.relatedTarget)) lane.classList.remove("over");
    });
    lane.addEventListener("drop", (event) => {
      event.preventDefault();
      lane.classList.remove("over");
      const form = held?.querySelector("form[data-move]");
      if (!form) return;
      form.elements.status.value = lane.dataset.lane;
      form.requestSubmit();
    });
  }
}

export function watchLists(root) {
  watchMarks(root);
  for (const board of root.querySelectorAll(".board")) watchBoard(board);
}
