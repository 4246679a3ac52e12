// Warns above a page if something is wrong with the monitor itself, and shows in the title how many domains fail.

import { now } from "../values/times.js";
import { many } from "../values/words.js";
import { announce, h, refresh } from "./dom.js";
import { at } from "./parts.js";

/** @import { Ages, Child, Trouble } from "../types.js" */

const STALE = 5;

/**
 * What is missing where a job stays away, and what follows from it. Moments stand still here: an alert is read out
 * whenever it changes.
 * @type {Record<"plan" | "aggregate" | "alert", { missing: string, so: string }>}
 */
const ROUNDS = {
  plan: { missing: "No round of tests has been planned", so: "What follows is not up to date." },
  aggregate: { missing: "No test has been judged", so: "What follows is not up to date." },
  alert: { missing: "Alerts have not been checked", so: "Nobody is notified of new failures." },
};

const JOBS = /** @type {(keyof typeof ROUNDS)[]} */ (Object.keys(ROUNDS));

/**
 * Put the number of failing domains into the tab's title and icon.
 * @param {number} failing
 * @param {string} name
 */
export function showFailing(failing, name) {
  document.title = `${failing ? `(${failing}) ` : ""}${name} · MXTRAX`;
  /** @type {HTMLLinkElement | null} */
  const icon = document.querySelector('link[rel="icon"]');
  if (!icon) return;
  icon.dataset.plain ??= icon.getAttribute("href") ?? "";
  const text = failing > 99 ? "99" : String(failing);
  const drawn =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#b3261e"/>` +
    `<text x="16" y="23" font-family="sans-serif" font-size="20" font-weight="700" text-anchor="middle" ` +
    `fill="#fff">${text}</text></svg>`;
  const href = failing ? `data:image/svg+xml,${encodeURIComponent(drawn)}` : icon.dataset.plain;
  if (icon.getAttribute("href") !== href) {
    icon.setAttribute("href", href);
    announce(failing ? `${many(failing, "domain is", "domains are")} failing` : "No domain is failing");
  }
}

/** @param {number | null} age */
const since = (age) => (age === null ? null : Math.round((now() - age * 1000) / 1000));

/**
 * Warn where no round has been for too long, or where something is wrong with the monitor itself.
 * @param {HTMLElement} banner
 * @param {{ ages: Ages, monitor_fault: Trouble | null, storm: Trouble | null }} data
 */
export function drawBanner(banner, data) {
  const late = JOBS.filter((job) => (data.ages[job] === null ? job === "plan" : data.ages[job] > STALE * 60));
  refresh(banner, [late, data.ages.plan === null, data.monitor_fault, data.storm], () => [
    late.map((job) => {
      const last = since(data.ages[job]);
      const title =
        last === null
          ? "No round of tests has been planned yet."
          : [`${ROUNDS[job].missing} since `, at(last * 1000), ": something is wrong with the monitor."];
      return alarm(title, ROUNDS[job].so);
    }),
    data.monitor_fault
      ? alarm(
          ["The monitor itself has been in trouble since ", at(data.monitor_fault.since), "."],
          data.monitor_fault.evidence,
          "Alerts that this may have caused are on hold until it is over.",
        )
      : null,
    data.storm
      ? alarm(["Far more mail has come back than was sent since ", at(data.storm.since), "."], data.storm.evidence)
      : null,
  ]);
}

/**
 * @param {Child} title
 * @param {...string} more
 */
const alarm = (title, ...more) =>
  h(
    "div",
    { class: "notice bad", role: "alert" },
    h(
      "p",
      {},
      h("strong", {}, title),
      more.map((text) => [" ", text]),
    ),
  );
