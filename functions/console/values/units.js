// Durations as people type them: 5 min, 2 h 30 min, 90 d; a bare number is in the setting's own unit.

/** @import { Unit } from "../types.js" */

/**
 * The units that settings are kept in, in seconds.
 * @type {Record<Unit, number>}
 */
const UNIT = { s: 1, min: 60, h: 3_600, d: 86_400 };

/** @type {Record<Unit, string>} */
const NAMES = { s: "seconds", min: "minutes", h: "hours", d: "days" };

/** @type {[RegExp, number][]} */
const WORDS = [
  [/^(d|days?)$/, 86_400],
  [/^(h|hrs?|hours?)$/, 3_600],
  [/^(m|mins?|minutes?)$/, 60],
  [/^(s|secs?|seconds?)$/, 1],
];

/**
 * Write a duration of so many units to the last second.
 * @param {number} value
 * @param {Unit} unit
 */
export function written(value, unit) {
  let left = Math.round(value * UNIT[unit]);
  if (!left) return `0 ${unit}`;
  const parts = [];
  for (const [name, size] of Object.entries(UNIT).toReversed()) {
    const count = Math.floor(left / size);
    if (count) parts.push(`${count} ${name}`);
    left -= count * size;
  }
  return parts.join(" ");
}

/**
 * Say the same in the unit that it is kept in: 300 seconds; nothing where it is written in that.
 * @param {number} value
 * @param {Unit} unit
 */
export function plain(value, unit) {
  return written(value, unit) === `${value} ${unit}`
    ? ""
    : `${value.toLocaleString()} ${value === 1 ? NAMES[unit].slice(0, -1) : NAMES[unit]}`;
}

/**
 * Read a duration into so many units; null where it is none.
 * @param {string} text
 * @param {Unit} unit
 */
export function duration(text, unit) {
  const typed = text.trim().toLowerCase().replaceAll(",", ".");
  if (/^\d+(\.\d+)?$/.test(typed)) return Number(typed);
  if (!/^(\d+(\.\d+)?\s*[a-z]+\s*)+$/.test(typed)) return null;
  let seconds = 0;
  for (const [, number, word] of typed.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const size = WORDS.find(([pattern]) => pattern.test(word))?.[1];
    if (!size) return null;
    seconds += Number(number) * size;
  }
  return Math.round((seconds / UNIT[unit]) * 1_000_000) / 1_000_000;
}

/**
 * Read a number as people write it, with a point or a comma, and with or without %; null where it is none.
 * @param {string} text
 */
export function number(text) {
  const typed = text.trim().replace(",", ".").replace(/\s*%$/, "");
  return /^-?\d+(\.\d+)?$/.test(typed) ? Number(typed) : null;
}
