// Moments and durations as people say them, in their own time zone.

/** @import { Moment } from "../types.js" */

/** @type {Intl.DateTimeFormatOptions} */
const MINUTE = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
/** @type {Intl.DateTimeFormatOptions} */
const SECOND = { ...MINUTE, second: "2-digit" };
/** @type {Intl.DateTimeFormatOptions} */
const DATE = { day: "numeric", month: "short" };

/** @param {Intl.DateTimeFormatOptions} parts */
const inWords = (parts) => new Intl.DateTimeFormat(undefined, parts);

/** 14:03. */
export const clock = inWords(MINUTE);
/** Sat 14:03. */
export const weekdayAndClock = inWords({ weekday: "short", ...MINUTE });
/** Sat 21 Nov. */
export const weekdayAndDate = inWords({ weekday: "short", ...DATE });
/** Sat 21 Nov, 14:03. */
export const dateAndClock = inWords({ weekday: "short", ...DATE, ...MINUTE });

const toTheSecond = inWords(SECOND);
const earlier = inWords({ ...DATE, ...MINUTE });
const whole = inWords({ weekday: "short", year: "numeric", ...DATE, ...SECOND, timeZoneName: "short" });
const day = inWords({ ...DATE, timeZone: "UTC" });
const longDay = inWords({ weekday: "short", year: "numeric", ...DATE, timeZone: "UTC" });

const DAY = 86_400_000;
let ahead = 0;

/**
 * Note how far the server's clock is ahead of this machine's, if they differ by more than the answer took.
 * @param {string} date
 */
export function setClock(date) {
  const away = Date.parse(date) + 500 - Date.now();
  ahead = Math.abs(away) > 5_000 ? away : 0;
}

/** The server's time. */
export const now = () => Date.now() + ahead;

/** @param {Moment} moment */
export const millis = (moment) => (typeof moment === "number" ? moment : Date.parse(moment));

/**
 * 14:03:07 today, 21 Nov, 14:03 before.
 * @param {Moment} moment
 */
export function clockTime(moment) {
  const at = millis(moment);
  return new Date(at).toDateString() === new Date(now()).toDateString() ? toTheSecond.format(at) : earlier.format(at);
}

/**
 * The exact moment here, and in UTC.
 * @param {Moment} moment
 */
export function exact(moment) {
  const at = millis(moment);
  const here = whole.format(at);
  return / UTC$/.test(here) ? here : `${here} (${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC)`;
}

/**
 * 40 s ago, in 3 min, 2 h 5 min ago.
 * @param {Moment} moment
 */
export function relative(moment) {
  const away = millis(moment) - now();
  if (Math.abs(away) < 1_500) return "now";
  const rough = span(Math.abs(away) / 1000, true);
  return away > 0 ? `in ${rough}` : `${rough} ago`;
}

/**
 * A duration in seconds: 0.4 s, 42 s, 5 min 3 s, 2 h 5 min, 3 d 4 h.
 * @param {number | null | undefined} seconds
 * @param {boolean} [rough]
 */
export function span(seconds, rough = false) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 10 && !rough) return `${seconds.toFixed(1)} s`;
  const all = Math.round(seconds);
  /** @type {[string, number][]} */
  const units = [
    ["d", 86_400],
    ["h", 3_600],
    ["min", 60],
    ["s", 1],
  ];
  for (const [place, [name, size]] of units.slice(0, 3).entries()) {
    if (all < size) continue;
    const [lesser, lesserSize] = units[place + 1];
    const more = Math.floor((all % size) / lesserSize);
    const few = rough && (name === "min" || all >= 10 * size);
    return more && !few ? `${Math.floor(all / size)} ${name} ${more} ${lesser}` : `${Math.floor(all / size)} ${name}`;
  }
  return `${all} s`;
}

/**
 * A date like 2026-11-22 as 22 Nov.
 * @param {string} d
 */
export const dayName = (d) => day.format(Date.parse(`${d}T00:00:00Z`));

/** @param {string} d */
export const longDayName = (d) => longDay.format(Date.parse(`${d}T00:00:00Z`));

/**
 * The date, in UTC, some days before today.
 * @param {number} days
 */
export const dayBefore = (days) => new Date(now() - days * DAY).toISOString().slice(0, 10);
