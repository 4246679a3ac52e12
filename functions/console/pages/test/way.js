// The timeline of a test: when it reached which server, and where the time went.

import { h } from "../../shared/dom.js";
import { at, shape } from "../../shared/parts.js";
import { sheet } from "../../shared/sheets.js";
import { millis, span } from "../../values/times.js";
import { KINDS, sentence } from "../../values/words.js";

/** @import { Happened, ServerReply, WholeTest } from "../../types.js" */
/** @type {Record<string, string>} */
const SHAPES = { good: "ok", bad: "down", warn: "suspect", "": "pending" };

/** @type {Record<string, string>} */
const LEGS = { slow_outbound: "to their server", slow_inside: "inside their system", slow_return: "on the way back" };

/**
 * Draw the legs in order of time.
 * @param {WholeTest} it
 */
export function way(it) {
  const known = moments(it);
  const items = known.map((moment, place) =>
    h(
      "li",
      { class: moment.kind },
      h("span", { class: "at" }, at(moment.at)),
      shape(SHAPES[moment.kind]),
      h(
        "div",
        {},
        h("strong", {}, moment.word),
        moment.server ? h("span", { class: "muted" }, ` (${moment.server})`) : null,
        place
          ? h("div", { class: "gap" }, `${after(known[0].at, moment.at)}${moment.note ? `, ${moment.note}` : ""}`)
          : null,
        moment.text ? h("div", { class: "said" }, moment.text) : null,
      ),
    ),
  );
  return sheet("way", "Timeline", spans(it), h("ol", { class: "legs" }, items, waiting(it)));
}

/**
 * @param {WholeTest} it
 * @returns {Happened[]}
 */
function moments(it) {
  const kind = KINDS[it.returned_as ?? ""]?.word;
  /** @type {(Happened | "" | null)[]} */
  const all = [
    { at: it.sendtime, word: "We sent it", kind: "" },
    it.accepted && { at: it.accepted, word: "SES accepted it", kind: "good" },
    it.unsent && { ...said(it.unsent), word: sentence(it.unsent.why) || "SES did not send it", kind: "warn" },
    it.deferred && { ...said(it.deferred), word: `Their server deferred it${byMail(it.deferred)}`, kind: "warn" },
    it.delivered && { ...said(it.delivered), word: "Their server accepted it", kind: "good" },
    it.refused && {
      ...said(it.refused),
      word: `${sentence(it.refused.why) || "Their server refused it"}${byMail(it.refused)}`,
      kind: it.refused.by_mail ? "warn" : "bad",
    },
    it.left && { at: it.left, word: "Their server handed it on", kind: "good", note: "by their clock" },
    it.receivetime && {
      at: it.receivetime,
      word: `Back in our inbox${kind ? ` ${kind}` : ""}`,
      kind: it.verdict === "ontime" ? "good" : "warn",
    },
  ];
  return all.flatMap((each) => each || []).sort((one, other) => millis(one.at) - millis(other.at));
}

/** @param {ServerReply} reply */
const byMail = (reply) => (reply.by_mail ? ", says a report by mail" : "");

/**
 * What a server said, with its status unless the text contains it.
 * @param {ServerReply} it
 */
function said({ at: moment, server, status, text }) {
  return { at: moment, server, text: text.includes(status) ? text : [status, text].filter(Boolean).join(" ") };
}

/**
 * @param {string} first
 * @param {string} moment
 */
function after(first, moment) {
  const seconds = (millis(moment) - millis(first)) / 1000;
  return seconds < 1 ? "within a second" : `${span(Math.round(seconds), seconds < 10)} after it was sent`;
}

/** @param {WholeTest} it */
function waiting(it) {
  if (it.receivetime || it.verdict === "unsent" || it.verdict === "failed") return null;
  return h(
    "li",
    {},
    h("span", { class: "at" }),
    shape("setup"),
    h(
      "div",
      { class: "muted" },
      it.verdict === "pending" ? "Not back yet; this page updates itself." : "Not back; it may still come back late.",
    ),
  );
}

/** @param {WholeTest} it */
function spans(it) {
  const all = it.legs.reduce((sum, leg) => sum + leg.took, 0);
  if (it.legs.length < 2 || all <= 0) return null;
  const words = it.legs.map((leg) => `${span(leg.took)} ${LEGS[leg.leg] ?? leg.leg}`);
  const bar = h(
    "div",
    { class: "spans", role: "img", "aria-label": `Where the time went: ${words.join(", ")}` },
    it.legs.map((leg) => {
      const part = h("span", { class: leg.leg });
      part.style.flexGrow = String(Math.max(0.002, leg.took / all));
      return part;
    }),
  );
  return h(
    "figure",
    {},
    bar,
    h(
      "figcaption",
      {},
      it.legs.map((leg, place) => h("span", {}, h("span", { class: `swatch ${leg.leg}` }), words[place])),
    ),
  );
}
