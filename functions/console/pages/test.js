// One test: each leg of its way, what the servers said, and what is kept of the mail that came back.

import { get, Problem } from "../api/calls.js";
import { who } from "../api/session.js";
import { h, put, refresh } from "../shared/dom.js";
import { ago, verdictOf } from "../shared/parts.js";
import { sheet } from "../shared/sheets.js";
import { write } from "../values/address.js";
import { exact, span } from "../values/times.js";
import { sentence } from "../values/words.js";
import { clockNote } from "../values/zones.js";
import { headers, hops, integrity } from "./test/trace.js";
import { way } from "./test/way.js";

/** @import { MakePage, WholeTest } from "../types.js" */

const SOON = 2;
const LATER = 30;
const COMES = 90;

/**
 * Show a test. While it is under way, it is read every few seconds.
 * @type {MakePage}
 */
export function test(place, [testid = ""], query) {
  const asked = Date.now();
  let open = true;
  let waiting = false;
  /** @type {string | null} */
  let zone = null;
  return {
    every: () => (open ? SOON : LATER),
    load: async (signal) => {
      const it = await get(`api/v3/mailtests/${encodeURIComponent(testid)}`, {}, signal).catch((error) => {
        // Right after "Send a test now", the test may not have been sent yet.
        if (error instanceof Problem && error.status === 404 && query.new && Date.now() - asked < COMES * 1000)
          return null;
        throw error;
      });
      if (it === null) {
        if (!waiting)
          put(
            place,
            h("h1", {}, "A test, just now"),
            h("p", { class: "notice", role: "status" }, "It is about to be sent; this page updates itself."),
          );
        waiting = true;
        return;
      }
      open = it.verdict === "pending";
      zone ??= who()?.customer ? null : (await get("api/v3/config", {}, signal)).timezone;
      document.title = `Test of ${it.maildomain} · MXTRAX`;
      refresh(place, [it, zone], () => page(it, zone));
    },
  };
}

/**
 * @param {WholeTest} it
 * @param {string | null} zone
 */
function page(it, zone) {
  const kind = { failed: "bad", overdue: "bad", late: "warn", unsent: "warn", ontime: "good", pending: "" }[it.verdict];
  const note = clockNote(it.sentence, zone);
  const whose =
    it.domain_id === null
      ? it.maildomain
      : h("a", { href: write(["domains", String(it.domain_id)]), "data-keep": "domain" }, it.maildomain);
  return [
    h("div", { class: "headline" }, h("h1", {}, "Test of ", whose), verdictOf(it.verdict)),
    h(
      "div",
      { class: `notice ${kind}`, role: "status" },
      h("div", { class: "lines" }, h("p", {}, it.sentence), note ? h("p", { class: "small" }, note) : null),
    ),
    h("div", { class: "columns" }, way(it), sheet("particulars", "Details", particulars(it))),
    h("div", { class: "columns" }, hops(it), integrity(it)),
    headers(it),
  ];
}

/** @param {WholeTest} it */
function particulars(it) {
  /** @param {string} at */
  const moment = (at) => [ago(at), h("div", { class: "small muted" }, exact(at))];
  const rows = [
    ["Sent", moment(it.sendtime)],
    ["Came back", it.receivetime ? moment(it.receivetime) : null],
    ["Took", it.took === null ? null : span(it.took)],
    ["On time within", span(it.maxreturntime)],
    ["Given up after", span(it.max_sec_until_fail)],
    ["Why", it.why ? sentence(it.why) : null],
    ["Further copies", it.copies ? it.copies.toLocaleString() : null],
    ["First server on the way back", it.via],
    [
      "Counted",
      it.incl_in_stat ? "yes, for good" : it.verdict === "overdue" ? "yes, but it may still come back late" : "not yet",
    ],
    ["Maintenance", it.quiet ? "sent during maintenance: kept apart from the figures" : null],
    ["Test ID", it.testid ? h("code", {}, it.testid) : null],
    ["SES message ID", it.ses_message_id ? h("code", {}, it.ses_message_id) : null],
  ];
  return h(
    "dl",
    { class: "facts" },
    rows.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );
}
