// One test: what became of it, leg by leg, and what the servers said.

import { write } from "../address.js";
import { Problem, get } from "../api.js";
import { h, put } from "../dom.js";
import { ago, at, shape, verdictOf } from "../parts.js";
import { exact, millis, span } from "../times.js";
import { KINDS, sentence, why } from "../words.js";

const SOON = 2;
const LATER = 30;
const COMES = 90;

/** Show a test. While it is under way, it is looked at again and again. */
export function test(place, [testid = ""], query) {
  const asked = Date.now();
  let open = true;
  let before = "";
  return {
    every: () => (open ? SOON : LATER),
    load: async (signal) => {
      const it = await get(`api/v3/mailtests/${encodeURIComponent(testid)}`, {}, signal).catch((error) => {
        // Whoever has just asked for a test is here before it is sent.
        if (error instanceof Problem && error.status === 404 && query.new && Date.now() - asked < COMES * 1000) return null;
        throw error;
      });
      if (it === null) {
        if (before !== "waiting") put(place, h("h1", {}, "A test, just now"), h("p", { class: "notice", role: "status" }, "It is about to be sent; this page goes on looking."));
        before = "waiting";
        return;
      }
      open = it.verdict === "pending";
      document.title = `Test of ${it.maildomain} · MXTRAX`;
      const now = JSON.stringify(it);
      if (now !== before) put(place, page(it));
      before = now;
    },
  };
}

function page(it) {
  const kind = { failed: "bad", overdue: "bad", late: "warn", unsent: "warn", ontime: "good" }[it.verdict] ?? "";
  return [
    h("div", { class: "headline" }, h("h1", {}, "Test of ", h("a", { href: write(["domains", it.maildomain]) }, it.maildomain)), verdictOf(it.verdict)),
    h("p", { class: `notice ${kind}`, role: "status" }, it.sentence),
    h("div", { class: "columns" }, timeline(it), h("div", { class: "sheet" }, h("h2", {}, "Particulars"), particulars(it))),
  ];
}

function timeline(it) {
  const moments = [
    { at: it.sendtime, word: "We sent it", kind: "" },
    it.accepted && { at: it.accepted, word: "SES took it", kind: "good" },
    it.unsent && { ...said(it.unsent), word: "SES did not send it", kind: "warn" },
    it.deferred && { ...said(it.deferred), word: "Their server put it off", kind: "warn" },
    it.delivered && { ...said(it.delivered), word: "Their server took it", kind: "good" },
    it.refused && { ...said(it.refused), word: sentence(why(it.refused.cause)) || "Their server refused it", kind: "bad" },
    it.left && { at: it.left, word: "Their server handed it on", kind: "good", note: "by their clock" },
    it.receivetime && { at: it.receivetime, word: `Back in our inbox${it.returned_as && KINDS[it.returned_as] ? ` ${KINDS[it.returned_as].word}` : ""}`, kind: it.verdict === "ontime" ? "good" : "warn" },
  ].filter(Boolean).sort((one, other) => millis(one.at) - millis(other.at));
  const shapes = { good: "ok", bad: "failing", warn: "suspect", "": "pending" };
  const items = moments.map((moment, place) => h("li", { class: moment.kind },
    h("span", { class: "at" }, at(moment.at)),
    shape(shapes[moment.kind]),
    h("div", {}, h("strong", {}, moment.word), moment.server ? h("span", { class: "muted" }, ` (${moment.server})`) : null,
      place ? h("div", { class: "gap" }, `${after(moments[0].at, moment.at)}${moment.note ? `, ${moment.note}` : ""}`) : null,
      moment.text ? h("div", { class: "said" }, moment.text) : null)));
  const waiting = it.receivetime || it.verdict === "unsent" || it.verdict === "failed" ? null
    : h("li", {}, h("span", { class: "at" }), shape("new"), h("div", { class: "muted" }, it.verdict === "pending" ? "Not back yet; this page goes on looking." : "Not back; it may still come, late."));
  return h("section", { class: "sheet", "aria-labelledby": "way" }, h("h2", { id: "way" }, "Its way"), spans(it), h("ol", { class: "legs" }, items, waiting));
}

function after(first, moment) {
  const seconds = (millis(moment) - millis(first)) / 1000;
  return seconds < 1 ? "within a second" : `${span(Math.round(seconds), seconds < 10)} after it was sent`;
}

const said = (answer) => ({ at: answer.at, server: answer.server, text: [answer.status, answer.text].filter(Boolean).join(" ") });

const LEGS = { slow_outbound: "to their server", slow_inside: "inside their system", slow_return: "on the way back" };

function spans(it) {
  const all = it.legs.reduce((sum, leg) => sum + leg.took, 0);
  if (it.legs.length < 2 || all <= 0) return null;
  const words = it.legs.map((leg) => `${span(leg.took)} ${LEGS[leg.leg] ?? leg.leg}`);
  const bar = h("div", { class: "spans", role: "img", "aria-label": `Where the time went: ${words.join(", ")}` }, it.legs.map((leg) => {
    const part = h("span", { class: leg.leg });
    part.style.flexGrow = String(Math.max(0.002, leg.took / all));
    return part;
  }));
  return h("figure", {}, bar, h("figcaption", {}, it.legs.map((leg, place) => h("span", {}, h("span", { class: `swatch ${leg.leg}` }), words[place]))));
}

function particulars(it) {
  const rows = [
    ["Test id", h("code", {}, it.testid)],
    ["Sent", exact(it.sendtime)],
    ["Came back", it.receivetime ? exact(it.receivetime) : null],
    ["Took", it.took === null ? null : span(it.took)],
    ["On time within", span(it.maxreturntime)],
    ["Failed after", span(it.max_sec_until_fail)],
    ["Why", it.cause ? sentence(why(it.cause)) : null],
    ["Copies that came besides", it.copies ? String(it.copies) : null],
    ["First server on the way back", it.via],
    ["SES message id", it.ses_message_id ? h("code", {}, it.ses_message_id) : null],
    ["Counted", it.incl_in_stat ? "yes, for good" : it.verdict === "overdue" ? "yes, but it may still turn late" : "not yet"],
    ["Maintenance", it.quiet ? "sent during maintenance: kept apart from the figures" : null],
    ["Age", ago(it.sendtime)],
  ];
  return h("dl", { class: "facts" }, rows.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}
