// Which columns of a table are shown; the choice is kept in this browser.

import { h } from "./dom.js";

/** @import { Column } from "../types.js" */

const KEPT = "mxtrax.columns.";

/**
 * Read which columns are hidden; if nothing was chosen, those that are hidden by default.
 * @param {string} name
 * @param {Column[]} columns
 */
function hiddenOf(name, columns) {
  const first = columns.filter(([, , there]) => !there).map(([column]) => column);
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT + name) ?? "null");
    return new Set(Array.isArray(kept) ? kept : first);
  } catch {
    return new Set(first);
  }
}

/**
 * Give the menu that chooses the columns of a table. `columns` are names, labels, and whether each is shown by default.
 * @param {HTMLElement} table
 * @param {string} name
 * @param {Column[]} columns
 */
export function columnsOf(table, name, columns) {
  const hidden = hiddenOf(name, columns);
  const fit = () => {
    table.dataset.hide = [...hidden].join(" ");
  };
  /**
   * @param {string} column
   * @param {boolean} on
   */
  const toggle = (column, on) => {
    if (on) hidden.delete(column);
    else hidden.add(column);
    fit();
    try {
      localStorage.setItem(KEPT + name, JSON.stringify([...hidden]));
    } catch {
      // Without storage, the choice lasts until the page is left.
    }
  };
  fit();
  return h(
    "details",
    { class: "menu" },
    h("summary", { class: "button" }, "Columns"),
    h(
      "div",
      { class: "drop" },
      columns.map(([column, word]) =>
        h(
          "label",
          { class: "check" },
          h("input", {
            type: "checkbox",
            checked: !hidden.has(column),
            onchange: ({ target }) => toggle(column, target.checked),
          }),
          word,
        ),
      ),
    ),
  );
}
