// A form with data-autosave saves itself: on change and 600 ms after the last key. What could not be saved is kept here.
// Only what was changed here is sent; the form of an observation (data-autosave="whole") goes out whole.
// The server answers 200 {revision, saved, fields?}, 422 {sentence}, or 409 with a fragment that carries both texts.
import { showConflict } from "./conflict.js";
import { forget, keep, kept } from "./kept.js";

const PAUSE = 600; // ms after the last key
const RETRY = 10_000; // ms until a lost connection is tried again
const unsent = new Set();
let going = false; // the page is being left

const fieldsOf = (form) => [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "submit");
const held = (field) => field.closest("[data-hold]") !== null; // sent with the button only
const same = (one, other) => one.replace(/\r\n/g, "\n").trim() === other.replace(/\r\n/g, "\n").trim();

function valuesOf(form, wanted = () => true) {
  const values = {};
  for (const field of fieldsOf(form)) {
    if (!wanted(field)) continue;
    if (field.type !== "radio") values[field.name] = field.value;
    else if (field.checked) values[field.name] = field.value;
  }
  return values;
}

function put(form, name, value) {
  const field = form.elements[name];
  if (field) field.value = value; // a RadioNodeList takes a value as well
}

class Saving {
  constructor(form) {
    this.form = form;
    this.key = form.dataset.keep;
    this.whole = form.dataset.autosave === "whole";
    this.state = document.querySelector("[data-save-state]");
    this.stored = valuesOf(form);
    this.timer = null;
    this.sending = null;
    this.again = false;
    this.blocked = false; // a conflict waits for a choice
    this.leaving = false; // the button was pressed
    form.addEventListener("input", () => this.later(PAUSE));
    form.addEventListener("change", () => this.later(0));
    form.addEventListener("submit", (event) => this.leave(event));
    addEventListener("pageshow", () => { this.leaving = false; });
    addEventListener("online", () => unsent.has(this) && this.later(0));
    this.restore();
  }

  get revision() { return this.form.elements.revision; }

  say(kind, time = "") {
    if (!this.state) return;
    const words = this.state.dataset[kind].replace("{time}", time);
    this.state.className = `push saved ${{ kept: "off", held: "off", refused: "fail", conflict: "clash", saving: "wait" }[kind] ?? ""}`;
    if (this.state.textContent !== words) this.state.textContent = words; // a live region: it speaks when it changes
  }

  changed(wanted = () => true) {
    const now = valuesOf(this.form, wanted);
    return Object.keys(now).filter((name) => !same(now[name], this.stored[name] ?? ""));
  }

  later(pause) {
    const changed = this.changed();
    if (!changed.length) return this.clear();
    const values = valuesOf(this.form);
    const before = going ? kept(this.key)?.fields : {}; // see clear()
    keep(this.key, { ...before, ...Object.fromEntries(changed.map((name) => [name, values[name]])) }, this.revision?.value);
    unsent.add(this);
    clearTimeout(this.timer);
    if (!this.blocked && this.changed((field) => !held(field)).length) this.timer = setTimeout(() => this.send(), pause);
    else if (!this.blocked) this.say("held");
  }

  clear() {
    unsent.delete(this);
    clearTimeout(this.timer);
    if (!going) forget(this.key); // the next page may have been drawn before this saving arrived: it compares, then forgets
  }

  async send() {
    if (this.sending) { this.again = true; return; } // one request at a time, the newest wins
    const values = valuesOf(this.form, (field) => !held(field));
    if (values.rating === "not_applicable" && !values.reason?.trim()) return; // the reason comes first
    const body = new FormData();
    for (const hidden of this.form.querySelectorAll("input[type=hidden]")) body.set(hidden.name, hidden.value);
    const changed = this.whole ? Object.keys(values) : this.changed((field) => !held(field));
    const sent = Object.fromEntries(changed.map((name) => [name, values[name]]));
    for (const [name, value] of Object.entries(sent)) body.set(name, value);
    body.set("then", "stay");
    this.say("saving");
    this.sending = this.deliver(body, sent).finally(() => { this.sending = null; });
    await this.sending;
    if (this.again) { this.again = false; this.later(0); }
  }

  async deliver(body, values) {
    const request = { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" };
    try {
      await this.take(await fetch(this.form.action, request), values);
    } catch {
      this.say("kept");
      this.timer = setTimeout(() => this.send(), RETRY);
    }
  }

  async take(answer, values) {
    const json = answer.headers.get("Content-Type")?.includes("json");
    if (answer.status === 409 && !json) {
      this.blocked = true;
      const shown = showConflict(this.form, await answer.text(), (revision) => this.resolved(revision));
      this.say(shown ? "conflict" : "refused");
    } else if (answer.ok && json) {
      const { revision, saved, fields } = await answer.json();
      Object.assign(this.stored, values);
      const seen = this.takeOver(fields ?? {}, values);
      if (this.revision && revision && seen) this.revision.value = revision;
      this.say("saved", saved ?? new Date().toTimeString().slice(0, 5));
      if (this.changed().length) this.later(PAUSE);
      else this.clear();
    } else {
      this.say("refused");
      if (json) {
        const { sentence } = await answer.json().catch(() => ({}));
        if (sentence && this.state) this.state.textContent = `${this.state.dataset.refused}: ${sentence}`;
      }
    }
  }

  // What others saved meanwhile in fields that stand untouched here is shown. Where one of those is being typed in, the
  // older revision stays: the next saving is a conflict then, and nobody's words are written over unseen.
  takeOver(fields, sent) {
    let seen = true;
    for (const [name, value] of Object.entries(fields)) {
      const before = this.stored[name] ?? "";
      if (name in sent || !this.form.elements[name] || same(value, before)) continue;
      if (same(valuesOf(this.form)[name] ?? "", before)) {
        put(this.form, name, value);
        this.stored[name] = valuesOf(this.form)[name] ?? "";
      } else {
        seen = false;
      }
    }
    return seen;
  }

  resolved(revision) {
    this.blocked = false;
    if (this.revision) this.revision.value = revision;
    this.later(0);
  }

  // The button was pressed: the browser takes it from here. The kept text stays until the server shows that it has it.
  // A saving on its way arrives first, or the form would carry an old revision; a second press adds nothing twice.
  leave(event) {
    clearTimeout(this.timer);
    this.again = false;
    if (this.leaving) return event.preventDefault();
    this.leaving = true;
    if (!this.sending) return unsent.delete(this);
    event.preventDefault();
    return this.sending.then(() => {
      clearTimeout(this.timer);
      this.leaving = false;
      if (!this.blocked) this.form.requestSubmit(event.submitter);
    });
  }

  restore() {
    const mine = kept(this.key);
    if (!mine) return;
    const known = [...document.querySelectorAll("textarea")].filter((area) => !this.form.contains(area)).map((area) => area.defaultValue);
    const refused = document.getElementById("form-errors") !== null;
    let restored = false;
    for (const [name, value] of Object.entries(mine.fields)) {
      const already = same(value, this.stored[name] ?? "") || known.some((text) => value.trim() && same(value, text));
      if (already || refused) continue;
      put(this.form, name, value);
      restored = true;
    }
    if (!restored) return forget(this.key);
    if (this.revision && mine.revision) this.revision.value = mine.revision; // an older one makes a conflict, not an overwrite
    this.later(0);
  }
}

export function watchForms(root) {
  for (const form of root.querySelectorAll("form[data-autosave]")) {
    if (!form.querySelector("fieldset:disabled")) new Saving(form);
  }
  addEventListener("beforeunload", (event) => {
    going = true;
    setTimeout(() => { going = false; }, 5000); // the person stayed after all
    if (unsent.size) event.preventDefault();
  });
}
