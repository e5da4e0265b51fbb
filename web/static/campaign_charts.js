"use strict";
// Draws each chart from the table beside it: whoever sees no chart reads the same figures.

const MOST_BARS = 14;
const SHARE = "（%）"; // a column so named is a line against a second axis
const NOT_DRAWN = "群发送达"; // thousands beside tens; it stands in the table
const READS = "阅读"; // many as well: a line against an axis of its own, where the days stand side by side

function readFigures(table) {
  const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
  return { names, rows };
}

function toneOf(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function drawnOf(names, by) {
  const left = by === "name" ? [NOT_DRAWN, READS] : [NOT_DRAWN];
  return names.map((name, place) => [name, place]).slice(1).filter(([name]) => !left.includes(name));
}

function coloursOf() {
  return [toneOf("--brand"), toneOf("--link"), "#b7791f", "#8c5aa8", "#2b8a8a", "#a8231c", "#6b7280", "#4d7c0f", "#c05621", "#3b5bdb", "#86198f"];
}

function showKeys(place, names, by) {
  const keys = place.nextElementSibling, colours = coloursOf();
  keys.replaceChildren(...drawnOf(names, by).map(([name], at) => {
    const one = document.createElement("span"), key = document.createElement("span");
    key.className = "legend__key";
    key.style.background = colours[at % colours.length];
    one.append(key, name === READS ? `${name}（折线，看右边的数）` : name);
    return one;
  }));
  keys.hidden = false;
}

function describeFigures(by, wide, { names, rows }) {
  const text = toneOf("--text"), soft = toneOf("--text-soft"), line = toneOf("--line");
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const isUpright = by !== "name";
  const shown = isUpright ? rows : rows.slice(0, MOST_BARS).reverse();
  const labels = { type: "category", data: shown.map((row) => (by === "day" ? row[0].slice(5) : row[0])), axisLabel: { color: text, fontSize: size, width: isUpright ? size * 10 : wide * 0.4, overflow: isUpright ? "truncate" : "break" }, axisLine: { lineStyle: { color: soft } } };
  const counts = { type: "value", minInterval: 1, splitNumber: wide < 500 ? 3 : 5, axisLabel: { color: soft, fontSize: size, hideOverlap: true }, splitLine: { lineStyle: { color: line } } };
  const percent = { type: "value", min: 0, max: 100, axisLabel: { color: soft, fontSize: size, formatter: "{value}%" }, splitLine: { show: false } };
  const series = drawnOf(names, by).map(([name, place]) => {
    const data = shown.map((row) => (row[place] === "—" ? null : Number(row[place])));
    return name.endsWith(SHARE) || name === READS
      ? { name, type: "line", yAxisIndex: 1, symbolSize: 8, data }
      : { name, type: "bar", stack: "all", barMaxWidth: 26, data };
  });
  const reads = { ...counts, splitLine: { show: false } };
  const second = names.some((name) => name.endsWith(SHARE)) ? percent : series.some(({ name }) => name === READS) ? reads : null;
  return {
    animation: false,
    color: coloursOf(),
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 24, top: size, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: isUpright ? labels : counts,
    yAxis: isUpright ? (second ? [counts, second] : counts) : labels,
    series,
  };
}

function drawFigures() {
  for (const place of document.querySelectorAll("[data-figures]")) {
    const figures = readFigures(document.getElementById(place.dataset.figures));
    const by = ["day", "month"].includes(place.dataset.by) ? place.dataset.by : "name";
    const tall = by !== "name" ? 340 : 90 + Math.min(figures.rows.length, MOST_BARS) * 48;
    place.hidden = false;
    showKeys(place, figures.names, by);
    const chart = window.echarts.getInstanceByDom(place) || window.echarts.init(place, null, { renderer: "canvas", height: tall });
    chart.setOption(describeFigures(by, place.clientWidth, figures), true);
    chart.resize({ height: tall });
  }
}

if (window.echarts) {
  drawFigures();
  window.addEventListener("resize", drawFigures);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawFigures);
}
