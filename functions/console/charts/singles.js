// Each test of a day: when it was sent, and how long it took; those that did not come back have a row of their own.

import { h, s } from "../shared/dom.js";
import { clock, clockTime, millis, span } from "../values/times.js";
import { many, VERDICTS } from "../values/words.js";
import { along, figure, hits, limitLines, MARGIN, mark, named, shades, timeScale } from "./frame.js";
import { asTable } from "./table.js";

/** @import { Limit, Stretch, Test } from "../types.js" */

const HEIGHT = 250;
const ROW = 26;
const HOUR = 3_600_000;

/**
 * Draw the tests sent between two moments.
 * @param {Test[]} tests
 * @param {[number, number]} it
 * @param {Limit[]} limits
 * @param {Stretch[]} quiet
 * @param {number} width
 */
export function singlesChart(tests, [start, end], limits, quiet, width) {
  const shown = tests
    .filter(({ sendtime }) => millis(sendtime) >= start && millis(sendtime) <= end)
    .sort((one, other) => millis(one.sendtime) - millis(other.sendtime));
  if (!shown.length) return h("p", { class: "muted" }, "No test was sent in this time.");
  const longest = Math.max(...shown.map(({ took }) => took ?? 0));
  const lost = shown.some(({ took }) => took === null);
  const scale = timeScale(Math.max(longest, 1), HEIGHT, lost ? ROW : 0);
  const at = along(start, end, width);
  const slots = shown.map((it) => ({
    name: clockTime(it.sendtime),
    test: it,
    x: at(millis(it.sendtime)),
    y: it.took === null ? MARGIN.top + ROW / 3 : scale.y(it.took),
  }));
  const marks = slots.map(({ test, x, y }) =>
    s("path", { class: `mark-${test.verdict}`, d: mark(test.verdict, x, y) }),
  );
  const { lines, note, drawn } = limitLines(limits, scale, width);
  const label =
    `${many(shown.length, "test")} of the last 24 hours by when each was sent and how long it ` +
    `took${longest ? `; the longest was ${span(longest)}` : ""}`;
  const there = Object.entries(VERDICTS).filter(([verdict]) => shown.some((it) => it.verdict === verdict));
  /** @type {[string, string][]} */
  const legend = [
    ...there.flatMap(([verdict, word]) => named(true, `mark-${verdict}`, word)),
    ...named(drawn, "limit", "limit"),
    ...named(quiet.length > 0, "shade", "maintenance"),
  ];
  const row = lost
    ? s("text", { x: MARGIN.left - 6, y: MARGIN.top + ROW / 3 + 4, "text-anchor": "end" }, "not back")
    : null;
  return figure(
    legend,
    { width, height: HEIGHT, label },
    [
      shades(quiet, at, HEIGHT),
      scale.axis(width),
      hours(start, end, at, width),
      row,
      lines,
      marks,
      hits("singles", slots, columnsOf(slots, width), ({ test }) => told(test)),
    ],
    note,
    asTable("singles", label, ["Sent", "Verdict", "Took", "Why"], () =>
      shown
        .toReversed()
        .map((it) => [clockTime(it.sendtime), VERDICTS[it.verdict] ?? it.verdict, span(it.took), it.why ?? ""]),
    ),
  );
}

/** @param {Test} it */
const told = (it) =>
  [
    VERDICTS[it.verdict] ?? it.verdict,
    it.took === null ? "" : span(it.took),
    it.why ?? "",
    it.quiet ? "in maintenance, kept apart" : "",
  ]
    .filter(Boolean)
    .join(", ");

/**
 * The tooltip of each test reaches half-way to its neighbours.
 * @param {{ x: number }[]} slots
 * @param {number} width
 */
function columnsOf(slots, width) {
  /** @param {number} place */
  const middle = (place) => (slots[place].x + slots[place + 1].x) / 2;
  return (/** @type {number} */ place) => {
    const left = place ? middle(place - 1) : MARGIN.left;
    const right = place < slots.length - 1 ? middle(place) : width - MARGIN.right;
    const near = [Math.max(left, slots[place].x - 12), Math.min(right, slots[place].x + 12)];
    return {
      x: near[0].toFixed(1),
      width: Math.max(1, near[1] - near[0]).toFixed(1),
      y: MARGIN.top,
      height: HEIGHT - MARGIN.top - MARGIN.bottom,
    };
  };
}

/**
 * Name whole hours below the chart, as many as there is room for.
 * @param {number} start
 * @param {number} end
 * @param {(moment: number) => number} at
 * @param {number} width
 */
function hours(start, end, at, width) {
  const every = width < 500 ? 6 : width < 900 ? 3 : 2;
  const marks = [];
  for (let hour = Math.ceil(start / HOUR) * HOUR; hour <= end; hour += HOUR) {
    if (new Date(hour).getHours() % every === 0 && at(hour) > MARGIN.left + 14 && at(hour) < width - 24)
      marks.push(s("text", { x: at(hour), y: HEIGHT - 5, "text-anchor": "middle" }, clock.format(hour)));
  }
  return marks;
}
