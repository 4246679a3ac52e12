// A customer's month, to be read, printed and sent: for how long mail could be received, and what is left out of that.

import { file, get } from "../api/calls.js";
import { may } from "../api/session.js";
import { monthName, otherMonth } from "../shared/calendar.js";
import { pathOf } from "../shared/customers.js";
import { h, refresh } from "../shared/dom.js";
import { saveFile } from "../shared/files.js";
import { icon } from "../shared/icons.js";
import { table } from "../shared/lists.js";
import { at, nothing, show, statusOf, toast } from "../shared/parts.js";
import { addressOf, copied } from "../shared/public.js";
import { write } from "../values/address.js";
import { messageOf } from "../values/problems.js";
import { exact, now, span } from "../values/times.js";
import { many, percent, sentence } from "../values/words.js";

/** @import { MonthReport, Page, Query } from "../types.js" */

/**
 * Show the month that the address names, or the current one.
 * @param {HTMLElement} place
 * @param {string} codename
 * @param {Query} query
 * @returns {Page}
 */
export function month(place, codename, query) {
  let asked = query.month ?? "";
  return {
    every: () => 300,
    changed: (other) => {
      asked = other.month ?? "";
    },
    load: async (signal) => {
      const wanted = asked;
      const data = await get(`api/v3/customers/${encodeURIComponent(codename)}/month`, { month: wanted }, signal);
      if (wanted !== asked) return;
      document.title = `${data.friendlyname}, ${monthName(data.month)} · MXTRAX`;
      refresh(place, data, () => page(data));
    },
  };
}

/**
 * How long something lasted; a dash for zero.
 * @param {number} seconds
 */
const spent = (seconds) => (seconds ? span(seconds, true) : "–");

/** @param {MonthReport} it */
function page(it) {
  const path = ["customers", it.codename];
  /**
   * @param {number} away
   * @param {string} word
   */
  const link = (away, word) =>
    h(
      "a",
      {
        class: "button",
        "data-keep": `month${away}`,
        href: write([...path, "month"], { month: otherMonth(it.month, away) }),
      },
      word,
    );
  const lasts = Date.parse(it.until) > now() - 86_400_000;
  return [
    h("p", { class: "small no-print" }, h("a", { href: write(path) }, it.friendlyname)),
    h(
      "div",
      { class: "headline" },
      h("h1", {}, `${it.friendlyname}, ${monthName(it.month)}`),
      h(
        "div",
        { class: "row actions no-print" },
        h("nav", { class: "row", "aria-label": "Months" }, link(-1, "Earlier"), lasts ? null : link(1, "Later")),
        h("button", { type: "button", onclick: () => print() }, "Print"),
        may("operator")
          ? h("button", { type: "button", onclick: () => publicLink(it) }, icon("link"), "Public link")
          : null,
        h("button", { type: "button", onclick: () => csv(it) }, "CSV"),
      ),
    ),
    it.domains.length
      ? [whole(it), domains(it), incidents(it), leftOut(it), counting(it)]
      : nothing("There are no domains."),
  ];
}

/**
 * Show the address of this month on the customer's public page, to those who may hand it on.
 * @param {MonthReport} it
 */
async function publicLink(it) {
  try {
    const { link } = await get(pathOf(it));
    show(
      "Public link of this month",
      link
        ? [
            h(
              "p",
              { class: "muted" },
              "Anybody who has it sees this month without signing in, without mailboxes and causes.",
            ),
            copied("Link", `${addressOf(link)}/month/${it.month}`),
          ]
        : h("p", {}, "This customer has no public page yet. Make its link on the page of the customer first."),
    );
  } catch (problem) {
    toast(messageOf(problem), "bad");
  }
}

/** @param {MonthReport} it */
async function csv(it) {
  try {
    const { blob } = await file(`api/v3/customers/${encodeURIComponent(it.codename)}/month/csv?month=${it.month}`);
    saveFile(blob, `${it.codename}-${it.month}.csv`);
  } catch (problem) {
    toast(messageOf(problem), "bad");
  }
}

/**
 * What counts most: the share, and how much of what was allowed is used.
 * @param {MonthReport} it
 */
function whole({ time, target_percent: target, figures, until }) {
  const share = time.availability_percent;
  const kept = share !== null && share >= target;
  const facts = [
    ["Down", spent(time.down)],
    ["Slow", time.slow ? spent(time.slow) : null],
    ["Tests", figures.total_num.toLocaleString()],
    ["On time", percent(figures.ontime_percent)],
    ["Average", figures.average_delivery_time === null ? null : span(figures.average_delivery_time)],
    ["95 % within", figures.p95_delivery_time === null ? null : span(figures.p95_delivery_time)],
  ].filter(([, value]) => value);
  return h(
    "section",
    { class: "sheet", "aria-label": "Availability" },
    share === null
      ? h("p", {}, "Nothing was measured in this month.")
      : [
          h(
            "p",
            { class: `share ${kept ? "good" : "bad"}` },
            h("b", {}, percent(share)),
            " available; the target is ",
            `${target.toLocaleString()} %`,
          ),
          h(
            "p",
            {},
            time.allowed
              ? [
                  h("strong", {}, time.down ? span(time.down) : "No time"),
                  time.down > time.allowed
                    ? ` down; the target allows ${span(time.allowed)}.`
                    : ` down, of the ${span(time.allowed)} that the target allows.`,
                ]
              : `${time.down ? span(time.down) : "No time"} down; the target allows none.`,
          ),
          time.allowed
            ? h("progress", {
                max: time.allowed,
                value: Math.min(time.down, time.allowed),
                class: kept ? "" : "over",
                "aria-label": "How much of the time allowed is used",
              })
            : null,
        ],
    h(
      "dl",
      { class: "facts figures" },
      facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
    ),
    h("p", { class: "small muted" }, "Until ", exact(until), "."),
  );
}

/** @param {MonthReport} it */
function domains(it) {
  const rows = h(
    "tbody",
    {},
    it.domains.map((each) =>
      h(
        "tr",
        { "data-row": true },
        h(
          "td",
          { class: "address" },
          h("a", { href: write(["domains", String(each.domain_id)]), "data-go": true }, each.address),
        ),
        h("td", { class: "number", "data-name": "available" }, percent(each.time.availability_percent) ?? "–"),
        h("td", { class: "number", "data-name": "down" }, each.time.down ? spent(each.time.down) : ""),
        h("td", { class: "number", "data-name": "slow" }, each.time.slow ? spent(each.time.slow) : ""),
        h("td", { class: "number", "data-name": "incidents" }, each.incidents || ""),
        h("td", { class: "number", "data-name": "on time" }, percent(each.figures.ontime_percent) ?? ""),
        h("td", { class: "number", "data-name": "left out" }, each.time.left_out ? spent(each.time.left_out) : ""),
        h(
          "td",
          { class: "number", "data-name": "unmeasured" },
          each.time.unmeasured ? spent(each.time.unmeasured) : "",
        ),
      ),
    ),
  );
  const numbers = ["Available", "Down", "Slow", "Incidents", "On time", "Left out", "Unmeasured"];
  return h(
    "section",
    { class: "part", "aria-labelledby": "domains" },
    h("h2", { id: "domains" }, "Domains"),
    table("Domains", ["Domain", ...numbers], rows, numbers),
  );
}

/** @param {MonthReport} it */
function incidents(it) {
  const rows = h(
    "tbody",
    {},
    it.incidents.map((each) =>
      h(
        "tr",
        {},
        h("td", {}, statusOf(each.slow ? "slow" : "down")),
        h("td", { class: "address" }, each.address),
        h("td", { class: "nowrap" }, at(each.opened)),
        h("td", { class: "nowrap", "data-name": "lasted" }, span(each.lasted, true), each.closed ? "" : " so far"),
        h("td", { class: "cause" }, sentence(each.why)),
      ),
    ),
  );
  return h(
    "section",
    { class: "part", "aria-labelledby": "incidents" },
    h("h2", { id: "incidents" }, "Incidents"),
    it.incidents.length
      ? table("Incidents", ["Status", "Domain", "Began", "Lasted", "Why"], rows)
      : h("p", { class: "muted" }, "None."),
  );
}

/** @param {MonthReport} it */
function leftOut(it) {
  if (!it.left_out.length) return null;
  const rows = h(
    "tbody",
    {},
    it.left_out.map((each) =>
      h(
        "tr",
        {},
        h("td", { class: "nowrap" }, at(each.start)),
        h(
          "td",
          { class: "nowrap", "data-name": "lasted" },
          span((Date.parse(each.end) - Date.parse(each.start)) / 1_000, true),
        ),
        h("td", {}, each.ours ? "A fault of the monitor itself" : "Maintenance"),
        h("td", { class: "target" }, each.target && each.target !== it.codename ? each.target : "all"),
      ),
    ),
  );
  return h(
    "section",
    { class: "part", "aria-labelledby": "left-out" },
    h("h2", { id: "left-out" }, `Left out: ${many(it.left_out.length, "period")}`),
    table("Left out", ["From", "Lasted", "Why", "Which domains"], rows),
  );
}

/** @param {MonthReport} it */
const counting = (it) =>
  h(
    "p",
    { class: "small muted" },
    `The month is in the time zone ${it.zone}. A domain is down from the opening of an incident to its end; ` +
      "while mail only comes back late, it is slow, and available. ",
    "Maintenance, faults of the monitor itself, and days on which nothing was measured are not counted. All " +
      "domains count alike.",
  );
