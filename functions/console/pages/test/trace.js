// What is kept of the mail that came back: its hops, what was checked, what was changed, and its headers. All of it as
// text.

import { h } from "../../shared/dom.js";
import { at } from "../../shared/parts.js";
import { scrolled, sheet } from "../../shared/sheets.js";
import { span } from "../../values/times.js";
import { many } from "../../values/words.js";

/** @import { Hop, WholeTest } from "../../types.js" */

const SLOW = 60;

/**
 * Show the servers that a mail passed through, in that order; if none are kept, say so.
 * @param {WholeTest} it
 */
export function hops(it) {
  if (!it.hops.length) return sheet("hops", "Through which servers", h("p", { class: "muted" }, absent(it)));
  const skewed = it.hops.some((hop) => hop.skew);
  const heads = [
    ["At", ""],
    ["Gap", "number"],
    ["Taken by", ""],
    ["How", ""],
  ].map(([word, kind]) => h("th", { scope: "col", class: kind || null }, word));
  return sheet(
    "hops",
    `Through ${many(it.hops.length, "server")}`,
    scrolled("hops", h("table", {}, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, it.hops.map(hopRow)))),
    h(
      "p",
      { class: "small muted" },
      "As the servers wrote it, each by its own " +
        `clock${skewed ? "; around one that is behind, the gaps say little" : ""}. Their names are ` +
        "chosen by them.",
    ),
  );
}

/** @param {Hop} hop */
function hopRow(hop) {
  return h(
    "tr",
    {},
    h("td", { class: "nowrap" }, hop.at ? at(hop.at) : h("span", { class: "muted" }, "no time")),
    h("td", { class: "number nowrap" }, gap(hop)),
    h(
      "td",
      { class: "target" },
      hop.by || h("span", { class: "muted" }, "unnamed"),
      hop.from ? h("div", { class: "small muted" }, `from ${hop.from}`) : null,
    ),
    h("td", {}, [hop.protocol, hop.tls ? "encrypted" : ""].filter(Boolean).join(", ")),
  );
}

/** @param {Hop} hop */
function gap(hop) {
  if (hop.skew)
    return h(
      "span",
      { class: "chip", title: "This server's clock is behind that of the one before it." },
      "clock behind",
    );
  if (hop.gap === null) return "";
  return h(hop.gap >= SLOW ? "strong" : "span", {}, `+${span(hop.gap, hop.gap < 10)}`);
}

/** @param {WholeTest} it */
function absent(it) {
  if (!it.receivetime) return "Nothing has come back, so there are no headers to read them from.";
  return "None of its headers are kept: they named no servers, or the test came back before routes were recorded.";
}

/** @type {["spf" | "dkim" | "dmarc" | "arc" | "spam" | "virus", string][]} */
const CHECKS = [
  ["spf", "SPF"],
  ["dkim", "DKIM"],
  ["dmarc", "DMARC"],
  ["arc", "ARC"],
  ["spam", "Spam check"],
  ["virus", "Virus check"],
];

/** @type {Record<string, string>} */
const BODY = {
  intact: "unchanged: our DKIM signature still matches",
  changed: "changed on the way: our DKIM signature no longer matches",
};

/**
 * Show what our inbox made of the mail, and what was done to it on the way; null where nothing came back.
 * @param {WholeTest} it
 */
export function integrity(it) {
  const found = it.integrity;
  if (!it.receivetime && !found) return null;
  const checks = CHECKS.filter(([name]) => found?.[name]);
  const checked = checks.map(([name, word]) => [word, verdict(found?.[name] ?? "")]);
  const changed = found
    ? [
        ["Text", found.dkim_body ? (BODY[found.dkim_body] ?? found.dkim_body) : null],
        ["Added before the subject", quoted(found.subject_before)],
        ["Added after the subject", quoted(found.subject_after)],
        ["Added below the text", quoted(found.footer)],
      ]
    : [];
  const rows = [...checked, ...changed].filter(([, value]) => value);
  return sheet(
    "integrity",
    "As it came back",
    rows.length
      ? h(
          "dl",
          { class: "facts" },
          rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
        )
      : h("p", { class: "muted" }, "No checks or changes were recorded for this one."),
    rows.length
      ? h(
          "p",
          { class: "small muted" },
          "Checked when our inbox received it. A redirect keeps DKIM and breaks SPF: that is normal, and no reason " +
            "for alarm.",
        )
      : null,
  );
}

/** @param {string | null} text */
const quoted = (text) => (text ? `“${text}”` : null);

const GOOD = new Set(["pass"]);
const BAD = new Set(["fail", "permerror", "softfail"]);

/**
 * A verdict as a word, coloured where it is clear.
 * @param {string} word
 */
const verdict = (word) =>
  h("span", { class: GOOD.has(word) ? "said-good" : BAD.has(word) ? "said-bad" : null }, word.replaceAll("_", " "));

/**
 * Show the header block, closed at first; where it is not kept, say why.
 * @param {WholeTest} it
 */
export function headers(it) {
  const shown = it.headers
    ? h(
        "details",
        { "data-keep": "headers" },
        h("summary", {}, "Show them as they came"),
        h("pre", { class: "source", tabindex: "0", role: "group", "aria-label": "Headers" }, it.headers),
      )
    : h(
        "p",
        {},
        it.receivetime
          ? "Headers are kept of bounces and of tests that were not on time; not of this one."
          : "There are none: nothing has come back.",
      );
  return sheet(
    "headers",
    "Headers",
    shown,
    h("p", { class: "small muted" }, "The mail itself is not kept: it is deleted after reading."),
  );
}
