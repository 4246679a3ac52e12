// Mail in the inbox that belongs to no test: what it is, and what to do about it. None of its text is trusted.

import { get, remove } from "../api/calls.js";
import { may } from "../api/session.js";
import { h, refresh } from "../shared/dom.js";
import { listPage, table } from "../shared/lists.js";
import { ago, nothing, sure, toast } from "../shared/parts.js";
import { sheet } from "../shared/sheets.js";
import { go, write } from "../values/address.js";
import { many, sentence } from "../values/words.js";

/** @import { Letter, MakePage, Page, Query, WholeLetter } from "../types.js" */

const PAGE = 50;

/**
 * What a mail is, and what to do about it.
 * @type {Record<string, [string, string]>}
 */
const KINDS = {
  message: [
    "a returned test",
    "It contains a test mail of ours, but not a test that we know: perhaps it came back long after its record was " +
      "gone. You can delete it.",
  ],
  other: [
    "something else",
    "Somebody or something writes to the inbox address. Where it is a returned test whose text was rewritten, " +
      "have that mail system redirect instead of forwarding by hand. Delete anything else.",
  ],
  "auto-reply": [
    "an automatic reply",
    "A mailbox replies instead of redirecting, and its reply has no test ID. Have it redirect every mail.",
  ],
  bounce: [
    "a bounce",
    "A server refused a mail and its report does not name the test. See below which address it is about, and " +
      "ask who runs that server.",
  ],
  delay: ["a delay notice", "A server is still trying to deliver a mail that names no test. Nothing needs to be done."],
  feedback: [
    "an abuse report",
    "Somebody has marked our mail as spam. Find out whose mailbox it is, and ask them to undo that: more of " +
      "them harm the sender's name.",
  ],
};

/**
 * Show the mails, or the one that the path names.
 * @type {MakePage}
 */
export function unmatched(place, path, query, again) {
  return path[0] ? letter(place, path[0]) : letters(place, query, again);
}

/**
 * @param {HTMLElement} place
 * @param {Query} query
 * @param {() => void} again
 * @returns {Page}
 */
const letters = (place, query, again) =>
  listPage(place, query, {
    path: "unmatched",
    title: "Unmatched mail",
    every: 60,
    named: ["after"],
    above: [
      h("h1", {}, "Unmatched mail"),
      h(
        "p",
        { class: "muted" },
        "Mail in our inbox that belongs to no test. It is not counted, and is deleted after a month.",
      ),
    ],
    list: (rows) => table("Unmatched mail", ["Came", "From", "Subject", ""], rows),
    read: (wanted, signal) => get("api/v3/unmatched", { ...wanted, limit: PAGE }, signal),
    key: (it) => it.id,
    row: (it) => row(it, again),
    empty: (_data, wanted) =>
      nothing(
        wanted.after ? "None on this page." : "All mail was matched.",
        h("p", {}, "Mail that reaches the inbox and belongs to no test appears here. Nothing needs to be done."),
      ),
  });

/**
 * @param {Letter} it
 * @param {() => void} again
 */
const row = (it, again) =>
  h(
    "tr",
    {},
    h("td", { class: "nowrap" }, ago(it.at)),
    h("td", { class: "address" }, it.from || h("span", { class: "muted" }, "nobody")),
    h(
      "td",
      { class: "cause" },
      h(
        "a",
        { class: "text", href: write(["unmatched", it.id]), "data-keep": `mail-${it.id}` },
        it.subject || "no subject",
      ),
    ),
    h(
      "td",
      { class: "number" },
      may("operator")
        ? h(
            "button",
            {
              type: "button",
              class: "link small",
              "data-keep": `delete-${it.id}`,
              "aria-label": `Delete ${it.subject || "the mail without a subject"}`,
              onclick: () => askDelete(it.id, it.subject, again),
            },
            "Delete",
          )
        : null,
    ),
  );

/**
 * @param {HTMLElement} place
 * @param {string} id
 * @returns {Page}
 */
function letter(place, id) {
  return {
    load: async (signal) => {
      const it = await get(`api/v3/unmatched/${encodeURIComponent(id)}`, {}, signal);
      document.title = "Unmatched mail · MXTRAX";
      refresh(place, it, () => whole(it));
    },
  };
}

/** @param {WholeLetter} it */
function whole(it) {
  const [word, advice] = KINDS[it.kind] ?? [it.kind, "Look at its source below."];
  const facts = [
    ["It is", word],
    ["Size", many(it.size, "byte")],
    ["It says", it.reason || null],
    ["Cause", it.why ? sentence(it.why) : null],
    ["It mentions", it.recipients.join(", ") || null],
    ["What was noticed", it.notes.join("; ") || null],
  ];
  const back = () => go(write(["unmatched"]));
  return [
    h("p", { class: "small" }, h("a", { href: write(["unmatched"]) }, "All unmatched mail")),
    h(
      "div",
      { class: "headline" },
      h("h1", {}, it.subject || "No subject"),
      may("operator")
        ? h(
            "span",
            { class: "row actions" },
            h(
              "button",
              { type: "button", class: "danger", onclick: () => askDelete(it.id, it.subject, back) },
              "Delete",
            ),
          )
        : null,
    ),
    h("p", { class: "notice" }, advice),
    h(
      "div",
      { class: "sheet" },
      h(
        "dl",
        { class: "facts" },
        facts.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
      ),
    ),
    sheet(
      "source",
      "Source",
      h(
        "p",
        { class: "small muted" },
        "As it came, as text. Do not follow what it asks for.",
        it.text && it.size > it.text.length + 1_000 ? " It is longer than shown here." : "",
      ),
      it.text === null
        ? h("p", {}, "Only operators see it: it may name a test that is still under way.")
        : h("pre", { class: "source", tabindex: "0", role: "group", "aria-labelledby": "source" }, it.text),
    ),
  ];
}

/**
 * @param {string} id
 * @param {string} subject
 * @param {() => void} then
 */
function askDelete(id, subject, then) {
  sure(
    "Delete this mail?",
    [h("p", {}, h("strong", {}, subject || "It has no subject.")), h("p", {}, "It cannot be brought back.")],
    "Delete",
    async () => {
      await remove(`api/v3/unmatched/${encodeURIComponent(id)}`);
      toast("The mail is deleted.");
      then();
    },
  );
}
