// The one sentence that says how things are, with the one number that counts. Pure functions of the API's answer.

import { many } from "./words.js";

/** @import { Concerned, Overview } from "../types.js" */

/**
 * Count domains instead of customers if the reader sees only one customer, or if there are none.
 * @param {Concerned} it
 * @param {boolean} byDomain
 * @param {string} one
 * @param {string} more
 */
function counted(it, byDomain, one, more) {
  const [number, what] = byDomain ? [it.domains, "domain"] : [it.customers, "customer"];
  return { number, words: `${number === 1 ? what : `${what}s`} ${number === 1 ? one : more}` };
}

/**
 * Give the severity, the number, and what it counts. `byDomain`: there are no customers to count.
 * @param {Overview} it
 * @param {boolean} [byDomain]
 */
export function headline(it, byDomain = false) {
  const { counts } = it;
  const tested = counts.total - counts.setup - counts.paused;
  if (it.down.domains)
    return { kind: "bad", ...counted(it.down, byDomain, "cannot receive mail", "cannot receive mail") };
  if (it.slow.domains)
    return { kind: "warn", ...counted(it.slow, byDomain, "gets its mail late", "get their mail late") };
  if (it.held.domains)
    return {
      kind: "warn",
      ...counted(it.held, byDomain, "may be down, or the fault is ours", "may be down, or the fault is ours"),
    };
  if (!counts.total) return { kind: "calm", number: null, words: "No domains yet" };
  if (!tested) return { kind: "calm", number: null, words: "No domain is in service yet" };
  if (it.quiet.domains) return { kind: "calm", number: null, words: "Nothing needs attention" };
  return {
    kind: "good",
    number: tested,
    words: tested === 1 ? "mailbox is tested, and it answers" : "mailboxes are tested, and none fails",
  };
}

/**
 * Give the other counts in a few words, the most severe first.
 * @param {Overview} it
 */
export function besides(it) {
  const { counts } = it;
  const found = [
    it.down.domains && it.slow.domains ? `${many(it.slow.domains, "domain is", "domains are")} slow` : "",
    (it.down.domains || it.slow.domains) && it.held.domains
      ? `${many(it.held.domains, "domain", "domains")} on hold: the fault may be ours`
      : "",
    it.quiet.domains ? `${it.quiet.domains.toLocaleString()} failing, but quiet` : "",
    counts.suspect ? `${counts.suspect.toLocaleString()} suspect` : "",
    counts.setup ? `${counts.setup.toLocaleString()} in set-up` : "",
    counts.paused ? `${counts.paused.toLocaleString()} paused` : "",
  ];
  return found.filter(Boolean);
}
