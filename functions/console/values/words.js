// The words of MXTRAX as people read them.

/** @import { Status } from "../types.js" */

/**
 * The status of a domain: the worst first.
 * @type {Record<string, { word: string, means: string }>}
 */
export const STATUSES = {
  down: { word: "Down", means: "Its mail does not come back more often than its limits allow." },
  slow: { word: "Slow", means: "Its mail comes back too late more often than its limits allow." },
  suspect: {
    word: "Suspect",
    means: "The last tests went wrong, but still within its limits. It is tested more often now.",
  },
  setup: { word: "Set-up", means: "No test has been judged yet." },
  ok: { word: "OK", means: "Its tests come back in time." },
  paused: { word: "Paused", means: "It is not tested, and nobody is notified." },
};

/** Their names in the API. */
export const STATUS_NAMES = /** @type {Status[]} */ (Object.keys(STATUSES));

/** @type {Record<string, string>} */
export const VERDICTS = {
  pending: "in flight",
  ontime: "on time",
  late: "late",
  overdue: "overdue",
  failed: "failed",
  unsent: "not sent",
};

/**
 * How tests come back, and what to think of it.
 * @type {Record<string, { word: string, good?: boolean, note?: string }>}
 */
export const KINDS = {
  message: { word: "as a redirected message", good: true },
  "auto-reply": {
    word: "as an automatic reply",
    good: false,
    note:
      "Most mail systems reply to a sender only once a day, so the tests in between will be missing. Set up a " +
      "redirect instead.",
  },
  bounce: { word: "as a bounce", good: true },
};

/**
 * 1 test, 2 tests.
 * @param {number} count
 * @param {string} one
 * @param {string} [more]
 */
export const many = (count, one, more = `${one}s`) => `${count.toLocaleString()} ${count === 1 ? one : more}`;

/** @param {string | null | undefined} text */
export const sentence = (text) => (text ? text[0].toUpperCase() + text.slice(1) : "");

/**
 * How many domains fail, of the counts by status.
 * @param {{ down: number, slow: number }} counts
 */
export const failing = (counts) => counts.down + counts.slow;

/**
 * Give a share as people read it: never 100 % where one test was missed, never 0 % where one came back.
 * @param {number | null} share
 */
export function percent(share) {
  if (share === null) return null;
  if (share > 0 && share < 0.1) return "under 0.1 %";
  const parts = share > 99.9 ? 1_000 : 10;
  return `${(Math.floor(share * parts) / parts).toLocaleString(undefined, { maximumFractionDigits: 3 })} %`;
}
