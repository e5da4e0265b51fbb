"use strict";
// Files in pieces, one file at a time: each piece is acknowledged, and after a lost connection the next one follows.

const PIECE = 256 * 1024;
const FILE_STATES = {
  waiting: "等待上传", offline: "网络断了，连上后接着传", checking: "正在检查文件", done: "已收到",
};

class Uploader {
  constructor(box) {
    this.box = box;
    this.list = box.querySelector(".files");
    this.input = box.querySelector("input[type=file]");
    box.classList.add("uploader_script");
    this.queue = Promise.resolve();
    this.open = 0;
    this.headers = box.dataset.case ? { "X-Case": box.dataset.case } : { "X-Draft": box.dataset.draft };
    this.input.addEventListener("change", () => {
      [...this.input.files].forEach((file) => this.add(file));
      this.input.value = ""; // they are sent here, not with the form
    });
    this.list.addEventListener("click", (event) => this.press(event));
    window.addEventListener("beforeunload", (event) => { if (this.open) event.preventDefault(); });
  }

  // Waits for files on their way; false when one does not come on.
  async settle() {
    if (!this.open) return true;
    await Promise.race([this.queue, wait(20000)]);
    return !this.open;
  }

  add(file) {
    const row = this.makeRow(file);
    this.list.append(row.item);
    if (file.size > Number(this.box.dataset.limit) * 1024 * 1024) {
      this.refuse(row, `这个文件超过 ${this.box.dataset.limit} MB，请压缩或截取后再选。`);
      return;
    }
    this.open += 1;
    this.queue = this.queue.then(() => this.send(file, row)).finally(() => { this.open -= 1; });
  }

  makeRow(file) {
    const make = (tag, className, text = "") => {
      const element = document.createElement(tag);
      element.className = className;
      element.textContent = text;
      return element;
    };
    const item = make("li", "file");
    const words = make("span", "file__name", file.name);
    const state = make("span", "file__size", FILE_STATES.waiting);
    const bar = make("progress", "file__bar");
    bar.max = file.size;
    bar.value = 0;
    bar.setAttribute("aria-label", `${file.name}上传进度`);
    const stop = make("button", "file__remove", "取消");
    stop.type = "button";
    words.append(state, bar);
    item.append(make("span", "file__picture", ""), words, stop);
    const row = { item, words, state, bar, stop, isStopped: false };
    stop.addEventListener("click", () => { row.isStopped = true; item.remove(); });
    return row;
  }

  // The same file chosen again, after a reload for example, goes on where it was.
  nameOf(file) {
    return `complaint-file-${(this.box.dataset.case || this.box.dataset.draft).slice(-8)}-${file.name}-${file.size}-${file.lastModified}`;
  }

  async send(file, row) {
    for (let failures = 0; !row.isStopped;) {
      try {
        const shown = await this.go(file, row);
        if (shown) this.show(shown, row);
        memory.drop(this.nameOf(file));
        return;
      } catch (error) {
        if (error.words) {
          memory.drop(this.nameOf(file));
          if (error.kind === "upload_gone" && !row.wasBegunAnew) { row.wasBegunAnew = true; continue; }
          this.refuse(row, error.words);
          return;
        }
        row.state.textContent = FILE_STATES.offline;
        await waitForNetwork(RETRY_AFTER[Math.min(failures, RETRY_AFTER.length - 1)]);
        failures += 1;
      }
    }
  }

  // From wherever the server is to the end; throws when the connection is lost.
  async go(file, row) {
    const name = this.nameOf(file);
    let token = memory.get(name);
    let offset = 0;
    if (token) {
      ({ offset } = await this.ask("/offset", { headers: { "X-Upload": token } }));
    } else {
      const body = JSON.stringify({ size: file.size, title: file.name });
      ({ token } = await this.ask("", { method: "POST", body, headers: { "Content-Type": "application/json" } }));
      memory.set(name, token);
    }
    while (offset < file.size && !row.isStopped) {
      this.progress(row, offset, file.size);
      const headers = { "X-Upload": token, "X-Offset": String(offset) };
      const body = file.slice(offset, offset + PIECE);
      ({ offset } = await this.ask("/piece", { method: "PUT", body, headers }, ["out_of_step"]));
    }
    if (row.isStopped) return null;
    row.bar.value = file.size;
    row.state.textContent = FILE_STATES.checking;
    return this.ask("/finish", { method: "POST", headers: { "X-Upload": token } });
  }

  progress(row, offset, size) {
    row.bar.value = offset;
    row.state.textContent = `已传 ${Math.floor((offset / size) * 100)}%`;
  }

  async ask(path, options = {}, taken = []) {
    const headers = { ...this.headers, ...options.headers };
    const response = await askServer(this.box.dataset.uploads + path, { ...options, headers });
    const isJson = (response.headers.get("Content-Type") || "").includes("json");
    const answer = isJson ? await response.json() : {};
    if (response.ok || taken.includes(answer.error)) return answer;
    if (response.status >= 500 || answer.error === "busy") throw new Error("try again");
    throw Object.assign(new Error("refused"), {
      kind: answer.error, words: answer.words || "这个文件没有收下，请刷新页面后再选一次。",
    });
  }

  show(shown, row) {
    row.bar.remove();
    row.state.textContent = `${shown.kind} · ${FILE_STATES.done}`;
    if (shown.view_mime.startsWith("audio/")) {
      const sound = document.createElement("audio");
      Object.assign(sound, { className: "file__sound", src: shown.view, controls: true, preload: "none" });
      sound.setAttribute("aria-label", `听${shown.name}`);
      row.item.append(sound);
    } else if (shown.view) {
      const picture = document.createElement("img");
      Object.assign(picture, { src: shown.view, alt: shown.name, width: 64, height: 64 });
      row.item.querySelector(".file__picture").append(picture);
    }
    row.stop.remove();
    if (this.box.dataset.canRemove) {
      const remove = document.createElement("button");
      Object.assign(remove, { className: "file__remove", textContent: "删除", name: "remove", value: shown.evidence_id });
      remove.setAttribute("aria-label", `删除${shown.name}`);
      row.item.append(remove);
    } else {
      const mark = document.createElement("input");
      Object.assign(mark, { type: "hidden", name: "has_files", value: "yes" });
      row.item.append(mark);
    }
    say(`${shown.name}已收到`);
  }

  refuse(row, words) {
    row.bar.remove();
    row.state.textContent = words;
    row.state.classList.add("file__refused");
    row.stop.textContent = "知道了";
    say(words);
  }

  async press(event) {
    const button = event.target.closest("button[name=remove]");
    if (!button) return;
    event.preventDefault();
    try {
      const body = new URLSearchParams({ evidence_id: button.value });
      const address = this.box.dataset.uploads.replace(/uploads$/, "evidence/remove");
      const response = await askServer(address, { method: "POST", body, headers: this.headers });
      if (response.ok) button.closest("li").remove();
    } catch {
      say("现在连不上网，请稍后再删。");
    }
  }
}

for (const box of document.querySelectorAll(".uploader")) window.uploader = new Uploader(box);
