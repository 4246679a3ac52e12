// How a domain has been: its graphs over a day, a week, a month or a year, and its hours.

import { countsChart, countsOfDay, countsOfHour } from "../../charts/counts.js";
import { timesChart } from "../../charts/days.js";
import { cellsOf, heatMap, hourName } from "../../charts/heat.js";
import { singlesChart } from "../../charts/singles.js";
import { h } from "../../shared/dom.js";
import { nothing } from "../../shared/parts.js";
import { headed, sheet } from "../../shared/sheets.js";
import { read, write } from "../../values/address.js";
import { DAY, everyDay } from "../../values/days.js";
import { clock, dayBefore, now, span } from "../../values/times.js";
import { percent } from "../../values/words.js";
import { ownZone } from "../../values/zones.js";
import { hoursShown, quietTimes, RANGES } from "./measured.js";

/** @import { Found, Limit, WholeDomain } from "../../types.js" */

const HOUR = 3_600_000;

/**
 * Draw what was measured, as wide as there is room.
 * @param {WholeDomain} it
 * @param {Found} found
 * @param {number} width
 */
export function graphs(it, found, width) {
  /** @type {Limit[]} */
  const limits = [
    ["limit", it.effective.maxreturntime],
    ["given up after", it.effective.max_sec_until_fail],
  ];
  const seen = found.range === 1 ? ofDay(found, limits, width) : ofDays(found, limits, width);
  return [
    h(
      "section",
      { class: "sheet", "aria-labelledby": "times" },
      headed("times", found.range === 1 ? "The last 24 hours" : "Day by day", choice(it, found.range)),
      seen ??
        nothing(
          "Nothing was measured in this time.",
          h("p", {}, "A day appears here once the first of its tests is judged."),
        ),
    ),
    ofHours(found, width),
  ];
}

/**
 * @param {WholeDomain} it
 * @param {number} range
 */
const choice = (it, range) =>
  h(
    "nav",
    { class: "row", "aria-label": "How far back" },
    RANGES.map(([days, word]) =>
      h(
        "a",
        {
          class: "button",
          href: write(["domains", String(it.id)], { ...read().query, days }),
          "aria-current": days === range ? "true" : null,
          "data-keep": `range-${days}`,
        },
        word,
      ),
    ),
  );

/**
 * @param {Found} found
 * @param {Limit[]} limits
 * @param {number} width
 */
function ofDays(found, limits, width) {
  const slots = everyDay(found.stats.days, dayBefore(found.range - 1), dayBefore(0));
  if (!found.stats.days.length) return null;
  const quiet = quietTimes(found.windows, slots, (day) => day.quiet_total_num);
  const { total } = found.stats;
  return [
    availability(
      total.total_num,
      total.ontime_percent,
      total.returned_percent,
      [
        ["Average", total.average_delivery_time],
        ["Half within", total.p50_delivery_time],
        ["95 % within", total.p95_delivery_time],
        ["Longest", total.max_delivery_time],
      ],
      total.quiet_total_num,
    ),
    h("h3", {}, "Delivery times"),
    timesChart(slots, limits, quiet, width),
    h("h3", {}, "What became of the tests"),
    countsChart(
      "day",
      slots.map((slot) => ({ ...slot, figures: countsOfDay(slot.figures) })),
      width,
    ),
    h(
      "p",
      { class: "small muted" },
      "A test belongs to the day it was sent, in UTC. Where nothing was measured there is a gap.",
    ),
  ];
}

/**
 * @param {Found} found
 * @param {Limit[]} limits
 * @param {number} width
 */
function ofDay(found, limits, width) {
  const byHour = new Map(found.hours.map((hour) => [Date.parse(hour.at), hour]));
  const last = Math.floor(now() / HOUR) * HOUR;
  const slots = Array.from({ length: 25 }, (_, place) => {
    const start = last - (24 - place) * HOUR;
    return {
      name: hourName(start),
      tick: clock.format(start),
      start,
      end: start + HOUR,
      figures: byHour.get(start) ?? null,
    };
  });
  const there = slots.flatMap(({ figures }) => figures ?? []);
  const { items, more } = found.tests ?? { items: [], more: false };
  if (!there.length && !items.length) return null;
  const quiet = quietTimes(found.windows, slots, (hour) => hour.quiet);
  /** @param {"ontime" | "late" | "quiet" | "total"} name */
  const sum = (name) => there.reduce((all, hour) => all + hour[name], 0);
  const all = sum("total");
  /** @param {number} count */
  const share = (count) => (all ? (count * 100) / all : null);
  const took = items.map((test) => test.took).filter((seconds) => seconds !== null);
  return [
    availability(
      all,
      share(sum("ontime")),
      share(sum("ontime") + sum("late")),
      [["Longest", took.length ? Math.max(...took) : null]],
      sum("quiet"),
    ),
    h("h3", {}, "Each test"),
    singlesChart(items, [now() - DAY, now()], limits, quiet, width),
    more
      ? h("p", { class: "small muted" }, "There are more tests than can be drawn; the oldest ones are left out.")
      : null,
    h("h3", {}, "What became of the tests"),
    countsChart(
      "hour",
      slots.map((slot) => ({ ...slot, figures: countsOfHour(slot.figures) })),
      width,
    ),
    h("p", { class: "small muted" }, `Times are yours (${ownZone()}). Where nothing was measured there is a gap.`),
  ];
}

/**
 * @param {number} total
 * @param {number | null} ontime
 * @param {number | null} returned
 * @param {[string, number | null][]} times
 * @param {number} quiet
 */
function availability(total, ontime, returned, times, quiet) {
  const facts = [
    ["On time", percent(ontime)],
    ["Came back", percent(returned)],
    ["Tests", total ? total.toLocaleString() : null],
    ...times.map(([name, seconds]) => [name, seconds === null ? null : span(seconds)]),
    ["In maintenance", quiet ? quiet.toLocaleString() : null],
  ].filter(([, value]) => value);
  return facts.length
    ? h(
        "dl",
        { class: "facts figures" },
        facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
      )
    : null;
}

/**
 * @param {Found} found
 * @param {number} width
 */
function ofHours(found, width) {
  const days = hoursShown(found.range);
  const cells = cellsOf(found.hours, days);
  if (!cells.some(({ figures }) => figures)) return null;
  return sheet(
    "hours",
    `Hour by hour, the last ${days} days`,
    heatMap(cells, width),
    h(
      "p",
      { class: "small muted" },
      `Days and hours are yours (${ownZone()}). What was late or is not back fills its hour from below: the more ` +
        "tests, the higher, and at least a fifth.",
    ),
  );
}
