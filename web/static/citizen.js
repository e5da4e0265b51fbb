"use strict";
// Suggestions while typing, the letter switch without reload, copy and print. All pages work without it.

const live = document.getElementById("live");

function say(text) {
  live.textContent = "";
  window.setTimeout(() => { live.textContent = text; }, 50);
}

function setUpLetters() {
  const form = document.querySelector(".letters");
  const button = form.querySelector("button");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const large = button.value === "large";
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `size=${button.value}; path=/; max-age=31536000; samesite=lax${secure}`;
    if (large) document.documentElement.dataset.size = "large";
    else delete document.documentElement.dataset.size;
    button.value = large ? "normal" : "large";
    button.textContent = large ? "标准版" : "大字版";
    say(large ? "已换成大字版" : "已换成标准版");
  });
}

function setUpCopying() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard && !document.queryCommandSupported("copy")) continue;
    button.hidden = false;
    const label = button.querySelector("span");
    const word = label.textContent;
    button.addEventListener("click", async () => {
      const copied = await copy(button.dataset.copy);
      label.textContent = copied ? "已复制" : "请长按代码复制";
      say(label.textContent);
      window.setTimeout(() => { label.textContent = word; }, 2500);
    });
  }
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages without https have no clipboard; the old way still works there.
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "unseen";
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}

function setUpPrinting() {
  const button = document.querySelector("[data-print]");
  // WeChat's browser has no printer.
  if (!button || /MicroMessenger/i.test(navigator.userAgent)) return;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

class Suggestions {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[type=search]");
    this.list = document.createElement("ul");
    this.list.className = "suggest";
    this.list.id = `${this.input.id}-list`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "可能的企业");
    this.list.hidden = true;
    this.input.parentElement.append(this.list);
    this.chosen = -1;
    this.timer = 0;
    this.asked = "";
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.setAttribute("aria-expanded", "false");
    this.input.addEventListener("input", (event) => { if (!event.isComposing) this.later(); });
    this.input.addEventListener("compositionend", () => this.later());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => window.setTimeout(() => this.close(), 150));
    // Keep the focus in the field, so that the tap is not lost to its blur.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.open(option);
    });
  }

  get options() { return [...this.list.children]; }

  later() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.ask(), 180);
  }

  async ask() {
    const text = this.input.value.trim();
    this.asked = text;
    if (text.length < 2) { this.close(); return; }
    try {
      const response = await fetch(`${this.form.dataset.suggest}?q=${encodeURIComponent(text.slice(0, 100))}`);
      const answer = response.ok ? await response.json() : { suggestions: [] };
      if (text === this.asked && document.activeElement === this.input) this.show(answer.suggestions);
    } catch {
      this.close(); // No network: the button still works.
    }
  }

  show(suggestions) {
    this.choose(-1);
    this.list.replaceChildren(...suggestions.map((one, index) => this.makeOption(one, index)));
    if (!suggestions.length) { this.close(); return; }
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    say(`有 ${suggestions.length} 个可能的企业，用上下方向键选择`);
  }

  makeOption(one, index) {
    const option = document.createElement("li");
    option.className = "suggest__option";
    option.id = `${this.list.id}-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.id = one.id;
    const name = document.createElement("span");
    name.textContent = one.name;
    option.append(name);
    if (one.region) {
      const region = document.createElement("span");
      region.className = "suggest__region";
      region.textContent = one.region;
      option.append(region);
    }
    return option;
  }

  press(event) {
    if (event.isComposing || this.list.hidden) return;
    const last = this.options.length - 1;
    if (event.key === "ArrowDown") this.choose(this.chosen >= last ? 0 : this.chosen + 1);
    else if (event.key === "ArrowUp") this.choose(this.chosen <= 0 ? last : this.chosen - 1);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.chosen >= 0) this.open(this.options[this.chosen]);
    else return;
    event.preventDefault();
  }

  choose(index) {
    this.chosen = index;
    this.options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index < 0) { this.input.removeAttribute("aria-activedescendant"); return; }
    this.input.setAttribute("aria-activedescendant", this.options[index].id);
    this.options[index].scrollIntoView({ block: "nearest" });
  }

  open(option) {
    location.assign(this.form.dataset.open.replace(/0$/, option.dataset.id));
  }

  close() {
    window.clearTimeout(this.timer);
    this.asked = "";
    this.list.hidden = true;
    this.choose(-1);
    this.input.setAttribute("aria-expanded", "false");
  }
}

setUpLetters();
setUpCopying();
setUpPrinting();
document.querySelectorAll("form[data-suggest]").forEach((form) => new Suggestions(form));
