"use strict";
// The form of complaints: saved while somebody types, kept in the browser while the network is away. Works without it.

const SAVE_AFTER = 1000; // milliseconds without typing
const KEPT_FOR = 3000; // what was saved stays in the browser's memory for a moment
const RETRY_AFTER = [2000, 4000, 8000, 15000]; // then every 15 s

const wait = (milliseconds) => new Promise((resolve) => { window.setTimeout(resolve, milliseconds); });

// Resolves after a while, or as soon as the network is back.
const waitForNetwork = (milliseconds) => Promise.race([
  wait(milliseconds),
  new Promise((resolve) => { window.addEventListener("online", resolve, { once: true }); }),
]);

// Asks the server with the page's seal; a page that is too old gets a new one and asks again.
async function askServer(url, options = {}, again = true) {
  const field = document.querySelector("input[name=seal]");
  const headers = { ...options.headers, "X-Form-Seal": field.value };
  const response = await fetch(url, { ...options, headers, credentials: "same-origin" });
  if (response.status !== 409 || !again) return response;
  const { seal } = await response.json();
  document.querySelectorAll("input[name=seal]").forEach((one) => { one.value = seal; });
  return askServer(url, options, false);
}

// The browser's own memory may be full or forbidden; the server's draft holds without it.
const memory = {
  get(name) { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* goes without */ } },
  drop(name) { try { localStorage.removeItem(name); } catch { /* goes without */ } },
  clear() {
    try {
      Object.keys(localStorage).filter((name) => name.startsWith("complaint-")).forEach((name) => this.drop(name));
    } catch { /* goes without */ }
  },
};

function valueAsItCame(field) {
  if (field.tagName !== "SELECT") return field.defaultValue;
  return ([...field.options].find((option) => option.defaultSelected) || field.options[0]).value;
}

class Draft {
  constructor(form) {
    this.form = form;
    this.status = document.getElementById("saved");
    this.name = `complaint-${form.dataset.draft.slice(0, 8)}`;
    this.saved = this.read(true); // the browser may have put back what was typed before a reload
    this.timer = 0;
    this.failures = 0;
    this.saving = null;
    this.isLeaving = false;
    this.restore();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", (event) => {
      this.changed();
      if (event.target.name === "category") this.save();
    });
    form.addEventListener("submit", (event) => this.submit(event));
    window.addEventListener("online", () => this.save());
    window.addEventListener("pagehide", () => this.remember());
  }

  get fields() {
    const left = new Set(["seal", "key", "files", "do", "shown", "notice_read", "pick", "remove", ""]);
    return [...this.form.elements].filter((field) => !left.has(field.name) && field.tagName !== "BUTTON");
  }

  // Name → what stands there, or came with the page; boxes and dots as the list of those that are set.
  read(asItCame = false) {
    const values = {};
    for (const field of this.fields) {
      const isBox = field.type === "checkbox" || field.type === "radio";
      const isSet = asItCame ? field.defaultChecked : field.checked;
      if (isBox) values[field.name] = [...(values[field.name] || []), ...(isSet ? [field.value] : [])];
      else values[field.name] = asItCame ? valueAsItCame(field) : field.value;
    }
    return values;
  }

  write(values) {
    for (const field of this.fields) {
      if (!(field.name in values)) continue;
      const value = values[field.name];
      if (Array.isArray(value)) field.checked = value.includes(field.value);
      else field.value = value;
    }
  }

  // What is here and not yet on the server.
  get unsaved() {
    const now = this.read();
    const names = Object.keys(now).filter((name) => JSON.stringify(now[name]) !== JSON.stringify(this.saved[name]));
    return Object.fromEntries(names.map((name) => [name, now[name]]));
  }

  remember() {
    const unsaved = this.unsaved;
    if (Object.keys(unsaved).length) memory.set(this.name, unsaved);
  }

  forget() {
    if (!Object.keys(this.unsaved).length) memory.drop(this.name);
  }

  restore() {
    const kept = memory.get(this.name);
    if (!kept || typeof kept !== "object") return;
    this.write(kept);
    if (Object.keys(this.unsaved).length) this.save();
    else memory.drop(this.name);
  }

  changed() {
    this.remember();
    this.forget(); // what was typed and taken back
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), SAVE_AFTER);
  }

  tell(text, isBad = false) {
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.classList.toggle("saved_bad", isBad);
  }

  // True when everything that is here is on the server too.
  async save() {
    window.clearTimeout(this.timer);
    if (this.saving) {
      await this.saving;
      return Object.keys(this.unsaved).length ? this.save() : true;
    }
    const changes = this.unsaved;
    if (!Object.keys(changes).length) return true;
    this.saving = this.send(changes);
    const isSaved = await this.saving;
    this.saving = null;
    if (!isSaved && !this.isLeaving) {
      const pause = RETRY_AFTER[Math.min(this.failures, RETRY_AFTER.length) - 1];
      this.timer = window.setTimeout(() => this.save(), pause);
    }
    return isSaved;
  }

  async send(changes) {
    this.tell("正在保存…");
    try {
      const response = await askServer(this.form.dataset.save, {
        method: "POST", body: this.encode(changes), headers: { "X-Draft": this.form.dataset.draft },
      });
      if (!response.ok) throw new Error(String(response.status));
      const answer = await response.json();
      if (answer.done) { this.leave(answer.done); return true; }
      Object.assign(this.saved, changes);
      this.failures = 0;
      // Not at once: a page that is loaded at this moment may have been drawn before this was saved.
      window.setTimeout(() => this.forget(), KEPT_FOR);
      this.showDoor(answer);
      const now = new Date();
      this.tell(`已保存 ${now.getHours()}:${String(now.getMinutes()).padStart(2, "0")}`);
      return true;
    } catch {
      this.failures += 1;
      this.tell("现在连不上网，内容先留在这部设备里，连上后自动保存。", true);
      return false;
    }
  }

  encode(changes) {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(changes)) {
      if (!Array.isArray(value)) { body.append(name, value); continue; }
      body.append("shown", name);
      value.forEach((one) => body.append(name, one));
    }
    return body;
  }

  showDoor({ door, paste }) {
    const card = document.getElementById("door");
    card.hidden = !door;
    if (!door) return;
    document.getElementById("door-name").textContent = door.name;
    document.getElementById("door-how").textContent = door.how;
    document.getElementById("door-basis").textContent = door.basis;
    document.getElementById("door-paste").textContent = paste;
  }

  leave(address) {
    this.isLeaving = true;
    memory.drop(this.name);
    location.assign(address);
  }

  // First everything to the server, then on: a page that cannot be reached loses nothing.
  async submit(event) {
    event.preventDefault();
    if (this.isLeaving) return;
    const button = event.submitter;
    this.form.classList.add("is-busy");
    const areFilesHere = await (window.uploader?.settle() ?? true);
    const isSaved = areFilesHere && await this.save();
    this.form.classList.remove("is-busy");
    if (!isSaved || this.isLeaving) {
      if (!areFilesHere) this.tell("有文件还没有传上来，请等它传完，或者删去它。", true);
      this.status.scrollIntoView({ block: "center" });
      return;
    }
    this.isLeaving = true;
    const wanted = document.createElement("input");
    wanted.type = "hidden";
    wanted.name = button?.name || "do";
    wanted.value = button?.value || "check";
    this.form.append(wanted);
    this.form.submit();
  }
}

class FirmSuggestions extends Suggestions {
  constructor(box, draft) {
    super(box);
    this.draft = draft;
    this.id = box.querySelector("input[name=enterprise_id]");
    this.picked = document.getElementById("picked");
    this.input.addEventListener("input", () => { this.id.value = ""; this.picked.hidden = true; });
  }

  open(option) {
    this.input.value = option.firstChild.textContent;
    this.id.value = option.dataset.id;
    this.picked.querySelector("span").textContent = "已对应到登记的企业";
    this.picked.hidden = false;
    this.close();
    this.draft.save();
  }
}

// What only reports ask, and what the anonymous are not asked.
function setUpKinds(form) {
  const show = () => {
    const isReport = form.querySelector("input[name=kind][value=report]").checked;
    const isAnonymous = isReport && form.elements.is_anonymous.checked;
    form.querySelectorAll("[data-for=report]").forEach((part) => { part.hidden = !isReport; });
    form.querySelectorAll("[data-person]").forEach((part) => { part.hidden = isAnonymous; });
  };
  form.addEventListener("change", show);
  show();
}

// What was put right is not called wrong any longer; whether it is right is asked again at the end.
function setUpFaults(form) {
  form.addEventListener("input", ({ target }) => {
    const words = document.getElementById(`${target.name}-fault`);
    if (!words) return;
    words.hidden = true;
    target.removeAttribute("aria-invalid");
    target.closest(".field")?.classList.remove("field_wrong");
    document.querySelector(`.faults a[href="#${target.name}"]`)?.closest("li").remove();
    if (!document.querySelector(".faults li")) document.getElementById("faults")?.remove();
    else document.getElementById("faults-count").textContent = document.querySelectorAll(".faults li").length;
  });
}

// A second press does nothing while the first is on its way; coming back by the back button it works again.
function setUpOnce() {
  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
      form.classList.add("is-busy");
    });
    window.addEventListener("pageshow", () => { delete form.dataset.sent; form.classList.remove("is-busy"); });
  }
}

// Longer texts on the page of a case stay in the browser until they were taken.
function setUpNets() {
  const done = new URLSearchParams(location.search).get("done");
  for (const form of document.querySelectorAll("form[data-net]")) {
    const name = `complaint-net-${form.dataset.net}`;
    const field = form.querySelector("textarea");
    if (done && form.dataset.net.startsWith(done)) memory.drop(name);
    if (!field.value) field.value = memory.get(name) || "";
    field.addEventListener("input", () => memory.set(name, field.value));
  }
}

function setUpCopyingFrom() {
  for (const button of document.querySelectorAll("[data-copy-from]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const copied = await copy(document.getElementById(button.dataset.copyFrom).textContent);
      say(copied ? "已复制" : "请长按文字复制");
      button.querySelector("span").textContent = copied ? "已复制" : "请长按文字复制";
    });
  }
}

document.querySelectorAll(".without-script").forEach((one) => { one.hidden = true; });
setUpOnce();
setUpNets();
setUpCopyingFrom();
if (document.querySelector("[data-kept]")) memory.clear(); // the server has it all
for (const form of document.querySelectorAll("form.complaint")) {
  window.draft = new Draft(form);
  form.querySelectorAll("[data-firm]").forEach((box) => new FirmSuggestions(box, window.draft));
  setUpKinds(form);
  setUpFaults(form);
}
document.getElementById("faults")?.focus();
