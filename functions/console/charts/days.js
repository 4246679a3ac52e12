// The wiki's graph: the shortest, average and longest delivery time of each day, with percentiles and limits.

import { h, s } from "../shared/dom.js";
import { span } from "../values/times.js";
import { many } from "../values/words.js";
import { across, along, columns, figure, hits, limitLines, named, shades, ticks, timeScale } from "./frame.js";
import { asTable } from "./table.js";

/** @import { FiguresOfDay, Limit, Measured, Places, Slot, Stretch } from "../types.js" */

const HEIGHT = 250;

/**
 * Draw delivery times a day. Where nothing came back there is a gap. `limits` are names and seconds, `quiet` the times
 * of maintenance.
 * @param {Slot<FiguresOfDay>[]} slots
 * @param {Limit[]} limits
 * @param {Stretch[]} quiet
 * @param {number} width
 */
export function timesChart(slots, limits, quiet, width) {
  /** @param {Slot<FiguresOfDay>} slot */
  const there = ({ figures }) => Boolean(figures && figures.max_delivery_time !== null);
  const back = slots.filter(there);
  if (!back.length)
    return h("p", { class: "muted" }, "Nothing came back in this time, so there are no delivery times to draw.");
  const longest = Math.max(...back.map(({ figures }) => figures?.max_delivery_time ?? 0));
  const scale = timeScale(Math.max(longest, 1), HEIGHT);
  const places = across(slots.length, width);
  const runs = together(slots, there);
  /** @param {Measured} name */
  const of = (name) => (/** @type {number} */ place) => scale.y(slots[place].figures?.[name] ?? 0);
  /**
   * @param {string} kind
   * @param {Measured} name
   */
  const line = (kind, name) =>
    runs.map((run) =>
      s("path", {
        class: kind,
        d: `M${edges(run, places)
          .map(([x, place]) => `${x} ${of(name)(place)}`)
          .join("L")}`,
      }),
    );
  const points = runs
    .filter((run) => run.length === 1)
    .map(([place]) =>
      s("circle", { class: "point", cx: places.x(place), cy: of("average_delivery_time")(place), r: 2.5 }),
    );
  const { lines, note, drawn } = limitLines(limits, scale, width);
  const label = `Delivery times a day, ${slots[0].name} to ${slots[slots.length - 1].name}; the longest was ${span(longest)}`;
  /** @type {[string, string][]} */
  const legend = [
    ["band", "shortest to longest"],
    ["average", "average"],
    ["p50", "half within"],
    ["p95", "95 % within"],
    ...named(drawn, "limit", "limit"),
    ...named(quiet.length > 0, "shade", "maintenance"),
  ];
  return figure(
    legend,
    { width, height: HEIGHT, label },
    [
      shades(quiet, along(slots[0].start, slots[slots.length - 1].end, width), HEIGHT),
      scale.axis(width),
      ticks(slots, places.x, width, HEIGHT),
      runs.map((run) => band(run, places, of)),
      line("p50", "p50_delivery_time"),
      line("p95", "p95_delivery_time"),
      line("average", "average_delivery_time"),
      points,
      lines,
      hits("times", slots, columns(places, HEIGHT), words),
    ],
    note,
    asTable("times", label, ["Day", "Shortest", "Average", "Longest", "Half within", "95 % within"], () =>
      back.map(({ name, figures: it }) => [
        name,
        ...[
          it?.min_delivery_time,
          it?.average_delivery_time,
          it?.max_delivery_time,
          it?.p50_delivery_time,
          it?.p95_delivery_time,
        ].map((seconds) => span(seconds)),
      ]),
    ),
  );
}

/** @param {Slot<FiguresOfDay>} it */
function words({ figures: it }) {
  const quiet = it?.quiet_total_num ? `; ${many(it.quiet_total_num, "test")} in maintenance, kept apart` : "";
  if (it === null) return "nothing was measured";
  if (it.max_delivery_time === null) return `nothing came back${quiet}`;
  return (
    `shortest ${span(it.min_delivery_time)}, average ${span(it.average_delivery_time)}, longest ` +
    `${span(it.max_delivery_time)}, ` +
    `half within ${span(it.p50_delivery_time)}, 95 % within ${span(it.p95_delivery_time)}${quiet}`
  );
}

/**
 * @param {number[]} run
 * @param {Places} places
 * @param {(name: Measured) => (place: number) => number} of
 */
function band(run, places, of) {
  const edge = edges(run, places);
  const upper = edge.map(([x, place]) => `${x} ${of("max_delivery_time")(place)}`);
  const lower = edge.map(([x, place]) => `${x} ${of("min_delivery_time")(place)}`).reverse();
  return s("path", { class: "band", d: `M${[...upper, ...lower].join("L")}Z` });
}

/**
 * A single day between two gaps is drawn as a short line, since a point would not be seen.
 * @param {number[]} run
 * @param {Places} it
 */
function edges(run, { x, wide }) {
  if (run.length > 1) return run.map((place) => [x(place), place]);
  const half = Math.min(8, wide * 0.3);
  return [
    [x(run[0]) - half, run[0]],
    [x(run[0]) + half, run[0]],
  ];
}

/**
 * The runs of consecutive days that have figures.
 * @template T
 * @param {T[]} slots
 * @param {(slot: T) => boolean} there
 * @returns {number[][]}
 */
function together(slots, there) {
  /** @type {number[][]} */
  const runs = [];
  for (const [place, it] of slots.entries()) {
    if (!there(it)) continue;
    if (place && there(slots[place - 1])) runs[runs.length - 1].push(place);
    else runs.push([place]);
  }
  return runs;
}
