// All days of a period, including those without figures.

import { dayName, longDayName } from "./times.js";

export const DAY = 86_400_000;

/**
 * Give every day from one date to another, those without figures as null.
 * @template {{day: string}} T
 * @param {T[]} days
 * @param {string} from
 * @param {string} to
 */
export function everyDay(days, from, to) {
  const byDay = new Map(days.map((it) => [it.day, it]));
  const all = [];
  for (let start = Date.parse(`${from}T00:00:00Z`); start <= Date.parse(`${to}T00:00:00Z`); start += DAY) {
    const d = new Date(start).toISOString().slice(0, 10);
    all.push({
      key: d,
      name: longDayName(d),
      tick: dayName(d),
      start,
      end: start + DAY,
      figures: byDay.get(d) ?? null,
    });
  }
  return all;
}
