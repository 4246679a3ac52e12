// Quiet in two presses: for how long, and it is so from now on. It ends by itself; everything is quiet only after a
// question.

import { get, post, remove } from "../api/calls.js";
import { now, weekdayAndClock } from "../values/times.js";
import { many } from "../values/words.js";
import { momentOf, ownZone, wallAt } from "../values/zones.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { ask, field, show, sure, toast } from "./parts.js";

/** @import { Target } from "../types.js" */

const PATH = "api/v3/quiet";
const HOUR = 3_600_000;
const MORNING = 8;

/**
 * Give the end times that are offered, each with its label.
 * @param {number} moment
 */
function choices(moment) {
  /** @param {number} days */
  const morning = (days) => {
    const at = new Date(moment);
    at.setDate(at.getDate() + days);
    return at.setHours(MORNING, 0, 0, 0);
  };
  const next = morning(0) > moment ? morning(0) : morning(1);
  const monday = morning((8 - new Date(moment).getDay()) % 7 || 7);
  /** @type {[string, number][]} */
  const found = [
    ["1 hour", moment + HOUR],
    ["4 hours", moment + 4 * HOUR],
    [`Until ${weekdayAndClock.format(next)}`, next],
  ];
  if (monday !== next) found.push([`Until ${weekdayAndClock.format(monday)}`, monday]);
  return found;
}

/**
 * The two flags that stand beside a status: quiet, and on hold.
 * @param {{ quiet_until: string | null, held?: boolean }} it
 */
export const flagsOf = ({ quiet_until: until, held }) =>
  until || held
    ? h(
        "span",
        { class: "flags" },
        until
          ? h(
              "span",
              { class: "flag", title: "A maintenance window is on: tests go on, nobody is notified" },
              icon("maintenance"),
              `quiet until ${weekdayAndClock.format(Date.parse(until))}`,
            )
          : null,
        held ? h("span", { class: "flag", title: "Alerts are on hold, as the fault may be ours" }, "on hold") : null,
      )
    : null;

/**
 * Give the button that makes something quiet. `targets` are scopes and names, `name` is what people call all of them.
 * @param {Target[]} targets
 * @param {string} name
 * @param {() => void} again
 * @param {string} [kind]
 */
export const quietButton = (targets, name, again, kind = "") =>
  h(
    "button",
    {
      type: "button",
      class: kind,
      "data-act": "quiet",
      "data-keep": `quiet-${name}`,
      "aria-label": `Quiet: ${name}`,
      onclick: () => askQuiet(targets, name, again),
    },
    icon("maintenance"),
    "Quiet",
  );

function closeOpen() {
  /** @type {HTMLDialogElement | null} */
  const open = document.querySelector("dialog[open]");
  open?.close();
}

/**
 * Ask for how long; each answer is a button that does it.
 * @param {Target[]} targets
 * @param {string} name
 * @param {() => void} again
 */
function askQuiet(targets, name, again) {
  const everything = targets.some(({ scope }) => scope === "all");
  /** @param {number} until */
  const act = async (until) => {
    closeOpen();
    if (everything) confirmAll(until, again);
    else await begin(targets, name, until, again).catch((problem) => toast(problem.message, "bad"));
  };
  show(
    `Quiet: ${name}`,
    [
      h("p", { class: "muted" }, "Tests go on, nobody is notified, and the figures are kept apart. It ends by itself."),
      h(
        "div",
        { class: "choices" },
        choices(now()).map(([label, until]) => h("button", { type: "button", onclick: () => act(until) }, label)),
        h("button", { type: "button", onclick: () => own(targets, name, again) }, "Another time …"),
      ),
    ],
    "Cancel",
  );
}

/**
 * @param {Target[]} targets
 * @param {string} name
 * @param {number} until
 * @param {() => void} again
 * @param {string} [note]
 */
async function begin(targets, name, until, again, note = "") {
  for (const { scope, target } of targets)
    await post(PATH, { scope, target, until: new Date(until).toISOString(), note });
  toast(`${name}: quiet until ${weekdayAndClock.format(until)}.`);
  again();
}

/**
 * @param {Target[]} targets
 * @param {string} name
 * @param {() => void} again
 */
function own(targets, name, again) {
  closeOpen();
  const until = h("input", { type: "datetime-local", name: "until", value: wallAt(now() + 12 * HOUR, ownZone()) });
  ask({
    title: `Quiet: ${name}`,
    yes: "Make it quiet",
    body: [
      field("Until", until, `In your time zone, ${ownZone()}.`),
      field("Why", h("input", { name: "note", maxlength: 300 }), "Can be empty."),
    ],
    save: async (form) => {
      const moment = momentOf(until.value, ownZone());
      if (moment === null) throw Object.assign(new Error("Until: choose a day and a time."), { field: "until" });
      await begin(targets, name, moment, again, form.elements.note.value.trim());
    },
  });
}

/**
 * @param {number} until
 * @param {() => void} again
 */
function confirmAll(until, again) {
  sure(
    "Make everything quiet?",
    `Nobody is notified of any customer until ${weekdayAndClock.format(until)}, whatever fails.`,
    "Make everything quiet",
    () => begin([{ scope: "all", target: "" }], "Everything", until, again),
  );
}

/**
 * End the windows that make a domain quiet now. If one of them covers more than this domain, ask first.
 * @param {{ address: string, customer: string | null }} it
 * @param {() => void} again
 */
export async function askUnquiet({ address, customer }, again) {
  const { items } = await get("api/v3/windows");
  const on = items.filter(
    (it) =>
      it.now && (it.scope === "all" || it.target === (it.scope === "customer" ? customer : address.toLowerCase())),
  );
  const others = on.filter(({ scope }) => scope !== "domain");
  const end = async () => {
    for (const it of on) await remove(`${PATH}/${encodeURIComponent(it.id)}`);
    toast("It is no longer quiet.");
    again();
  };
  if (!others.length) {
    await end();
    return;
  }
  const whom = others.some(({ scope }) => scope === "all") ? "everything" : `all domains of ${customer}`;
  ask({
    title: "End it for all of them?",
    body: h("p", {}, `${many(others.length, "window holds", "windows hold")} for ${whom}, not for this domain alone.`),
    yes: "End it",
    save: end,
  });
}
