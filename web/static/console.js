"use strict";
// Showing a password, keeping what was typed, and the end of a session announced. All pages work without it.

const body = document.body;
const DRAFT = "draft ";

function setUpPasswords() {
  for (const button of document.querySelectorAll("[data-show]")) {
    const field = document.getElementById(button.dataset.show);
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      button.firstChild.textContent = shown ? "隐藏" : "显示";
    });
  }
}

function setUpLetters() {
  const form = document.querySelector(".letters");
  const button = form.querySelector("button");
  form.addEventListener("submit", (event) => {
    event.preventDefault(); // without a reload nothing that was typed is lost
    const large = button.value === "large";
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `size=${button.value}; path=/; max-age=31536000; samesite=lax${secure}`;
    if (large) document.documentElement.dataset.size = "large";
    else delete document.documentElement.dataset.size;
    button.value = large ? "normal" : "large";
    button.textContent = large ? "标准字" : "大字";
  });
}

function setUpPrinting() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

function setUpOneKey() {
  const link = document.querySelector("[data-help]");
  const box = document.querySelector("[data-one-key]");
  const isOff = () => localStorage.getItem("one-key") === "off";
  if (box) {
    box.checked = !isOff();
    box.addEventListener("change", () => localStorage.setItem("one-key", box.checked ? "on" : "off"));
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "?" || isOff() || event.target.closest("input, textarea, select, [contenteditable]")) return;
    link.click();
  });
}

// What was typed into a form that asks for it is kept in this tab until the form is sent and accepted.
class Draft {
  constructor(form) {
    this.form = form;
    this.key = `${DRAFT}${body.dataset.who} ${location.pathname}`;
    const isAnswer = Boolean(document.querySelector(".wrong, .field__error"));
    if (!isAnswer) this.restore();
    form.addEventListener("input", () => this.save());
    form.addEventListener("submit", () => sessionStorage.setItem("sent", this.key));
  }

  get fields() { return [...this.form.elements].filter((one) => one.name && one.name !== "seal" && !["password", "file"].includes(one.type)); }

  save() {
    const kept = this.fields.map((one) => [one.name, one.type === "checkbox" ? one.checked : one.value]);
    sessionStorage.setItem(this.key, JSON.stringify(kept));
  }

  restore() {
    const kept = JSON.parse(sessionStorage.getItem(this.key) || "[]");
    this.fields.forEach((one, at) => {
      if (!kept[at] || kept[at][0] !== one.name) return;
      if (one.type === "checkbox") one.checked = kept[at][1];
      else one.value = kept[at][1];
    });
  }
}

function setUpDrafts() {
  const sent = sessionStorage.getItem("sent");
  sessionStorage.removeItem("sent");
  // The page that follows without complaint has taken it; the sign-in page has not.
  if (sent && body.dataset.who && !document.querySelector(".wrong, .field__error, .fault")) sessionStorage.removeItem(sent);
  document.querySelectorAll("form[data-keep]").forEach((form) => new Draft(form));
}

// The server ends a session that is not used. Typing is use, though nothing is sent: so say so, now and then.
class Watch {
  constructor() {
    this.idle = Number(body.dataset.idle) * 1000;
    this.warning = Math.min(120_000, this.idle / 2);
    this.key = `told ${body.dataset.who}`; // one session, many tabs
    this.used = this.told = Date.now();
    localStorage.setItem(this.key, this.told);
    this.dialog = document.getElementById("idle");
    this.left = document.getElementById("idle-left");
    for (const kind of ["keydown", "pointerdown", "input"]) {
      document.addEventListener(kind, () => { if (!this.dialog.open) this.used = Date.now(); }, { passive: true });
    }
    document.getElementById("idle-stay").addEventListener("click", () => this.stay());
    this.dialog.addEventListener("cancel", () => this.stay());
    this.timer = window.setInterval(() => this.look(), 1000);
  }

  look() {
    const now = Date.now();
    if (this.used > this.told && now - this.told > 60_000) this.tell();
    this.told = Math.max(this.told, Number(localStorage.getItem(this.key)));
    const left = this.told + this.idle - now;
    if (left <= 0) {
      window.clearInterval(this.timer);
      location.assign(`${body.dataset.login}?expired=1&next=${encodeURIComponent(location.pathname + location.search)}`);
      return;
    }
    if (left > this.warning) { if (this.dialog.open) this.dialog.close(); return; }
    this.left.textContent = left > 60_000 ? `${Math.ceil(left / 60_000)} 分钟` : `${Math.ceil(left / 1000)} 秒`;
    if (!this.dialog.open) this.dialog.showModal();
  }

  stay() {
    this.dialog.close();
    this.used = Date.now();
    this.tell();
  }

  async tell() {
    const before = this.told;
    this.told = Date.now();
    try {
      await fetch(body.dataset.alive, { method: "POST", headers: { "X-Form-Seal": body.dataset.seal } });
      localStorage.setItem(this.key, this.told);
    } catch {
      this.told = before; // no network: try again
    }
  }
}

setUpPasswords();
setUpLetters();
setUpPrinting();
setUpOneKey();
setUpDrafts();
if (body.dataset.who) new Watch();
const wrong = document.getElementById("wrong") || document.querySelector("[aria-invalid=true]");
if (wrong) wrong.focus();
