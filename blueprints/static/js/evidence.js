// Files are dropped, pasted, photographed or chosen; each is sent by itself and shows how far it is. What could not be sent or was
// refused says why; nothing that is typed on the page is touched. Without this script the form sends all files at once.

function row(form, name) {
  const line = document.createElement("li");
  const bar = document.createElement("progress");
  const words = document.createElement("span");
  bar.className = "bar";
  bar.setAttribute("aria-label", name);
  words.textContent = `${name}: ${form.dataset.sending}`;
  line.append(words, bar);
  form.querySelector("[data-sent]").append(line);
  return { bar, say: (kind, text) => { line.className = kind; words.textContent = text; bar.remove(); } };
}

function send(form, file) {
  const shown = row(form, file.name);
  const body = new FormData(form);
  body.delete("files");
  body.append("files", file);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const unsent = () => { shown.say("bad", `${file.name}: ${form.dataset.unsent}`); done(false); };
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = ({ loaded, total }) => { shown.bar.max = total; shown.bar.value = loaded; };
    request.onerror = unsent;
    request.onload = () => {
      if (!request.getResponseHeader("Content-Type")?.includes("json")) return unsent(); // signed out, or too large for the door
      const { sentence, kept } = JSON.parse(request.responseText);
      shown.say(kept ? "done" : "bad", sentence);
      return done(kept);
    };
    request.send(body);
  });
}

async function sendAll(form, files) {
  let kept = false;
  for (const file of files) kept = (await send(form, file)) || kept;
  if (!kept) return;
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const fresh = page.querySelector("[data-evidence-list]");
  if (fresh) document.querySelector("[data-evidence-list]").replaceWith(fresh);
}

export function takeFiles(root) {
  const form = root.querySelector("form[data-drop]");
  if (!form) return;
  const take = (files) => files.length && sendAll(form, [...files]);
  for (const words of form.querySelectorAll("[data-with-script]")) words.hidden = false;
  form.addEventListener("change", ({ target }) => { if (target.type === "file") { take([...target.files]); target.value = ""; } });
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over"); });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => { event.preventDefault(); form.classList.remove("over"); take(event.dataTransfer.files); });
  root.addEventListener("paste", (event) => { if (event.clipboardData.files.length) { event.preventDefault(); take(event.clipboardData.files); } });
}
