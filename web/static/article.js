"use strict";
// The editor: buttons that put in marks, saving while one types, and nothing lost. The page works without it.

const form = document.querySelector("form[data-article]");
const saved = document.querySelector("[data-saved]");
const version = form.elements.version;
const KEY = `article ${document.body.dataset.who} ${form.dataset.article}`;
const WAIT = 2500;
let timer = 0;
let isSending = false;
let isDirty = false;

// The article itself; pictures and firms go with their own buttons.
const KEPT = ["title", "column", "type", "body", "digest", "author", "source", "campaign", "bears_theme", "bears_logo"];
function fields() { return [...form.elements].filter((one) => KEPT.includes(one.name)); }
const spaced = (text) => String(text).replace(/\s+/g, " ").trim();
const same = (a, b) => a.length === b.length && a.every(([name, value], at) => b[at][0] === name && spaced(b[at][1]) === spaced(value));
function typed() { return fields().map((one) => [one.name, one.type === "checkbox" ? one.checked : one.value]); }

function tell(words, isWrong = false) {
  saved.textContent = words;
  saved.classList.toggle("saved_wrong", isWrong);
}

function keep() { localStorage.setItem(KEY, JSON.stringify({ version: version.value, typed: typed() })); }
function forget() { localStorage.removeItem(KEY); }

function fill(kept) {
  const values = new Map(kept);
  for (const one of fields()) {
    if (!values.has(one.name)) continue;
    if (one.type === "checkbox") one.checked = values.get(one.name);
    else one.value = values.get(one.name);
  }
  document.querySelectorAll("[data-most]").forEach(count);
}

async function send() {
  if (!form.dataset.autosave || isSending || !isDirty) return;
  isSending = true;
  isDirty = false;
  const body = new URLSearchParams(new FormData(form));
  body.delete("picture");
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { "X-Form-Seal": document.body.dataset.seal } });
    if (answer.redirected || !answer.headers.get("Content-Type")?.includes("json")) throw new Error("not saved");
    const said = await answer.json();
    if (said.fault) {
      tell(said.fault, true);
    } else {
      version.value = said.version;
      if (!isDirty) forget();
      const now = new Date();
      tell(`已自动保存 ${now.getHours()}:${String(now.getMinutes()).padStart(2, "0")}`);
    }
  } catch {
    isDirty = true;
    tell("现在连不上，内容先留在这台电脑上，连上后自动保存", true);
    timer = window.setTimeout(send, 10 * WAIT);
  }
  isSending = false;
}

function change() {
  isDirty = true;
  keep();
  window.clearTimeout(timer);
  timer = window.setTimeout(send, WAIT);
}

function count(field) {
  const most = Number(field.dataset.most);
  let note = field.parentElement.querySelector(".count");
  if (!note) {
    note = document.createElement("span");
    note.className = "count";
    field.after(note);
  }
  const length = [...field.value].length;
  note.textContent = length > most ? `${length} 个字，多了 ${length - most} 个` : `${length} / ${most}`;
  note.classList.toggle("count_over", length > most);
}

function put(field, words, from, to, caret) {
  field.setRangeText(words, from, to, "end");
  if (caret !== undefined) field.setSelectionRange(caret, caret);
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function setUpTools(tools) {
  const field = document.getElementById(tools.dataset.tools);
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const [start, end] = [field.selectionStart, field.selectionEnd];
    const chosen = field.value.slice(start, end);
    if (button.dataset.mark) {
      const line = field.value.lastIndexOf("\n", start - 1) + 1;
      put(field, button.dataset.mark, line, line);
    } else if (button.dataset.around) {
      put(field, `${button.dataset.around}${chosen || "重点"}${button.dataset.around}`, start, end);
    } else if (button.dataset.line) {
      put(field, `\n\n${button.dataset.line}\n\n`, end, end);
    } else {
      put(field, `[${chosen || "这里写文字"}](https://)`, start, end, start + (chosen || "这里写文字").length + 11);
    }
  });
}

function offerKept() {
  const kept = JSON.parse(localStorage.getItem(KEY) || "null");
  if (!kept) return;
  if (same(kept.typed, typed())) { forget(); return; }
  if (kept.version === version.value && !document.querySelector(".wrong")) {
    fill(kept.typed);
    tell("已恢复上次没有保存的内容");
    change();
    return;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tool";
  button.textContent = "放回我没有保存的内容";
  button.addEventListener("click", () => { fill(kept.typed); button.remove(); change(); });
  tell("文章在别处改过。");
  saved.append(button);
}

document.querySelectorAll("[data-tools]").forEach(setUpTools);
for (const field of document.querySelectorAll("[data-most]")) {
  count(field);
  field.addEventListener("input", () => count(field));
}
offerKept();
form.addEventListener("input", change);
form.addEventListener("submit", () => { window.clearTimeout(timer); keep(); sessionStorage.setItem("article sent", KEY); });
