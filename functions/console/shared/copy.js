// A button that copies a text.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { toast } from "./parts.js";

/**
 * Give a button that copies a text; `what` says what that is.
 * @param {string} text
 * @param {string} what
 */
export function copyButton(text, what) {
  return h(
    "button",
    {
      type: "button",
      class: "bare copy",
      "aria-label": `Copy ${what}`,
      title: "Copy",
      onclick: async () => {
        try {
          await navigator.clipboard.writeText(text);
          toast("Copied.");
        } catch {
          toast("This browser does not allow copying; select the text and copy it by hand.", "warn");
        }
      },
    },
    icon("copy"),
  );
}
