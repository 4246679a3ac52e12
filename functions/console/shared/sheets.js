// The sheets that a page is made of.

import { h } from "./dom.js";

/** @import { Child } from "../types.js" */

/**
 * A part of a page, under a heading of its own.
 * @param {string} id of the heading
 * @param {string} title
 * @param {...Child} content
 */
export const sheet = (id, title, ...content) =>
  h("section", { class: "sheet", "aria-labelledby": id }, h("h2", { id }, title), content);

/**
 * A heading with something beside it.
 * @param {string} id
 * @param {string} title
 * @param {...Child} beside
 */
export const headed = (id, title, ...beside) => h("div", { class: "headline" }, h("h2", { id }, title), beside);

/**
 * A table that scrolls by itself where there is no room for it, by the id of its heading.
 * @param {string} id
 * @param {Child} table
 */
export const scrolled = (id, table) =>
  h("div", { class: "list", tabindex: "0", role: "group", "aria-labelledby": id }, table);
