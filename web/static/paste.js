"use strict";
// What is pasted from Word or a page becomes the marks of an article: bold, headings, lists, links; nothing else stays.
// Pictures are not taken: they need words and have to be brought to WeChat, so they go in by the upload below.

const HEADING = /^H[1-6]$/;
const TITLE = /mso(title|heading)/i;
const IN_LIST = /mso-list:\s*(?!ignore)/i;
const MARKER = /mso-list:\s*ignore/i;
const DROPPED = new Set(["SCRIPT", "STYLE", "HEAD", "TITLE", "META", "LINK", "TEMPLATE", "XML", "O:P", "NOSCRIPT"]);
const BREAKS = new Set(["P", "DIV", "UL", "OL", "LI", "TABLE", "TBODY", "THEAD", "TR", "BLOCKQUOTE", "SECTION", "ARTICLE", "FIGURE", "DL", "DT", "DD", "PRE", "HR"]);
const PICTURE = new Set(["IMG", "SVG", "V:IMAGEDATA", "PICTURE", "CANVAS", "OBJECT", "EMBED", "VIDEO"]);

const styleOf = (node) => node.getAttribute("style") || "";
// A line that Word broke between two Chinese characters was no space.
const WRAPPED = /([\u3000-\u9fff\uff00-\uffef]) (?=[[\u3000-\u9fff\uff00-\uffef])/g;
const squeeze = (words) => words.replace(/[\s\u00a0]+/g, " ");

function isBold(node) {
  const weight = /(?:^|[;\s])font-weight:\s*(bold|bolder|normal|\d+)/i.exec(styleOf(node));
  if (weight) return weight[1] !== "normal" && !(Number(weight[1]) < 600);
  return node.tagName === "B" || node.tagName === "STRONG";
}

function linkOf(node) {
  const address = node.tagName === "A" ? node.getAttribute("href") || "" : "";
  return /^https?:\/\/[^\s<>"'()\[\]]+$/.test(address) ? address : "";
}

/** The words inside a block, bold and links marked; nothing of its blocks. */
function words(node, found, bold = false) {
  if (node.nodeType === Node.TEXT_NODE) return mark(squeeze(node.data), bold);
  if (node.nodeType !== Node.ELEMENT_NODE || DROPPED.has(node.tagName) || MARKER.test(styleOf(node))) return "";
  if (PICTURE.has(node.tagName)) { found.pictures += 1; return ""; }
  if (node.tagName === "BR") return "\n";
  const address = linkOf(node);
  if (address) {
    const said = squeeze(node.textContent).replace(/[[\]]/g, "").trim();
    return said && said !== address ? `[${said.slice(0, 80)}](${address})` : address;
  }
  const inside = bold || isBold(node);
  return [...node.childNodes].map((child) => words(child, found, inside)).join("");
}

/** Bold around the words and not around their spaces; neighbours run together afterwards. */
function mark(text, bold) {
  if (!bold || !text.trim()) return text;
  const [, before, inner, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text);
  return `${before}**${inner}**${after}`;
}

function tidy(text) {
  return text.replace(/\*\*(\s*)\*\*/g, "$1").split("\n").map((line) => line.replace(/ {2,}/g, " ").replace(WRAPPED, "$1").trim()).filter(Boolean);
}

/** Word has no list tags: its first list items bear a style, and a marker that is a number or a dot. */
function markerOf(node) {
  const marker = [...node.querySelectorAll("[style]")].find((one) => MARKER.test(styleOf(one)));
  return marker && /[0-9０-９一二三四五六七八九十]/.test(marker.textContent) ? "1. " : "- ";
}

function startOf(node, list) {
  if (HEADING.test(node.tagName) || TITLE.test(node.className)) return "# ";
  if (node.tagName === "LI" || list) return list || "- ";
  if (IN_LIST.test(styleOf(node))) return markerOf(node);
  return node.closest("blockquote") ? "> " : "";
}

function hasBlocks(node) {
  return [...node.children].some((child) => BREAKS.has(child.tagName) || HEADING.test(child.tagName) || hasBlocks(child));
}

/** Blocks in their order; `list`: the mark of the list one is in. */
function walk(node, found, list = "") {
  if (DROPPED.has(node.tagName)) return;
  if (node.tagName === "HR") { add(found, "", ["---"]); return; }
  if (node.tagName === "TR") {
    found.rows += 1;
    add(found, "", [[...node.children].map((cell) => tidy(words(cell, found)).join("，")).filter(Boolean).join("　")]);
    return;
  }
  const inner = node.tagName === "OL" ? "1. " : node.tagName === "UL" ? "- " : list;
  let run = document.createElement(node.tagName === "LI" ? "li" : "p");
  const flush = () => {
    if (run.childNodes.length) add(found, startOf(node.tagName === "BODY" ? run : node, list), tidy(words(run, found, isBold(node))));
    run = run.cloneNode(false);
  };
  for (const child of [...node.childNodes]) {
    const isBlock = child.nodeType === Node.ELEMENT_NODE && (BREAKS.has(child.tagName) || HEADING.test(child.tagName) || hasBlocks(child));
    if (isBlock) { flush(); walk(child, found, inner); } else run.append(child.cloneNode(true));
  }
  flush();
}

function add(found, start, lines) {
  const kept = start === "# " ? [lines.join(" ").replaceAll("**", "")] : lines;
  if (!kept.join("").trim()) return;
  const isList = start === "- " || start === "1. ";
  const follows = isList && found.last === start;
  found.text += `${found.text ? (follows ? "\n" : "\n\n") : ""}${(isList ? [kept.join(" ")] : kept).map((line) => start + line).join("\n")}`;
  found.last = start;
}

/** Marks, how many pictures were left out, and how many rows of tables became lines. */
function readPasted(markup) {
  const found = { text: "", last: "", pictures: 0, rows: 0 };
  walk(new DOMParser().parseFromString(markup, "text/html").body, found);
  return found;
}

function tellPasted(field, found) {
  let note = field.parentElement.querySelector("[data-pasted]");
  if (!note) {
    note = document.createElement("p");
    note.className = "note note_warn";
    note.dataset.pasted = "";
    note.setAttribute("role", "status");
    field.after(note);
  }
  const said = [];
  if (found.pictures) said.push(`粘贴的内容里有 ${found.pictures} 张图片，没有放进来。请把图片另存为文件，在下面“图片”里上传，再点“放图”。`);
  if (found.rows) said.push("表格放进来成了一行一行的文字，请看看要不要改成列表或图片。");
  note.textContent = said.join("");
  note.hidden = !said.length;
}

function takePaste(event) {
  const field = event.currentTarget;
  const markup = event.clipboardData.getData("text/html");
  const files = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
  const hasWords = event.clipboardData.types.includes("text/plain");
  if (!markup && (!files.length || hasWords)) return;
  event.preventDefault();
  const found = markup ? readPasted(markup) : { text: "", pictures: files.length, rows: 0 };
  tellPasted(field, found);
  if (!found.text) return;
  const [start, end] = [field.selectionStart, field.selectionEnd];
  const isWhole = found.text.includes("\n") || /^(# |- |1\. |> )/.test(found.text);
  const before = isWhole && start > 0 && !field.value.slice(0, start).endsWith("\n") ? "\n\n" : "";
  field.setRangeText(before + found.text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.getElementById("body").addEventListener("paste", takePaste);
