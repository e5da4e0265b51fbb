"use strict";
// Draws each chart from the table beside it: whoever sees no chart reads the same figures.

const RECEIVED = 1, ENDED = 4, KEPT = 6;
const MOST_BARS = 12;

function readTable(table) {
  return [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue(name).trim();
  return { brand: get("--brand"), second: get("--link"), text: get("--text"), soft: get("--text-soft"), line: get("--line") };
}

function describe(kind, rows) {
  const { brand, second, text, soft, line } = colours();
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const isMonth = kind === "month";
  const shown = isMonth ? rows : rows.slice(0, MOST_BARS).reverse();
  const names = { type: "category", data: shown.map((row) => row[0]), axisLabel: { color: text, fontSize: size, width: size * 11, overflow: "truncate" }, axisLine: { lineStyle: { color: soft } } };
  const counts = { type: "value", minInterval: 1, axisLabel: { color: soft, fontSize: size }, splitLine: { lineStyle: { color: line } } };
  const bar = (name, column, color) => ({ name, type: "bar", barMaxWidth: 26, itemStyle: { color }, label: { show: true, position: isMonth ? "top" : "right", color: text, fontSize: size }, data: shown.map((row) => Number(row[column])) });
  const series = [bar("收到", RECEIVED, brand), ...(kind === "score" ? [] : [bar("已结", ENDED, second)])];
  const share = { name: "按期率（%）", type: "line", yAxisIndex: 1, itemStyle: { color: text }, data: shown.map((row) => (row[KEPT] === "—" ? null : Number(row[KEPT]))) };
  const percent = { type: "value", min: 0, max: 100, axisLabel: { color: soft, fontSize: size, formatter: "{value}%" }, splitLine: { show: false } };
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 40, top: 28, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: isMonth ? names : counts,
    yAxis: isMonth ? [counts, percent] : names,
    series: isMonth ? [...series, share] : series,
  };
}

function draw() {
  for (const place of document.querySelectorAll("[data-chart]")) {
    const rows = readTable(document.getElementById(place.dataset.chart));
    place.hidden = place.nextElementSibling.hidden = false;
    const tall = place.dataset.kind === "month" ? 320 : 50 + Math.min(rows.length, MOST_BARS) * 62;
    const chart = window.echarts.getInstanceByDom(place) || window.echarts.init(place, null, { renderer: "canvas", height: tall });
    chart.setOption(describe(place.dataset.kind, rows), true);
    chart.resize({ height: tall });
  }
}

if (window.echarts) {
  draw();
  window.addEventListener("resize", draw);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
