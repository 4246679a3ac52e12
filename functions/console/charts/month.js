// The last days of a customer or of the fleet, one cell a day: the worse, the taller.

import { h } from "../shared/dom.js";
import { longDayName } from "../values/times.js";
import { percent } from "../values/words.js";

/** The shares from which on a day is green, and amber rather than red. */
const [WELL, FAIR] = [99.5, 95];

/** @param {number | null} share */
const kindOf = (share) => (share === null ? "absent" : share >= WELL ? "ontime" : share >= FAIR ? "late" : "failed");

/**
 * Draw days of `day` and `ontime_percent`, the newest to the right.
 * @param {{ day: string, ontime_percent: number | null }[]} days
 * @param {string} name
 */
export function monthStrip(days, name) {
  const last = days.length - 1;
  return h(
    "span",
    { class: "strip month", role: "group", "aria-label": name },
    days.map((day, place) =>
      h("i", {
        class: kindOf(day.ontime_percent),
        role: "img",
        tabindex: place === last ? "0" : "-1",
        "data-keep": `day-${day.day}`,
        "aria-label":
          `${longDayName(day.day)}: ` +
          `${day.ontime_percent === null ? "nothing measured" : `${percent(day.ontime_percent)} on time`}`,
      }),
    ),
  );
}
