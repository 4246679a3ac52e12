// The current state of a domain in sentences, and the settings that apply to it.

import { may } from "../../api/session.js";
import { h } from "../../shared/dom.js";
import { ago, at, statusOf, strip, toast } from "../../shared/parts.js";
import { askUnquiet, flagsOf, quietButton } from "../../shared/quiet.js";
import { sheet } from "../../shared/sheets.js";
import { write } from "../../values/address.js";
import { isNone } from "../../values/pairs.js";
import { LIMITS } from "../../values/settings.js";
import { span } from "../../values/times.js";
import { KINDS, many, STATUSES, sentence } from "../../values/words.js";
import { clockNote } from "../../values/zones.js";
import { askAccept, askPause, askRemove, edit, resume, sendNow } from "./actions.js";

/** @import { Child, LimitName, Listener, WholeDomain } from "../../types.js" */

/**
 * Its name, status and customer, and the buttons.
 * @param {WholeDomain} it
 * @param {() => void} again
 */
export function headline(it, again) {
  /**
   * @param {string} word
   * @param {string} keep
   * @param {Listener} act
   * @param {string | null} [kind]
   */
  const button = (word, keep, act, kind = null) =>
    h("button", { type: "button", class: kind, "data-keep": keep, onclick: act }, word);
  const quiet = () =>
    it.quiet_until
      ? button("End quiet", "quiet", () => askUnquiet(it, again).catch((problem) => toast(problem.message, "bad")))
      : quietButton([{ scope: "domain", target: it.address }], it.address, again);
  const actions = () =>
    h(
      "span",
      { class: "row actions" },
      button("Send a test now", "send", (event) => sendNow(it, event.target), it.status === "setup" ? null : "main"),
      it.maintmode
        ? button("Resume", "pause", () => resume(it, again))
        : button("Pause", "pause", () => askPause(it, again)),
      quiet(),
      button("Edit", "edit", () => edit(it, again)),
      button("Remove", "remove", () => askRemove(it), "danger"),
    );
  return h(
    "div",
    { class: "headline" },
    h("h1", {}, it.address),
    statusOf(it.status),
    flagsOf(it),
    it.customer ? h("a", { href: write(["customers", it.customer]) }, it.friendlyname || it.customer) : null,
    it.tags.map((tag) => h("a", { class: "chip", href: write(["domains"], { tag }) }, tag)),
    may("operator") ? actions() : null,
  );
}

/**
 * Its state and why, since when, and what comes next.
 * @param {WholeDomain} it
 * @param {string | undefined} zone
 * @param {() => void} again
 */
export function state(it, zone, again) {
  const next = it.next_test
    ? h(
        "p",
        { class: "small" },
        "Next test ",
        ago(it.next_test),
        it.retest ? ", sooner than usual because the last ones went wrong." : ".",
      )
    : null;
  /**
   * @param {string} kind
   * @param {...Child} lines
   */
  const notice = (kind, ...lines) => h("div", { class: `notice ${kind}` }, h("div", { class: "lines" }, lines, next));
  switch (it.status) {
    case "paused":
      return h(
        "p",
        { class: "notice" },
        "Paused: it is not tested, and nobody is notified. What was under way is still counted.",
      );
    case "setup":
      return notice(
        "",
        h("p", {}, "No test has been judged yet. The first result comes with the first test that is back, or overdue."),
      );
    case "down":
    case "slow":
      return notice(
        it.status === "slow" ? "warn" : "bad",
        h(
          "p",
          {},
          h("strong", {}, `${STATUSES[it.status].word} since `),
          at(it.since ?? ""),
          " (",
          ago(it.since),
          "). ",
          it.evidence || (it.why ? `${sentence(it.why)}.` : ""),
        ),
        toDo(it),
        h("p", { class: "small" }, [limits(it), recovery(it), clockNote(it.evidence, zone)].filter(Boolean).join(" ")),
        may("operator") && it.incident
          ? h(
              "div",
              {},
              h(
                "button",
                { type: "button", "data-keep": "accept", onclick: () => askAccept(it, again) },
                "Accept as it is",
              ),
            )
          : null,
      );
    case "suspect":
      return notice(
        "warn",
        h(
          "p",
          {},
          h("strong", {}, "Suspect: "),
          `it is within its limits, but not all is well${it.why ? `: ${it.why}` : ""}.`,
        ),
      );
    default:
      return notice(
        "good",
        h(
          "p",
          {},
          "Its tests come back in time. ",
          it.since ? ["OK since ", at(it.since), " (", ago(it.since), ")."] : "",
        ),
      );
  }
}

/**
 * What it means, and what to do next.
 * @param {WholeDomain} it
 */
const toDo = (it) => [
  it.meaning ? h("p", {}, it.meaning) : null,
  it.next_steps.length
    ? h(
        "div",
        {},
        h("strong", { class: "small" }, "What to do next"),
        h(
          "ol",
          { class: "next" },
          it.next_steps.map((each) => h("li", {}, each)),
        ),
      )
    : null,
];

/** @param {WholeDomain} it */
const judgedOn = (it) =>
  it.window_hours
    ? `the last ${it.window_hours > 48 ? span(it.window_hours * 3_600) : `${it.window_hours} h`}`
    : "all tests since it last recovered";

/** @param {WholeDomain} it */
const limits = (it) =>
  it.exceeded.length
    ? `Over its limits for ${judgedOn(it)}: ${it.exceeded.map((name) => LIMITS[name] ?? name).join(", ")}.`
    : "";

/** @param {WholeDomain} it */
function recovery(it) {
  if (it.needed === null) return "It recovers once it is within its limits again.";
  if (!it.needed) return "It has had enough tests on time to recover; it is judged again within a minute.";
  const tests = many(it.needed, "more on-time test");
  const streak = it.streak ? `; ${it.streak} so far` : "";
  return `It recovers after ${tests}${it.needed > 1 ? " in a row" : ""}${streak}.`;
}

/**
 * The settings that apply to it, and the sums of the last tests.
 * @param {WholeDomain} it
 */
export function facts(it) {
  /** @param {keyof WholeDomain} name */
  const own = (name) => (it[name] === null ? "" : " (its own)");
  /**
   * @param {keyof WholeDomain} name
   * @param {string} word
   */
  const holds = (name, word) => `${word}${own(name)}`;
  const { effective: set, window_counts } = it;
  // Exceeding either limit counts, so if one of them is 0, the other has no effect.
  /**
   * @param {LimitName} number
   * @param {LimitName} share
   */
  const allowed = (number, share) => {
    const zero = [number, share].find((name) => set[name] === 0);
    if (zero) return `none${own(zero)}`;
    const words = [
      isNone(number, set[number]) ? "" : holds(number, many(set[number] ?? 0, "test")),
      isNone(share, set[share]) ? "" : holds(share, `${(set[share] ?? 0).toLocaleString()} %`),
    ];
    return words.filter(Boolean).join(", and ") || "any number";
  };
  const kind = it.returned_as ? (KINDS[it.returned_as] ?? { word: `as ${it.returned_as}` }) : null;
  const rows = [
    ["Tested every", holds("interval_minutes", span(set.interval_minutes * 60))],
    ["On time within", holds("maxreturntime", span(set.maxreturntime))],
    ["Given up after", holds("max_sec_until_fail", span(set.max_sec_until_fail))],
    ["Losses allowed", allowed("maxfailnumber", "maxfailpercentage")],
    ["Delays allowed", allowed("maxlatenumber", "maxlatepercentage")],
    [
      sentence(judgedOn(it)),
      `${window_counts.ontime} on time, ${window_counts.late} late, ${window_counts.missed} not back`,
    ],
    ["Average of these", window_counts.average === null ? null : span(window_counts.average)],
    ["Came back last", kind?.word],
    ["Their mail server", it.provider],
    ["Reference mailbox", it.control ? "yes: while it fails, the monitor itself is suspected" : null],
    ["Returns by bounce", it.returns_bounce ? "yes: a bounce counts as a return" : null],
  ];
  return [
    h(
      "div",
      { class: "sheet" },
      h(
        "dl",
        { class: "facts" },
        rows.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
      ),
    ),
    kind?.note ? h("p", { class: "notice warn" }, `Tests come back ${kind.word}. ${kind.note}`) : null,
  ];
}

/**
 * Its last tests as a strip.
 * @param {WholeDomain} it
 */
export function recent(it) {
  if (!it.recent.length) return [];
  return sheet(
    "recent",
    `Last ${many(it.recent.length, "test")}`,
    strip(it.recent, { large: true, name: `Last ${it.recent.length} tests of ${it.address}, the newest to the right` }),
  );
}
