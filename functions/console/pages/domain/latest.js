// The latest tests of a domain, and its incidents.

import { afterOf, get } from "../../api/calls.js";
import { h, refreshRows } from "../../shared/dom.js";
import { at, nothing, toast, verdictOf } from "../../shared/parts.js";
import { scrolled, sheet } from "../../shared/sheets.js";
import { write } from "../../values/address.js";
import { messageOf } from "../../values/problems.js";
import { span } from "../../values/times.js";
import { KINDS, sentence } from "../../values/words.js";
import { incidentHead, incidentRow } from "../incidents.js";

/** @import { Incident, Test, TestList } from "../../types.js" */

/**
 * The tests, the latest first. `older` are further pages that were loaded, and `more` is called with one page more.
 * @param {string} name
 * @param {TestList} first
 * @param {TestList[]} older
 * @param {(pages: TestList[]) => void} more
 */
export function latest(name, first, older, more) {
  const known = new Set(first.items.map((it) => it.sendtime));
  const tests = [...first.items, ...older.flatMap((page) => page.items).filter((it) => !known.has(it.sendtime))];
  const rows = h("tbody", {});
  refreshRows(rows, tests, (it) => it.sendtime, testRow);
  const next = (older.at(-1) ?? first).next;
  /** @param {MouseEvent & { target: any }} event */
  const show = async (event) => {
    event.target.disabled = true;
    try {
      more([
        ...older,
        await get(`api/v3/maildomains/${encodeURIComponent(name)}/mailtests`, { limit: 100, after: afterOf({ next }) }),
      ]);
    } catch (error) {
      toast(messageOf(error), "bad");
      event.target.disabled = false;
    }
  };
  return sheet(
    "latest",
    "Latest tests",
    tests.length
      ? scrolled(
          "latest",
          h(
            "table",
            { class: "cards" },
            h(
              "thead",
              {},
              h(
                "tr",
                {},
                ["Sent", "Verdict", "Took", "Why", "Came back"].map((word) =>
                  h("th", { scope: "col", class: word === "Took" ? "number" : null }, word),
                ),
              ),
            ),
            rows,
          ),
        )
      : nothing("No test has been sent yet."),
    next ? h("div", {}, h("button", { type: "button", "data-keep": "older", onclick: show }, "Older tests")) : null,
  );
}

/** @param {Test} it */
const testRow = (it) =>
  h(
    "tr",
    {},
    h(
      "td",
      { class: "nowrap" },
      it.testid
        ? h("a", { href: write(["tests", it.testid]), "data-keep": it.testid }, at(it.sendtime))
        : at(it.sendtime),
    ),
    h("td", {}, verdictOf(it.verdict)),
    h("td", { class: "number nowrap" }, it.took === null ? "" : span(it.took)),
    h(
      "td",
      { class: "cause" },
      sentence(it.why),
      it.quiet ? h("span", { class: "muted" }, it.cause ? ", in maintenance" : "In maintenance") : null,
    ),
    h("td", {}, it.returned_as ? sentence(KINDS[it.returned_as]?.word ?? it.returned_as) : ""),
  );

/**
 * The incidents, the latest first.
 * @param {Incident[]} incidents
 * @param {{ withDomain?: boolean }} [it]
 */
export function history(incidents, { withDomain = false } = {}) {
  const withPeople = incidents.some((it) => it.acknowledged || it.note);
  const rows = h("tbody", {});
  refreshRows(
    rows,
    incidents,
    (it) => it.id,
    (it) => incidentRow(it, { withDomain, withCustomer: false, withPeople }),
  );
  return sheet(
    "incidents",
    "Incidents",
    incidents.length
      ? scrolled("incidents", h("table", { class: "cards" }, incidentHead({ withDomain, withPeople }), rows))
      : nothing("None yet."),
  );
}
