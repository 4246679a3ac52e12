// Limits come in pairs, a number and a share: above either is too many. So raising one alone changes nothing while the
// other is 0.

/** @import { Setting } from "../types.js" */

const PAIRS = [
  ["maxfailnumber", "maxfailpercentage"],
  ["maxlatenumber", "maxlatepercentage"],
];

/**
 * The value for no limit in a domain's own settings; null there means: as in the settings for all domains.
 * @type {Record<string, number>}
 */
const NO_LIMIT = { maxfailnumber: 1_000_000, maxlatenumber: 1_000_000, maxfailpercentage: 100, maxlatepercentage: 100 };

/**
 * Give the other limit of a pair; null if this is not a limit.
 * @param {string} name
 */
export const twinOf = (name) =>
  PAIRS.flatMap(([one, other]) => (name === one ? [other] : name === other ? [one] : []))[0] ?? null;

/**
 * Tell whether a limit can never be exceeded.
 * @param {string} name
 * @param {number | null} value
 */
export const isNone = (name, value) => value === null || value >= (NO_LIMIT[name] ?? Infinity);

/**
 * Write a limit of a domain's own.
 * @param {Setting} setting
 * @param {number | null} value
 */
export const limitText = (setting, value) =>
  setting.name in NO_LIMIT && isNone(setting.name, value) ? "none" : setting.write(value);

/**
 * Read a limit: "none", or what the setting takes; null if it is neither.
 * @param {Setting} setting
 * @param {string} typed
 */
export const readLimit = (setting, typed) =>
  setting.name in NO_LIMIT && /^none$/i.test(typed.trim()) ? NO_LIMIT[setting.name] : setting.read(typed);

/**
 * Give what the other limit of a pair has to become so that this one has an effect: none, if it is 0 and was not set by
 * hand. Null if nothing has to change.
 * @param {string} name
 * @param {number | null} value
 * @param {number | null} twinValue
 */
export function twinNeeded(name, value, twinValue) {
  const twin = twinOf(name);
  return twin && value !== null && value > 0 && twinValue === 0 ? NO_LIMIT[twin] : null;
}
