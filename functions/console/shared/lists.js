// Paged lists.

import { afterOf, get } from "../api/calls.js";
import { write } from "../values/address.js";
import { h, put, refresh, refreshRows } from "./dom.js";
import { icon } from "./icons.js";

/** @import { Child, ListPage, Page, Query } from "../types.js" */

/**
 * Give a page that is one list, from its filters down to its pager. The first answer draws it; later ones touch only
 * the rows that differ.
 * @template {{ items: any[], next: string | null }} L
 * @param {HTMLElement} place
 * @param {Query} query
 * @param {ListPage<L>} it
 * @returns {Page}
 */
export function listPage(place, query, { path, title, every, named, above, filters, list, read, key, row, empty }) {
  /** @param {Query} from */
  const only = (from) => Object.fromEntries(named.filter((name) => from[name]).map((name) => [name, from[name]]));
  let wanted = only(query);
  const form = filters?.(() => wanted);
  const rows = h("tbody", {});
  const whole = list(rows);
  const below = h("div", {});
  let drawn = false;
  return {
    every: () => every,
    changed: (other) => {
      wanted = only(other);
      form?.fill(wanted);
    },
    load: async (signal) => {
      const asked = wanted;
      const data = await read(asked, signal);
      if (asked !== wanted) return;
      if (!drawn) {
        put(place, above, form?.form, whole, below);
        document.title = `${title} · MXTRAX`;
        drawn = true;
      }
      refreshRows(rows, data.items, key, row);
      whole.hidden = data.items.length === 0;
      refresh(below, [{ ...data, items: data.items.length }, wanted], () => [
        data.items.length ? null : empty(data, wanted),
        pager(data, [path], wanted),
      ]);
    },
  };
}

/**
 * Give the links to the first page and to the next one; null if there is only one page.
 * @param {{ next: string | null }} data
 * @param {string[]} path
 * @param {Record<string, string>} query
 */
export function pager(data, path, query) {
  const next = afterOf(data);
  if (!query.after && !next) return null;
  return h(
    "nav",
    { class: "pages", "aria-label": "Pages of the list" },
    query.after ? h("a", { class: "button", href: write(path, { ...query, after: "" }) }, "First page") : null,
    next ? h("a", { class: "button", href: write(path, { ...query, after: next }) }, "Next page") : null,
  );
}

/**
 * Give the form that filters a list: at once when something is chosen or submitted, and shortly after something is
 * typed. Controls without a name filter nothing.
 * @param {() => void} apply
 * @param {Child[]} inside
 */
export function filters(apply, ...inside) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const now = () => {
    clearTimeout(timer);
    apply();
  };
  return h(
    "form",
    {
      class: "filters",
      role: "search",
      "aria-label": "Filter the list",
      onchange: ({ target }) => {
        if (target.name) now();
      },
      oninput: ({ target }) => {
        if (!target.name) return;
        clearTimeout(timer);
        timer = setTimeout(now, 300);
      },
      onsubmit: (event) => {
        event.preventDefault();
        now();
      },
    },
    ...inside,
  );
}

/**
 * Give the search field of a list, and the element that shows it with its icon and its key.
 * @param {string} placeholder
 * @param {number} maxlength
 */
export function searching(placeholder, maxlength) {
  const search = h("input", {
    type: "search",
    name: "search",
    maxlength,
    placeholder,
    "aria-label": "Search",
    autocapitalize: "none",
    spellcheck: "false",
  });
  const shown = h("span", { class: "search" }, icon("search"), search, h("kbd", { "aria-hidden": "true" }, "/"));
  return { search, shown };
}

/**
 * Give the select that orders a list.
 * @param {string[][]} sorts
 */
export const ordering = (sorts) =>
  h(
    "select",
    { name: "sort", "aria-label": "Order" },
    sorts.map(([value, word]) => h("option", { value }, word)),
  );

/**
 * Give a table that turns into cards where the screen is narrow. A column is called by a word or has an element as its
 * head; "" is seen by nobody.
 * @param {string} caption
 * @param {Child[]} columns
 * @param {Child} rows
 * @param {Child[]} [numbers]
 */
export function table(caption, columns, rows, numbers = []) {
  const head = columns.map((word) =>
    h(
      "th",
      { scope: "col", class: numbers.includes(word) ? "number" : null },
      word || h("span", { class: "hidden-label" }, "Changes"),
    ),
  );
  return h(
    "div",
    { class: "list", tabindex: "0", role: "group", "aria-label": caption },
    h(
      "table",
      { class: "cards" },
      h("caption", { class: "hidden-label" }, caption),
      h("thead", {}, h("tr", {}, head)),
      rows,
    ),
  );
}

/**
 * Give a datalist of the customers' codes, and its id. It is filled once its input has the focus; without it one types
 * by heart.
 */
export function customerCodes() {
  const list = h("datalist", { id: "customer-codes", "data-empty": "" });
  return { list, id: list.id };
}

addEventListener("focusin", ({ target }) => {
  const list = target instanceof HTMLInputElement ? target.list : null;
  if (!list?.matches("#customer-codes[data-empty]")) return;
  delete list.dataset.empty;
  get("api/v3/customers", { limit: 200 })
    .then(({ items }) => {
      list.append(...items.map((it) => h("option", { value: it.codename }, it.friendlyname)));
    })
    .catch(() => {
      list.dataset.empty = "";
    });
});
