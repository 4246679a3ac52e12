// One change to many domains, shown before it is made.

import { post } from "../api/calls.js";
import { limitText, twinNeeded } from "../values/pairs.js";
import { LABELS, SETTINGS } from "../values/settings.js";
import { duration, number } from "../values/units.js";
import { many } from "../values/words.js";
import { h, put } from "./dom.js";
import { customerCodes } from "./lists.js";
import { ask, field, toast } from "./parts.js";

/** @import { Changed, Deed, Unchangeable, Unit } from "../types.js" */

const MOST = 100;
const PATH = "api/v3/maildomains/bulk";

/** @param {string} text */
const tagsOf = (text) =>
  text
    .split(",")
    .map((tag) => tag.trim())
    .filter(Boolean);

/** @type {Record<string, string>} */
const WORDS = { ...LABELS, maintmode: "paused", tags: "tags", customer: "customer" };

/** @param {unknown} value */
const shown = (value) =>
  value === null || value === ""
    ? "as in the settings"
    : Array.isArray(value)
      ? value.join(", ") || "none"
      : typeof value === "boolean"
        ? value
          ? "yes"
          : "no"
        : String(value);

const LIMIT = "At most, such as 5 or 10 %; empty: as in the settings";

/**
 * What can be done to many at once: its name, what to type, and the request that it makes.
 * @type {Record<string, Deed>}
 */
const DEEDS = {
  pause: { word: "Pause", asks: null, makes: () => ({ change: { maintmode: true } }) },
  resume: { word: "Resume", asks: null, makes: () => ({ change: { maintmode: false } }) },
  tag: { word: "Add tags", asks: "Tags, separated by commas", makes: (text) => ({ add_tags: tagsOf(text) }) },
  untag: {
    word: "Remove tags",
    asks: "Tags, separated by commas",
    makes: (text) => ({ remove_tags: tagsOf(text) }),
  },
  move: {
    word: "Give to a customer",
    asks: "Customer (code); empty: none",
    codes: true,
    makes: (text) => ({ change: { customer: text.trim() || null } }),
  },
  pace: {
    word: "Change the interval",
    asks: "A test goes out every; empty: as in the settings",
    makes: (text) => ({ change: { interval_minutes: time(text, "min") } }),
  },
  soon: {
    word: "Change “on time within”",
    asks: "On time within; empty: as in the settings",
    makes: (text) => ({ change: { maxreturntime: time(text, "s") } }),
  },
  fail: {
    word: "Change “given up after”",
    asks: "Given up after; empty: as in the settings",
    makes: (text) => ({ change: { max_sec_until_fail: time(text, "s") } }),
  },
  missing: {
    word: "Change the limit of missing tests",
    asks: LIMIT,
    makes: (text) => limit(text, "maxfailnumber", "maxfailpercentage"),
  },
  late: {
    word: "Change the limit of late tests",
    asks: LIMIT,
    makes: (text) => limit(text, "maxlatenumber", "maxlatepercentage"),
  },
};

/**
 * @param {string} text
 * @param {string} wanted
 */
const slip = (text, wanted) => Object.assign(new Error(`“${text}” is not ${wanted}.`), { field: "value" });

/**
 * @param {string} text
 * @param {Unit} unit
 */
function time(text, unit) {
  if (!text.trim()) return null;
  const value = duration(text, unit);
  if (value === null) throw slip(text, "a duration; use one such as 5 min or 1 h");
  return value;
}

/**
 * Read a limit: a bare number counts tests, one with % is a share. The other limit of the pair becomes none, since this
 * one would have no effect otherwise; an empty text removes both.
 * @param {string} text
 * @param {string} count
 * @param {string} share
 */
function limit(text, count, share) {
  const typed = text.trim();
  if (!typed) return { change: { [count]: null, [share]: null } };
  const value = number(typed);
  if (value === null) throw slip(text, "a number or a share; use one such as 5 or 10 %");
  const [name, twin] = typed.endsWith("%") ? [share, count] : [count, share];
  return { change: { [name]: value, [twin]: twinNeeded(name, value, 0) } };
}

/**
 * Ask what to do to these domains, a Map of their numbers to their addresses; the first press shows what it would do,
 * the second does it.
 * @param {Map<number, string>} chosen
 * @param {() => void} again
 */
export function askBulk(chosen, again) {
  const codes = customerCodes();
  const deed = h(
    "select",
    { name: "deed" },
    Object.entries(DEEDS).map(([name, { word }]) => h("option", { value: name }, word)),
  );
  const value = h("input", { name: "value", autocapitalize: "none", spellcheck: "false" });
  const label = h("span", {});
  const typed = h("label", { class: "field" }, label, value);
  const result = h("div", { class: "part", "aria-live": "polite" });
  let looked = "";
  const fit = () => {
    const { asks, codes: coded } = DEEDS[deed.value];
    typed.hidden = !asks;
    label.textContent = asks ?? "";
    if (coded) value.setAttribute("list", codes.id);
    else value.removeAttribute("list");
    looked = "";
    put(result);
  };
  ask({
    title: `Change ${many(chosen.size, "domain")}`,
    yes: "Go on",
    body: h(
      "div",
      { class: "part", oninput: fit },
      h("div", { class: "grid" }, field("What to do", deed), typed),
      codes.list,
      result,
    ),
    save: async () => {
      const wanted = DEEDS[deed.value].makes(value.value);
      const key = JSON.stringify(wanted);
      const told = await inParts([...chosen.keys()], wanted, looked !== key);
      if (looked !== key) {
        looked = key;
        put(result, outcome(told, chosen));
        if (!told.changed.length) throw new Error("Nothing would change.");
        throw new Preview();
      }
      toast(
        `${many(told.changed.length, "domain is", "domains are")} ` +
          `changed${told.refused.length ? `, ${told.refused.length.toLocaleString()} refused` : ""}.`,
        told.refused.length ? "warn" : "good",
      );
      again();
    },
  });
  fit();
}

/** Thrown to keep the dialog open, so that its preview is read first: no error, and without a message. */
class Preview extends Error {}

/**
 * @param {number[]} chosen
 * @param {object} wanted
 * @param {boolean} preview
 */
async function inParts(chosen, wanted, preview) {
  /** @type {{ changed: Changed[], refused: Unchangeable[] }} */
  const all = { changed: [], refused: [] };
  for (let from = 0; from < chosen.length; from += MOST) {
    const part = await post(PATH, { ids: chosen.slice(from, from + MOST), ...wanted, preview });
    all.changed.push(...part.changed);
    all.refused.push(...part.refused);
  }
  return all;
}

/**
 * @param {{ changed: Changed[], refused: Unchangeable[] }} it
 * @param {Map<number, string>} addresses
 */
function outcome({ changed, refused }, addresses) {
  return [
    changed.length
      ? [
          h("p", {}, h("strong", {}, "This is what it would do."), " Continue to apply it, or cancel."),
          h(
            "ul",
            { class: "plain looked" },
            changed.map((it) =>
              h(
                "li",
                {},
                it.address,
                h(
                  "ul",
                  { class: "difference small" },
                  Object.keys(it.after).map((name) =>
                    h(
                      "li",
                      {},
                      `${WORDS[name] ?? name}: `,
                      h("del", {}, worded(name, it.before[name])),
                      " → ",
                      h("ins", {}, worded(name, it.after[name])),
                    ),
                  ),
                ),
              ),
            ),
          ),
        ]
      : null,
    refused.length
      ? h(
          "ul",
          { class: "plain wrong" },
          refused.map((it) => h("li", {}, `${addresses.get(it.id) ?? it.id}: ${it.reason}`)),
        )
      : null,
  ];
}

/**
 * @param {string} name
 * @param {any} value
 */
const worded = (name, value) =>
  SETTINGS[name] && value !== null
    ? limitText(SETTINGS[name], value)
    : name === "customer" && value === null
      ? "none"
      : shown(value);
