// What is known of an incident, to be unfolded: what it means, what to do next, and what their servers said.

import { write } from "../values/address.js";
import { h } from "./dom.js";

/** @import { Known } from "../types.js" */

/**
 * Give the details of an incident; null where there is nothing to unfold. `keep` names them, so that they stay open.
 * @param {Known} it
 * @param {string} keep
 */
export function knownOf(it, keep) {
  const steps = it.next_steps ?? [];
  if (!it.evidence && !it.meaning && !steps.length) return null;
  return h(
    "details",
    { class: "small", "data-keep": keep },
    h("summary", {}, "What is known, and what to do"),
    h(
      "div",
      { class: "part" },
      it.meaning ? h("p", {}, it.meaning) : null,
      steps.length
        ? h(
            "ol",
            { class: "next" },
            steps.map((step) => h("li", {}, step)),
          )
        : null,
      it.evidence ? h("blockquote", {}, it.evidence) : null,
      it.testid ? h("p", {}, h("a", { href: write(["tests", it.testid]) }, "The test it is from")) : null,
    ),
  );
}
