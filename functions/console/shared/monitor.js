// The chip that says whether the monitor itself is well: in the rail, and on the wallboard, where there is none.

import { get } from "../api/calls.js";
import { write } from "../values/address.js";
import { now } from "../values/times.js";
import { h, refresh } from "./dom.js";
import { ago } from "./parts.js";

/** @import { Health, Looked } from "../types.js" */

const EVERY = 30;

/** @type {Looked | null} */
let looked = null;

/** Give the chip. It refreshes itself while it is on the page and the tab is visible. */
export function chip() {
  const place = h("a", { class: "health", href: write([]) });
  const again = () =>
    setTimeout(() => {
      if (!place.isConnected) return;
      if (document.hidden || (looked && Date.now() - looked.at < EVERY * 1_000)) again();
      else look(place).then(again);
    }, 1_000);
  if (looked) drawChip(place, looked);
  else place.append(h("i", { "aria-hidden": "true" }), h("span", {}, h("strong", {}, "Monitor"), " …"));
  look(place).then(again);
  return place;
}

/** @param {HTMLAnchorElement} place */
async function look(place) {
  /** @type {Partial<Health> & { status: number }} */
  const found = await get("api/v3/health").catch((problem) => ({ detail: problem.message, status: 0 }));
  /** @type {Looked} */
  const seen = {
    ...found,
    at: Date.now(),
    loop: momentOf(found.own_loop),
    round: momentOf(found.ages?.plan),
  };
  looked = seen;
  drawChip(place, seen);
}

/** @param {number | null | undefined} age seconds ago */
const momentOf = (age) => (age === null || age === undefined ? null : now() - age * 1_000);

/**
 * Tell whether no job has ever finished a round: in a stack's first minute, that is no fault.
 * @param {Looked} it
 */
const isNew = (it) => Object.values(it.ages ?? { plan: 0 }).every((age) => age === null);

/**
 * Draw it: a word, and when our own test mail came back last; without a loop of our own, when tests were planned last.
 * @param {HTMLAnchorElement} place
 * @param {Looked} it
 */
function drawChip(place, it) {
  const [kind, word] = it.monitor_fault
    ? ["bad", "Monitor: fault of ours"]
    : !it.status
      ? ["bad", "Monitor: no answer"]
      : isNew(it)
        ? ["warn", "Monitor: starting"]
        : it.status !== 200
          ? ["bad", "Monitor: in trouble"]
          : it.storm
            ? ["warn", "Monitor: mail storm"]
            : ["good", "Monitor OK"];
  place.className = `health ${kind}`;
  place.title = it.detail ?? "";
  const [what, when] = it.loop ? ["own loop ", it.loop] : ["last round ", it.round];
  refresh(place, [kind, word, what, when && Math.round(when / 1_000)], () => [
    h("i", { "aria-hidden": "true" }),
    h("span", {}, h("strong", {}, word), when ? h("span", { class: "muted" }, what, ago(when)) : null),
  ]);
}
