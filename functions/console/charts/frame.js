// What all charts share: a frame, scales that begin at 0, shaded maintenance, and tooltips for pointer and keyboard.

import { h, s } from "../shared/dom.js";
import { span } from "../values/times.js";

/** @import { Child, Limit, Places, Properties, Slot, Stretch } from "../types.js" */

export const MARGIN = { left: 52, right: 10, top: 12, bottom: 22 };
const SECONDS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400, 172_800, 345_600, 864_000,
];
const MARKS = 5;

/** @param {number} number */
const round = (number) => Number(number.toFixed(1));

/**
 * Give a chart with what stands around it. The legend names the class of each thing that is drawn and what it is; `label`
 * says in words what the drawing shows.
 * @param {[string, string][]} legend
 * @param {{width: number, height: number, label: string}} frame
 * @param {Child[]} drawn
 * @param {...Child} more
 */
export function figure(legend, { width, height, label }, drawn, ...more) {
  const signs = legend.map(([name, word]) => {
    const sign = name.startsWith("mark")
      ? s("path", { class: name, d: mark(name.slice(5), 13, 7) })
      : /^(bar|band|shade|heat)/.test(name)
        ? s("rect", { class: name, x: 1, y: 1, width: 24, height: 12 })
        : s("path", { class: name, d: "M0 7H26" });
    return h("span", {}, s("svg", { viewBox: "0 0 26 14", "aria-hidden": "true" }, sign), word);
  });
  const frame = { class: "chart", viewBox: `0 0 ${width} ${height}`, height, role: "group", "aria-label": label };
  return h("figure", {}, h("figcaption", {}, signs), s("svg", frame, ...drawn), more);
}

/**
 * The shape of a verdict around a point, so that colour is not the only sign.
 * @param {string} verdict
 * @param {number} x
 * @param {number} y
 */
export function mark(verdict, x, y) {
  /** @type {Record<string, string>} */
  const shapes = {
    ontime: `M${x - 3} ${y}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z`,
    late: `M${x} ${y - 4.5}l4.5 8h-9Z`,
    failed: `M${x - 4} ${y - 4}h8v8h-8Z`,
    overdue: `M${x - 4} ${y - 4}h8v8h-8Z`,
    pending: `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z`,
    unsent: `M${x - 5} ${y}h10`,
  };
  return shapes[verdict] ?? `M${x - 3} ${y}h6`;
}

/**
 * The x positions of the centres of equally wide columns.
 * @param {number} count
 * @param {number} width
 * @returns {Places}
 */
export function across(count, width) {
  const wide = (width - MARGIN.left - MARGIN.right) / count;
  return { wide, x: (place) => round(MARGIN.left + (place + 0.5) * wide) };
}

/**
 * The x position of a moment between the two ends.
 * @param {number} start
 * @param {number} end
 * @param {number} width
 */
export function along(start, end, width) {
  const wide = width - MARGIN.left - MARGIN.right;
  return (/** @type {number} */ moment) =>
    round(MARGIN.left + Math.min(Math.max((moment - start) / (end - start), 0), 1) * wide);
}

/**
 * A scale of durations from 0, in steps that people count by.
 * @param {number} top
 * @param {number} height
 * @param {number} [above]
 */
export const timeScale = (top, height, above = 0) =>
  scale(SECONDS.find((each) => top / each <= MARKS) ?? top / MARKS, top, height, above, (mark_) =>
    mark_ ? span(mark_, true) : "0",
  );

/**
 * A scale of numbers from 0.
 * @param {number} top
 * @param {number} height
 */
export function countScale(top, height) {
  const whole = 10 ** Math.floor(Math.log10(top));
  const step = Math.max(1, [0.2, 0.5, 1, 2, 5].map((part) => part * whole).find((each) => top / each <= 3) ?? top);
  return scale(step, top, height, 0, (mark_) => mark_.toLocaleString());
}

/**
 * @param {number} step
 * @param {number} top
 * @param {number} height
 * @param {number} above
 * @param {(value: number) => string} word
 */
function scale(step, top, height, above, word) {
  const end = Math.ceil(top / step) * step;
  const upper = MARGIN.top + above;
  /** @param {number} value */
  const y = (value) => round(upper + (1 - value / end) * (height - upper - MARGIN.bottom));
  const marks = Array.from({ length: Math.round(end / step) + 1 }, (_, place) => place * step);
  /** @param {number} width */
  const axis = (width) =>
    marks.map((each) => [
      s("line", { class: "axis", x1: MARGIN.left, x2: width - MARGIN.right, y1: y(each), y2: y(each) }),
      s("text", { x: MARGIN.left - 6, y: y(each) + 4, "text-anchor": "end" }, word(each)),
    ]);
  return { y, axis, top: end };
}

/**
 * Label some of the columns below a chart, always the last one, so that no labels touch.
 * @param {Slot<unknown>[]} slots
 * @param {(place: number) => number} x
 * @param {number} width
 * @param {number} height
 */
export function ticks(slots, x, width, height) {
  const every = Math.ceil(slots.length / Math.max(2, Math.floor(width / 110)));
  const last = slots.length - 1;
  return slots.map(({ tick }, place) =>
    (last - place) % every
      ? null
      : s("text", { x: x(place), y: height - 5, "text-anchor": place === last && last > 2 ? "end" : "middle" }, tick),
  );
}

/**
 * Shade the times of maintenance.
 * @param {Stretch[]} spans
 * @param {(moment: number) => number} at
 * @param {number} height
 */
export const shades = (spans, at, height) =>
  spans.map(({ start, end }) =>
    s("rect", {
      class: "shade",
      x: at(start),
      width: Math.max(1, round(at(end) - at(start))),
      y: MARGIN.top,
      height: height - MARGIN.top - MARGIN.bottom,
    }),
  );

/**
 * Give the line of a legend for what is drawn in some charts only.
 * @param {boolean} drawn
 * @param {string} name
 * @param {string} word
 * @returns {[string, string][]}
 */
export const named = (drawn, name, word) => (drawn ? [[name, word]] : []);

/**
 * Draw the limits that lie in range, and give those that do not.
 * @param {Limit[]} limits
 * @param {{ y: (value: number) => number, top: number }} it
 * @param {number} width
 */
export function limitLines(limits, { y, top }, width) {
  const [inside, beyond] = [
    limits.filter(([, seconds]) => seconds <= top),
    limits.filter(([, seconds]) => seconds > top),
  ];
  const lines = inside.map(([name, seconds]) => [
    s("line", { class: "limit", x1: MARGIN.left, x2: width - MARGIN.right, y1: y(seconds), y2: y(seconds) }),
    s("text", { class: "limit-name", x: MARGIN.left + 4, y: y(seconds) - 4 }, `${name} ${span(seconds)}`),
  ]);
  const note = beyond.length
    ? h(
        "p",
        { class: "small muted" },
        `Beyond this scale: ${beyond.map(([name, seconds]) => `${name} ${span(seconds)}`).join(", ")}.`,
      )
    : null;
  return { lines, note, drawn: inside.length > 0 };
}

/**
 * Give what pointer and keyboard can ask: one stop of the Tab key, the arrow keys walk along. Each says `words` of its
 * slot.
 * @template {{ name: string }} S
 * @param {string} name
 * @param {S[]} slots
 * @param {(place: number) => object} box
 * @param {(slot: S) => string} words
 * @param {Properties} [more]
 */
export function hits(name, slots, box, words, more = {}) {
  return s(
    "g",
    more,
    slots.map((slot, place) =>
      s("rect", {
        class: "hit",
        ...box(place),
        role: "img",
        tabindex: place === slots.length - 1 ? "0" : "-1",
        "data-keep": `${name}-${place}`,
        "aria-label": `${slot.name}: ${words(slot)}`,
      }),
    ),
  );
}

/**
 * The columns of a chart as boxes with tooltips.
 * @param {Places} places
 * @param {number} height
 */
export const columns =
  ({ x, wide }, height) =>
  (/** @type {number} */ place) => ({
    x: round(x(place) - wide / 2),
    width: round(wide),
    y: MARGIN.top,
    height: height - MARGIN.top - MARGIN.bottom,
  });
