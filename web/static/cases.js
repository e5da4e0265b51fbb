"use strict";
// Keys of the work list, ticking all, texts put into forms. All pages work without it.

const isTyping = (one) => Boolean(one.closest("input, textarea, select, [contenteditable]"));
const areKeysOff = () => localStorage.getItem("one-key") === "off";
let at = -1;

function rows() { return [...document.querySelectorAll("[data-row]")]; }

function walk(step) {
  const all = rows();
  if (!all.length) return;
  all.forEach((row) => row.classList.remove("is-here"));
  at = Math.min(Math.max(at + step, 0), all.length - 1);
  all[at].classList.add("is-here");
  all[at].querySelector("a").focus();
}

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  x: () => { const box = rows()[at]?.querySelector("input[type=checkbox]"); if (box) box.click(); },
  "/": () => document.querySelector("[data-find]")?.focus(),
  n: () => document.querySelector("[data-more], [data-next]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || areKeysOff() || isTyping(event.target)) return;
  const work = KEYS[event.key];
  if (!work) return;
  event.preventDefault();
  work();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-all]")) return;
  for (const box of document.querySelectorAll("[data-row] input[type=checkbox]")) box.checked = event.target.checked;
});

function put(field, words, replaces) {
  const [from, to] = replaces ? [0, field.value.length] : [field.selectionStart, field.selectionEnd];
  field.setRangeText(words, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  put(document.getElementById(button.parentElement.dataset.replies), button.dataset.fill, "replace" in button.dataset);
  if (button.dataset.also) put(document.getElementById(button.dataset.also), button.dataset.alsoFill, true);
});

// Names of the register while a firm is typed; without an answer one types on.
function setUpSuggestions(place) {
  const field = place.querySelector("input"), list = place.querySelector("datalist");
  let timer = 0;
  field.setAttribute("list", list.id);
  field.addEventListener("input", () => {
    window.clearTimeout(timer);
    const typed = field.value.trim();
    if (typed.length < 2) return;
    timer = window.setTimeout(async () => {
      try {
        const answer = await fetch(`${place.dataset.suggest}?q=${encodeURIComponent(typed)}`);
        const names = (await answer.json()).suggestions.map((one) => one.name);
        list.replaceChildren(...names.map((name) => new Option(name, name)));
      } catch { /* no network: nothing is offered */ }
    }, 250);
  });
}

document.querySelectorAll("[data-suggest]").forEach(setUpSuggestions);
document.addEventListener("htmx:afterSwap", () => { at = -1; });
for (const button of document.querySelectorAll("[data-scriptless]")) button.hidden = true;
