// A heat map of days by hours: at which times of the day mail is late or lost, in the reader's time zone.

import { s } from "../shared/dom.js";
import { clock, now, weekdayAndDate } from "../values/times.js";
import { countsOfHour, toldCounts } from "./counts.js";
import { figure, hits } from "./frame.js";
import { asTable } from "./table.js";

/** @import { Box, Cell, Hour, HourCounts } from "../types.js" */

const HOUR = 3_600_000;
const LEFT = 62;
const TOP = 16;
const LEAST = 0.2;

/**
 * The local midnight some days before today.
 * @param {number} days
 */
export function midnight(days) {
  const today = new Date(now());
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() - days).getTime();
}

/**
 * Name an hour: Sun 22 Nov, 14:00 to 15:00.
 * @param {number} start
 * @param {number} [end]
 */
export const hourName = (start, end = start + HOUR) =>
  `${weekdayAndDate.format(start)}, ${clock.format(start)} to ${clock.format(end)}`;

/**
 * Give the cells of the days from a midnight on, 24 a day. The hour that comes twice in autumn is one cell, the one
 * that is left out in spring has no time; neither has one that is still to come.
 * @param {Hour[]} items
 * @param {number} days
 */
export function cellsOf(items, days) {
  const byHour = new Map(items.map((it) => [Date.parse(it.at), it]));
  /** @type {Cell[]} */
  const cells = Array.from({ length: days * 24 }, (_, place) => {
    const day = midnight(days - 1 - Math.floor(place / 24));
    return {
      start: null,
      name: `${weekdayAndDate.format(day)}, ${String(place % 24).padStart(2, "0")}:00`,
      figures: null,
    };
  });
  const starts = Array.from({ length: days + 1 }, (_, place) => midnight(days - 1 - place));
  let row = 0;
  for (let at = Math.ceil(starts[0] / HOUR) * HOUR; at <= now(); at += HOUR) {
    while (row < days - 1 && at >= starts[row + 1]) row += 1;
    const cell = cells[row * 24 + new Date(at).getHours()];
    cell.start ??= at;
    cell.name = hourName(cell.start, at + HOUR);
    cell.figures = together(cell.figures, byHour.get(at));
  }
  return cells;
}

/**
 * @param {HourCounts | null} one
 * @param {HourCounts | undefined} other
 * @returns {HourCounts | null}
 */
function together(one, other) {
  if (!one || !other) return one ?? other ?? null;
  return {
    ontime: one.ontime + other.ontime,
    late: one.late + other.late,
    missed: one.missed + other.missed,
    quiet: one.quiet + other.quiet,
    unsent: one.unsent + other.unsent,
    total: one.total + other.total,
  };
}

/**
 * Draw the map. Late and missing tests fill a cell from below: the more, the higher, and at least a fifth.
 * @param {Cell[]} cells
 * @param {number} width
 */
export function heatMap(cells, width) {
  const days = cells.length / 24;
  const high = days > 10 ? 16 : 24;
  const height = TOP + days * high + 4;
  const wide = (width - LEFT - 4) / 24;
  /** @param {number} place */
  const box = (place) => ({
    x: (LEFT + (place % 24) * wide).toFixed(1),
    width: (wide - 1).toFixed(1),
    y: TOP + Math.floor(place / 24) * high,
    height: high - 1,
  });
  const drawn = cells.map((cell, place) => draw(cell, box(place)));
  const every = width < 500 ? 6 : width < 800 ? 3 : 2;
  const names = [
    Array.from({ length: 24 / every }, (_, at) =>
      s("text", { x: LEFT + at * every * wide, y: TOP - 5 }, String(at * every).padStart(2, "0")),
    ),
    Array.from({ length: days }, (_, row) =>
      s(
        "text",
        { x: LEFT - 6, y: TOP + row * high + high / 2 + 4, "text-anchor": "end" },
        weekdayAndDate.format(midnight(days - 1 - row)),
      ),
    ),
  ];
  const label = `Tests by hour of sending, ${days} days, a row each; hours from left to right`;
  const there = cells.filter(({ figures }) => figures);
  /** @type {[string, string][]} */
  const legend = [
    ["heat-ontime", "all on time"],
    ["heat-late", "late"],
    ["heat-missed", "not back"],
    ["heat-quiet", "in maintenance"],
    ["heat-none", "nothing measured"],
  ];
  return figure(
    legend,
    { width, height, label },
    [
      names,
      drawn,
      hits(
        "heat",
        cells,
        box,
        ({ start, figures }) => (start === null ? "no such time yet" : toldCounts(countsOfHour(figures))),
        { "data-across": "24" },
      ),
    ],
    asTable("heat", label, ["Hour", "Tests", "On time", "Late", "Not back", "In maintenance", "Not sent"], () =>
      there
        .toReversed()
        .map(({ name, figures: it }) =>
          [name, it?.total, it?.ontime, it?.late, it?.missed, it?.quiet, it?.unsent].map((value) =>
            typeof value === "number" ? value.toLocaleString() : value,
          ),
        ),
    ),
  );
}

/**
 * @param {Cell} it
 * @param {Box} box
 */
function draw({ start, figures: it }, box) {
  if (start === null) return null;
  if (!it?.total) return s("rect", { class: it?.quiet ? "heat-quiet" : "heat-none", ...box });
  /** @param {number} count */
  const share = (count) => (count ? Math.max(LEAST, count / it.total) : 0);
  const [missed, late] = [share(it.missed), share(it.late)];
  const over = Math.max(1, missed + late);
  /**
   * @param {string} kind
   * @param {number} from
   * @param {number} to
   */
  const part = (kind, from, to) =>
    to > from
      ? s("rect", {
          class: kind,
          x: box.x,
          width: box.width,
          y: (box.y + box.height * (1 - to)).toFixed(1),
          height: (box.height * (to - from)).toFixed(1),
        })
      : null;
  return [
    s("rect", { class: "heat-ontime", ...box }),
    part("heat-missed", 0, missed / over),
    part("heat-late", missed / over, (missed + late) / over),
  ];
}
