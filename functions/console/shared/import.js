// Imports a CSV file of domains: previewed first, then sent in parts, so that the progress is seen.

import { send } from "../api/calls.js";
import { bytesOf, partsOf } from "../values/csv.js";
import { messageOf } from "../values/problems.js";
import { many } from "../values/words.js";
import { h, put } from "./dom.js";
import { ask, toast } from "./parts.js";

/** @import { ImportOutcome } from "../types.js" */

const HEADER = "Customer.friendlyname,Customer.codename,MailDomain.testuser,MailDomain.domainname";
const MEGABYTES = 2.9;
const ROWS = 250;
const PATH = "api/v3/maildomains/import";

/**
 * Ask for a file, preview what it would change, and import it.
 * @param {() => void} again
 */
export function askImport(again) {
  const input = h("input", { type: "file", name: "file", accept: ".csv,text/csv", onchange: () => look() });
  const result = h("div", { "aria-live": "polite" });
  /** @type {ImportOutcome | null} */
  let looked = null;

  const chosenFile = () => input.files?.[0];

  async function look() {
    looked = null;
    const chosen = chosenFile();
    if (!chosen) return put(result);
    if (chosen.size > MEGABYTES * 1_000_000) {
      return put(
        result,
        h("p", { class: "wrong" }, `This file is larger than ${MEGABYTES} MB. Split it, or use mxtrax import-domains.`),
      );
    }
    put(result, h("p", { class: "muted" }, `Checking ${chosen.name} …`));
    try {
      const outcome = await send(PATH, chosen, { dry_run: true });
      if (chosenFile() !== chosen) return undefined;
      looked = outcome;
      return put(result, preview(outcome));
    } catch (error) {
      return put(result, h("p", { class: "wrong" }, messageOf(error)));
    }
  }

  ask({
    title: "Import CSV",
    yes: "Import",
    body: [
      h(
        "p",
        {},
        "Choose a file to preview the import before anything changes. Its first line is ",
        h("code", {}, HEADER),
        ", or that of an export. You can import it again: existing domains stay as they are.",
      ),
      h("label", { class: "field" }, "File", input),
      result,
    ],
    save: async () => {
      const chosen = chosenFile();
      if (!chosen) throw new Error("Choose a file first.");
      if (!looked) throw new Error("Wait until the file has been checked.");
      if (!looked.imported) throw new Error("This file contains nothing new.");
      input.disabled = true;
      try {
        const imported = await bringIn(chosen, looked, result);
        const there = looked.rows - looked.problematic - imported;
        toast(
          `${many(imported, "domain")} imported; ${there.toLocaleString()} already existed, ` +
            `${looked.problematic.toLocaleString()} could not be imported.`,
        );
      } finally {
        input.disabled = false;
        again();
      }
    },
  });
}

/**
 * Import a file in parts and say how many domains were new. Rows that the preview refused are left out.
 * @param {Blob} file
 * @param {ImportOutcome} looked
 * @param {HTMLElement} place
 */
async function bringIn(file, looked, place) {
  const parts = partsOf(await bytesOf(file), ROWS, new Set(looked.bad.map(({ line }) => line)));
  const all = parts.reduce((sum, part) => sum + part.rows, 0);
  const bar = h("progress", { max: all, "aria-label": "Rows done" });
  const words = h("p", { class: "muted figures" });
  put(place, bar, words);
  let [done, imported] = [0, 0];
  for (const part of parts) {
    bar.value = done;
    words.textContent = `${done.toLocaleString()} of ${many(all, "row")} done …`;
    try {
      imported += (await send(PATH, part.blob)).imported;
    } catch (error) {
      put(place, preview(looked));
      if (!done) throw error;
      throw new Error(
        `${messageOf(error)} ${many(done, "row")} of ${all.toLocaleString()} are done. Import again to continue: ` +
          "existing domains stay as they are.",
      );
    }
    done += part.rows;
  }
  return imported;
}

/** @param {ImportOutcome} outcome */
function preview(outcome) {
  const facts = [
    ["Rows", outcome.rows],
    ["New", outcome.imported],
    ["There already", outcome.already_there],
    ["Cannot be imported", outcome.problematic],
  ];
  return [
    h(
      "dl",
      { class: "facts" },
      facts.map(([name, number]) =>
        h("div", {}, h("dt", {}, name), h("dd", {}, h("strong", {}, number.toLocaleString()))),
      ),
    ),
    outcome.bad.length
      ? h(
          "details",
          { open: true },
          h("summary", {}, "What cannot be imported, and why"),
          h(
            "ul",
            {},
            outcome.bad.slice(0, 100).map((bad) => h("li", {}, `Line ${bad.line}: ${bad.reason}`)),
          ),
          outcome.problematic > 100
            ? h("p", { class: "muted" }, `and ${(outcome.problematic - 100).toLocaleString()} more`)
            : null,
        )
      : null,
  ];
}
