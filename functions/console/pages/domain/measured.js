// The measurements of a domain in the chosen period: its days, hours and single tests, and maintenance.

import { afterOf, get } from "../../api/calls.js";
import { who } from "../../api/session.js";
import { midnight } from "../../charts/heat.js";
import { DAY } from "../../values/days.js";
import { dayBefore, millis, now } from "../../values/times.js";

/** @import { Found, Query, Single, Slot, Stretch, WholeDomain, WindowOfCalendar } from "../../types.js" */

/**
 * The periods to choose from, in days, with their labels.
 * @type {[number, string][]}
 */
export const RANGES = [
  [1, "1 day"],
  [7, "7 days"],
  [30, "30 days"],
  [365, "1 year"],
];
const USUAL = 30;
const MOST_HOURS = 30;
const LEAST_HOURS = 7;
const PAGE = 200;
const MOST_PAGES = 8;
const READ_ANEW = 300_000;
const LONGEST_CALENDAR = 90;

/**
 * Read the period from an address; 30 days if it names none.
 * @param {Query} query
 */
export const rangeOf = (query) => (RANGES.some(([days]) => String(days) === query.days) ? Number(query.days) : USUAL);

/**
 * How many days the map of hours shows.
 * @param {number} range
 */
export const hoursShown = (range) => Math.min(MOST_HOURS, Math.max(LEAST_HOURS, range));

/**
 * Read all of it. `known` is what was read before: for a while, only the newest tests are read again.
 * @param {WholeDomain} it
 * @param {number} range
 * @param {Found | null} known
 * @param {AbortSignal} signal
 * @returns {Promise<Found>}
 */
export async function measured(it, range, known, signal) {
  const path = /** @type {const} */ (`api/v3/maildomains/${it.id}`);
  /** @param {number} moment */
  const utcDay = (moment) => new Date(moment).toISOString().slice(0, 10);
  const [stats, hours, tests, windows] = await Promise.all([
    get(`${path}/stats`, { from: dayBefore(range - 1), to: dayBefore(0) }, signal),
    get(`${path}/hours`, { from: utcDay(midnight(hoursShown(range) - 1)), to: dayBefore(0) }, signal),
    range === 1 ? testsOfDay(path, known?.tests, signal) : null,
    range <= LONGEST_CALENDAR && !who()?.customer ? windowsOf(it, range, signal) : [],
  ]);
  return { range, stats, hours: hours.items, tests, windows };
}

/**
 * @param {`api/v3/maildomains/${number}`} path
 * @param {Single | null | undefined} known
 * @param {AbortSignal} signal
 * @returns {Promise<Single>}
 */
async function testsOfDay(path, known, signal) {
  const since = now() - DAY;
  const whole = !known || now() - known.read > READ_ANEW;
  const found = new Map(whole ? [] : known.items.map((test) => [test.sendtime, test]));
  /** @type {string | null} */
  let after = "";
  for (let page = 0; page < (whole ? MOST_PAGES : 1); page += 1) {
    const given = await get(`${path}/mailtests`, { from: new Date(since).toISOString(), limit: PAGE, after }, signal);
    for (const test of given.items) found.set(test.sendtime, test);
    after = afterOf(given);
    if (!after) break;
  }
  const items = [...found.values()].filter(({ sendtime }) => millis(sendtime) >= since);
  return { read: whole ? now() : known.read, items, more: Boolean(whole && after) };
}

/**
 * Give the past and current maintenance of this domain.
 * @param {WholeDomain} it
 * @param {number} range
 * @param {AbortSignal} signal
 */
async function windowsOf(it, range, signal) {
  const from = Date.parse(`${dayBefore(range - 1)}T00:00:00Z`) - DAY;
  const { items } = await get(
    "api/v3/windows",
    { from: new Date(from).toISOString(), to: new Date(now()).toISOString() },
    signal,
  );
  /** @param {WindowOfCalendar} it */
  const holds = ({ scope, target }) =>
    scope === "all" ||
    (scope === "customer" ? target === it.customer : target.toLowerCase() === it.address.toLowerCase());
  return items
    .filter(holds)
    .flatMap(({ occurrences }) => occurrences ?? [])
    .map(({ start, end }) => ({ start: millis(start), end: Math.min(millis(end), now()) }));
}

/**
 * Give the periods to shade: known maintenance, and whole days or hours with tests in maintenance whose window has been
 * removed.
 * @template F
 * @param {Stretch[]} windows
 * @param {Slot<F>[]} slots
 * @param {(figures: F) => number} quietOf
 */
export function quietTimes(windows, slots, quietOf) {
  const [start, end] = [slots[0].start, slots[slots.length - 1].end];
  const known = windows.filter((it) => it.start < end && it.end > start);
  const others = slots.filter(
    (slot) => slot.figures && quietOf(slot.figures) && !known.some((it) => it.start < slot.end && it.end > slot.start),
  );
  return [...known, ...others.map((slot) => ({ start: slot.start, end: slot.end }))].sort(
    (one, other) => one.start - other.start,
  );
}
