// The data of a chart as a table, to read and to copy.

import { h, put } from "../shared/dom.js";

/** @import { Child } from "../types.js" */

/**
 * Give a table that is made when it is opened.
 * @param {string} name
 * @param {string} caption
 * @param {string[]} columns
 * @param {() => Child[][]} rows
 */
export function asTable(name, caption, columns, rows) {
  const place = h("div", {});
  const fill = () =>
    put(
      place,
      h(
        "div",
        { class: "list tall", tabindex: "0", role: "group", "aria-label": caption },
        h(
          "table",
          {},
          h("caption", { class: "hidden-label" }, caption),
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              columns.map((word, at) => h("th", { scope: "col", class: at ? "number" : null }, word)),
            ),
          ),
          h(
            "tbody",
            {},
            rows().map(([first, ...others]) =>
              h(
                "tr",
                {},
                h("th", { scope: "row" }, first),
                others.map((it) => h("td", { class: "number nowrap" }, it)),
              ),
            ),
          ),
        ),
      ),
    );
  const details = h(
    "details",
    {
      "data-keep": `table-${name}`,
      ontoggle: () => {
        if (details.open && !place.firstChild) fill();
      },
    },
    h("summary", {}, "As a table"),
    place,
  );
  return details;
}
