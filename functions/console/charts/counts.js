// What became of the tests of each day or hour, as bars.

import { h, s } from "../shared/dom.js";
import { many } from "../values/words.js";
import { across, columns, countScale, figure, hits, ticks } from "./frame.js";
import { asTable } from "./table.js";

/** @import { CountsOfSlot, FiguresOfDay, Hour, HourCounts, Slot } from "../types.js" */

const HEIGHT = 150;

/** @type {[string, string][]} */
const KINDS = [
  ["ontime", "on time"],
  ["late", "late"],
  ["failed", "failed"],
  ["open", "overdue, may still come"],
  ["missed", "not back"],
  ["quiet", "in maintenance, kept apart"],
  ["unsent", "not sent"],
];

/**
 * Count the tests of a day; null where there were none.
 * @param {FiguresOfDay | null} it
 */
export function countsOfDay(it) {
  if (it === null) return null;
  const open = Math.max(0, it.total_num - it.ontime_num - it.late_num - it.fail_num);
  return {
    ontime: it.ontime_num,
    late: it.late_num,
    failed: it.fail_num,
    open,
    quiet: it.quiet_total_num,
    unsent: it.unsent_num,
  };
}

/**
 * Count the tests of an hour; null if there were none. Overdue and failed tests are counted together.
 * @param {HourCounts | null} it
 */
export const countsOfHour = (it) =>
  it && { ontime: it.ontime, late: it.late, missed: it.missed, quiet: it.quiet, unsent: it.unsent };

/**
 * Say what became of some tests.
 * @param {CountsOfSlot | null} counts
 */
export function toldCounts(counts) {
  if (!counts) return "no tests";
  const judged = counts.ontime + counts.late + (counts.missed ?? counts.failed + counts.open);
  const parts = KINDS.filter(([kind]) => counts[kind] && !["quiet", "unsent"].includes(kind)).map(
    ([kind, word]) => `${counts[kind].toLocaleString()} ${word.split(",")[0]}`,
  );
  const apart = [
    counts.quiet && `${counts.quiet.toLocaleString()} in maintenance, kept apart`,
    counts.unsent && `${counts.unsent.toLocaleString()} not sent`,
  ].filter(Boolean);
  const first = judged
    ? `${many(judged, "test")}: ` +
      `${judged === counts.ontime ? (judged === 1 ? "on time" : "all on time") : parts.join(", ")}`
    : "none judged";
  return [first, ...apart].join("; ");
}

/**
 * Draw the bars. A slot's `figures` are counts, or null where nothing was measured. `by` is "day" or "hour".
 * @param {"day" | "hour"} by
 * @param {Slot<CountsOfSlot>[]} slots
 * @param {number} width
 */
export function countsChart(by, slots, width) {
  /** @param {CountsOfSlot | null} counts */
  const sum = (counts) => KINDS.reduce((all, [kind]) => all + (counts?.[kind] ?? 0), 0);
  const most = Math.max(...slots.map(({ figures }) => sum(figures)));
  if (!most) return h("p", { class: "muted" }, "No test was sent in this time.");
  const scale = countScale(most, HEIGHT);
  const places = across(slots.length, width);
  const wide = Math.max(1, places.wide * 0.8);
  const bars = slots.flatMap(({ figures }, place) => {
    let below = 0;
    if (!figures) return [];
    return KINDS.filter(([kind]) => figures[kind]).map(([kind]) => {
      const [lower, upper] = [scale.y(below), scale.y(below + figures[kind])];
      below += figures[kind];
      return s("rect", {
        class: `bar-${kind}`,
        x: places.x(place) - wide / 2,
        width: wide,
        y: upper,
        height: Math.max(1, lower - upper),
      });
    });
  });
  const there = KINDS.filter(([kind]) => slots.some(({ figures }) => figures?.[kind]));
  const label = `Tests by ${by} and what became of them, ${slots[0].name} to ${slots[slots.length - 1].name}`;
  const name = `counts-${by}`;
  return figure(
    there.map(([kind, word]) => [`bar-${kind}`, word]),
    { width, height: HEIGHT, label },
    [
      scale.axis(width),
      ticks(slots, places.x, width, HEIGHT),
      bars,
      hits(name, slots, columns(places, HEIGHT), ({ figures }) => toldCounts(figures)),
    ],
    asTable(name, label, [by === "day" ? "Day" : "Hour", "Tests", ...there.map(([, word]) => word)], () =>
      slots
        .filter(({ figures }) => figures)
        .map(({ name: when, figures }) => [
          when,
          sum(figures).toLocaleString(),
          ...there.map(([kind]) => (figures?.[kind] ?? 0).toLocaleString()),
        ]),
    ),
  );
}
