// Two people edit the same record: the second one sees the current values beside their own.

import { Problem } from "../api/calls.js";
import { h, put } from "./dom.js";

/** @param {unknown} value */
const shown = (value) =>
  value === null || value === undefined || value === ""
    ? "–"
    : Array.isArray(value)
      ? value.join(", ") || "–"
      : typeof value === "boolean"
        ? value
          ? "yes"
          : "no"
        : String(value);

/**
 * Show how the current record differs from what was to be saved. `words` are the labels of the fields.
 * @param {{ asked?: Record<string, unknown>, current?: Record<string, unknown> }} it
 * @param {Record<string, string>} [words]
 */
export function both({ asked = {}, current = {} }, words = {}) {
  const names = Object.keys(asked).filter(
    (name) => name !== "version" && name in current && JSON.stringify(asked[name]) !== JSON.stringify(current[name]),
  );
  if (!names.length) return h("p", {}, "It already is as you wanted.");
  return h(
    "div",
    { class: "list" },
    h(
      "table",
      {},
      h("caption", { class: "hidden-label" }, "What differs"),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ["", "Theirs, saved", "Yours"].map((word) =>
            h("th", { scope: "col" }, word || h("span", { class: "hidden-label" }, "What")),
          ),
        ),
      ),
      h(
        "tbody",
        {},
        names.map((name) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, words[name] ?? name),
            h("td", {}, shown(current[name])),
            h("td", {}, shown(asked[name])),
          ),
        ),
      ),
    ),
  );
}

/**
 * Give the function that saves a dialog under the version that was read. If somebody else saved first, both are shown
 * in `place`, and the next press of the button overwrites theirs.
 * @param {HTMLElement} place
 * @param {number | undefined} version
 * @param {Record<string, string>} words
 * @param {(version: number | undefined, body: object) => Promise<unknown>} send
 */
export function overwriting(place, version, words, send) {
  let seen = version;
  return async (/** @type {object} */ body) => {
    try {
      return await send(seen, body);
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 409 || !problem.more?.current) throw problem;
      seen = problem.more.current.version;
      put(place, both(problem.more, words));
      throw new Error(
        "Somebody has changed this meanwhile. Save again to overwrite their changes, or cancel to keep them.",
      );
    }
  };
}
