// Charts as inline SVG. Each says in words what it shows, and each day of it can be asked by pointer and keyboard.

import { h, s } from "./dom.js";
import { dayName, longDayName, span } from "./times.js";

const DAY = 86_400_000;
const MARGIN = { left: 52, right: 10, top: 12, bottom: 22 };

/** Give every day from one date to another, those without figures as null. */
export function everyDay(days, from, to) {
  const byDay = new Map(days.map((it) => [it.d, it]));
  const all = [];
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= Date.parse(`${to}T00:00:00Z`); at += DAY) {
    const d = new Date(at).toISOString().slice(0, 10);
    all.push({ d, figures: byDay.get(d) ?? null });
  }
  return all;
}

const average = (day) => {
  const back = day.ontime_num + day.late_num;
  return back ? day.total_delivery_time / back : null;
};

/** The wiki's graph: shortest, average and longest delivery time a day, with percentiles and limits. */
export function timesChart(all, limits, width) {
  const height = 250;
  const back = all.filter(({ figures }) => figures && figures.max_delivery_time !== null);
  const top = Math.max(...back.map(({ figures }) => figures.max_delivery_time), 1);
  const scale = scaleOf(top, height);
  const x = across(all.length, width);
  const runs = together(all, ({ figures }) => figures && figures.max_delivery_time !== null);
  const bands = runs.map((run) => {
    const edge = run.length === 1 ? widened(run[0], x, all.length, width) : run.map((place) => [x(place), place]);
    const upper = edge.map(([at, place]) => `${at} ${scale.y(all[place].figures.max_delivery_time)}`);
    const lower = edge.map(([at, place]) => `${at} ${scale.y(all[place].figures.min_delivery_time)}`).reverse();
    return s("path", { class: "band", d: `M${[...upper, ...lower].join("L")}Z` });
  });
  const line = (name, of) => runs.map((run) => s("path", { class: name, d: `M${run.map((place) => `${x(place)} ${scale.y(of(all[place].figures))}`).join("L")}` }));
  const points = runs.filter((run) => run.length === 1).map(([place]) => s("circle", { class: "point", cx: x(place), cy: scale.y(average(all[place].figures)), r: 2.5 }));
  const lines = Object.entries(limits).filter(([, seconds]) => seconds && seconds <= scale.top).map(([name, seconds]) => [
    s("line", { class: "limit", x1: MARGIN.left, x2: width - MARGIN.right, y1: scale.y(seconds), y2: scale.y(seconds) }),
    s("text", { class: "limit-name", x: width - MARGIN.right, y: scale.y(seconds) - 4, "text-anchor": "end" }, `${name}: ${span(seconds)}`),
  ]);
  const words = (it) => (it.figures === null ? "nothing was measured" : it.figures.max_delivery_time === null ? "nothing came back"
    : `shortest ${span(it.figures.min_delivery_time)}, average ${span(average(it.figures))}, longest ${span(it.figures.max_delivery_time)}, ` +
      `half within ${span(it.figures.p50_delivery_time)}, 95 % within ${span(it.figures.p95_delivery_time)}`);
  const label = back.length ? `Delivery times a day, ${longDayName(all[0].d)} to ${longDayName(all.at(-1).d)}; the longest was ${span(top)}` : "No delivery times";
  return figure(label, [["band", "shortest to longest"], ["average", "average"], ["p50", "half within"], ["p95", "95 % within"], ...(lines.length ? [["limit", "limit"]] : [])],
    frame(width, height, label, [scale.axis(width), dates(all, x, width, height), bands, line("p50", (it) => it.p50_delivery_time), line("p95", (it) => it.p95_delivery_time),
      line("average", average), points, lines, hits(all, x, width, height, words)]));
}

/** What became of the tests of each day, as bars. */
export function verdictChart(all, width) {
  const height = 150;
  const top = Math.max(...all.map(({ figures }) => figures?.total_num ?? 0), 1);
  const y = (number) => MARGIN.top + (1 - number / top) * (height - MARGIN.top - MARGIN.bottom);
  const x = across(all.length, width);
  const wide = Math.max(1, ((width - MARGIN.left - MARGIN.right) / all.length) * 0.8);
  const bars = all.flatMap(({ figures }, place) => {
    if (!figures) return [];
    const open = figures.total_num - figures.ontime_num - figures.late_num - figures.fail_num;
    let below = 0;
    return [["bar-ontime", figures.ontime_num], ["bar-late", figures.late_num], ["bar-fail", figures.fail_num], ["bar-open", Math.max(0, open)]].filter(([, n]) => n).map(([name, n]) => {
      const bar = s("rect", { class: name, x: x(place) - wide / 2, width: wide, y: y(below + n), height: Math.max(1, y(below) - y(below + n)) });
      below += n;
      return bar;
    });
  });
  const words = ({ figures: it }) => {
    if (!it) return "no tests";
    const open = it.total_num - it.ontime_num - it.late_num - it.fail_num;
    return `${it.total_num} tests: ${it.ontime_num} on time, ${it.late_num} late, ${it.fail_num} failed${open ? `, ${open} overdue` : ""}${it.unsent_num ? `; ${it.unsent_num} not sent` : ""}`;
  };
  const axis = [0, top].map((number) => [
    s("line", { class: "axis", x1: MARGIN.left, x2: width - MARGIN.right, y1: y(number), y2: y(number) }),
    s("text", { x: MARGIN.left - 6, y: y(number) + 4, "text-anchor": "end" }, number.toLocaleString()),
  ]);
  const label = `Tests a day by what became of them, ${longDayName(all[0].d)} to ${longDayName(all.at(-1).d)}`;
  return figure(label, [["bar-ontime", "on time"], ["bar-late", "late"], ["bar-fail", "failed"], ["bar-open", "overdue, may still come"]],
    frame(width, height, label, [axis, dates(all, x, width, height), bars, hits(all, x, width, height, words)]));
}

function figure(label, legend, chart) {
  return h("figure", {}, chart, h("figcaption", {}, legend.map(([name, word]) => {
    const sign = name.startsWith("bar") || name === "band" ? s("rect", { class: name, x: 1, y: 1, width: 24, height: 12 }) : s("path", { class: name, d: "M0 7H26" });
    return h("span", {}, s("svg", { viewBox: "0 0 26 14", "aria-hidden": "true" }, sign), word);
  })));
}

const frame = (width, height, label, ...children) =>
  s("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, height, role: "group", "aria-label": label }, ...children);

function across(count, width) {
  const room = width - MARGIN.left - MARGIN.right;
  return (place) => Number((MARGIN.left + ((place + 0.5) * room) / count).toFixed(1));
}

/** A scale from 0 in steps that people count by. */
function scaleOf(top, height) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400, 172_800, 345_600, 864_000];
  const step = steps.find((each) => top / each <= 5) ?? top / 5;
  const end = Math.ceil(top / step) * step;
  const y = (seconds) => Number((MARGIN.top + (1 - seconds / end) * (height - MARGIN.top - MARGIN.bottom)).toFixed(1));
  const marks = Array.from({ length: Math.round(end / step) + 1 }, (_, place) => place * step);
  const axis = (width) => marks.map((mark) => [
    s("line", { class: "axis", x1: MARGIN.left, x2: width - MARGIN.right, y1: y(mark), y2: y(mark) }),
    s("text", { x: MARGIN.left - 6, y: y(mark) + 4, "text-anchor": "end" }, mark ? span(mark, true) : "0"),
  ]);
  return { y, axis, top: end };
}

function dates(all, x, width, height) {
  const every = Math.ceil(all.length / Math.max(2, Math.floor(width / 120)));
  return all.map(({ d }, place) => ((all.length - 1 - place) % every ? null
    : s("text", { x: x(place), y: height - 5, "text-anchor": all.length - 1 === place && all.length > 3 ? "end" : "middle" }, dayName(d))));
}

/** Where nothing was measured the line has a gap. */
function together(all, there) {
  const runs = [];
  let open = null;
  for (const [place, it] of all.entries()) {
    if (!there(it)) open = null;
    else if (open) open.push(place);
    else runs.push((open = [place]));
  }
  return runs;
}

function widened(place, x, count, width) {
  const half = Math.min(8, ((width - MARGIN.left - MARGIN.right) / count) * 0.3);
  return [[x(place) - half, place], [x(place) + half, place]];
}

function hits(all, x, width, height, words) {
  const wide = (width - MARGIN.left - MARGIN.right) / all.length;
  return s("g", {}, all.map((it, place) => s("rect", {
    class: "hit", x: x(place) - wide / 2, y: MARGIN.top, width: wide, height: height - MARGIN.top - MARGIN.bottom,
    role: "img", tabindex: place === all.length - 1 ? "0" : "-1", "aria-label": `${longDayName(it.d)}: ${words(it)}`,
  })));
}
