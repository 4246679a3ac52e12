// The customers and how they are, and the buttons to add more: one by one, or as a CSV file.

import { file, get } from "../api/calls.js";
import { may } from "../api/session.js";
import { monthStrip } from "../charts/month.js";
import { askNoteToAll } from "../shared/branding.js";
import { askCustomer, askDomain } from "../shared/customers.js";
import { h } from "../shared/dom.js";
import { saveFile } from "../shared/files.js";
import { icon } from "../shared/icons.js";
import { askImport } from "../shared/import.js";
import { filters, listPage, ordering, searching, table } from "../shared/lists.js";
import { ago, ask, nothing, statusOf, toast } from "../shared/parts.js";
import { flagsOf, quietButton } from "../shared/quiet.js";
import { go, write } from "../values/address.js";
import { many, percent } from "../values/words.js";
import { customer } from "./customer.js";
import { month } from "./month.js";

/** @import { CustomerRow, CustomerRowList, MakePage, Page, Query } from "../types.js" */

const EVERY = 30;
const PAGE = 50;

/**
 * Show the list of customers, or the customer that the path names.
 * @type {MakePage}
 */
export function fleet(place, path, query, again) {
  if (path[1] === "month") return month(place, path[0], query);
  return path[0] ? customer(place, path[0], again) : customers(place, query, again);
}

/**
 * @param {HTMLElement} place
 * @param {Query} query
 * @param {() => void} again
 * @returns {Page}
 */
const customers = (place, query, again) =>
  listPage(place, query, {
    path: "customers",
    title: "Customers",
    every: EVERY,
    named: ["search", "sort", "status", "after"],
    above: head(again),
    filters: filterForm,
    list: (rows) => table("Customers", ["Status", "Customer", "Failing", "Since", "30 days on time", "", ""], rows),
    read: (wanted, signal) => get("api/v3/overview/customers", { ...wanted, limit: PAGE }, signal),
    key: (it) => it.codename,
    row: (it) => row(it, again),
    empty: (data, wanted) => emptiness(wanted, data),
  });

/** @param {() => Query} wanted */
function filterForm(wanted) {
  const { search, shown } = searching("Name or code", 64);
  const sort = ordering([
    ["", "Worst first"],
    ["name", "By name"],
  ]);
  const apply = () => {
    go(write(["customers"], { ...wanted(), search: search.value.trim(), sort: sort.value, after: "" }), {
      replace: true,
    });
  };
  /** @param {Query} query */
  const fill = (query) => {
    if (search !== document.activeElement) search.value = query.search ?? "";
    sort.value = query.sort ?? "";
  };
  fill(wanted());
  return { form: filters(apply, shown, sort), fill };
}

/**
 * @param {Query} wanted
 * @param {CustomerRowList} data
 */
function emptiness(wanted, data) {
  if (wanted.after) return nothing("None on this page.");
  if (data.total)
    return nothing("No customer matches this search.", h("a", { href: write(["customers"]) }, "Show all customers"));
  return nothing(
    "No customers yet.",
    h("p", {}, "Bring them in with their domains as a CSV file, or add the first one by hand."),
  );
}

/** @param {() => void} again */
function head(again) {
  const tools = may("operator")
    ? [
        h("button", { type: "button", class: "main", onclick: () => askCustomer(null, again) }, "Add a customer"),
        h("button", { type: "button", onclick: () => askDomain("") }, "Add a domain"),
        h("button", { type: "button", onclick: () => askImport(again) }, "Import CSV"),
        h(
          "button",
          { type: "button", onclick: () => askNoteToAll(again).catch((problem) => toast(problem.message, "bad")) },
          "Note to all",
        ),
      ]
    : null;
  return h(
    "div",
    { class: "headline" },
    h("h1", {}, "Customers"),
    h("span", { class: "row actions" }, tools, h("button", { type: "button", onclick: askExport }, "Export CSV")),
  );
}

/**
 * @param {CustomerRow} it
 * @param {() => void} again
 */
const row = (it, again) =>
  h(
    "tr",
    { "data-row": true },
    h("td", {}, it.status ? statusOf(it.status) : h("span", { class: "muted" }, "No domains")),
    h(
      "td",
      { class: "address" },
      h(
        "a",
        { href: write(["customers", it.codename]), "data-keep": `customer-${it.codename}`, "data-go": true },
        it.friendlyname,
      ),
      h("div", { class: "small whose" }, h("span", { class: "muted" }, it.codename), flagsOf(it)),
    ),
    h(
      "td",
      { class: "nowrap" },
      it.domains
        ? it.failing
          ? [h("strong", {}, it.failing.toLocaleString()), ` of ${many(it.domains, "domain")}`]
          : h("span", { class: "muted" }, `none of ${many(it.domains, "domain")}`)
        : "",
    ),
    h("td", { class: "nowrap", "data-name": "since" }, it.since ? ago(it.since) : ""),
    h(
      "td",
      { class: "wide month-cell" },
      it.ontime_percent === null ? "" : monthStrip(it.days, `The last 30 days of ${it.friendlyname}`),
    ),
    h("td", { class: "number nowrap figures" }, percent(it.ontime_percent) ?? ""),
    h(
      "td",
      { class: "number nowrap acts" },
      h(
        "a",
        {
          class: "button bare",
          href: write(["customers", it.codename, "month"]),
          "aria-label": `Month: ${it.friendlyname}`,
        },
        icon("month"),
        "Month",
      ),
      may("operator")
        ? h(
            "button",
            {
              type: "button",
              class: "bare",
              "data-keep": `add-${it.codename}`,
              "aria-label": `New domain: ${it.friendlyname}`,
              onclick: () => askDomain(it.codename),
            },
            icon("add"),
            "Domain",
          )
        : null,
      may("operator") && it.domains && !it.quiet_until
        ? quietButton([{ scope: "customer", target: it.codename }], it.friendlyname, again, "bare")
        : null,
    ),
  );

// --- the export ------------------------------------------------------------------------------------------------------

function askExport() {
  /**
   * @param {string} value
   * @param {string} label
   * @param {boolean} checked
   */
  const choice = (value, label, checked) =>
    h("label", { class: "check" }, h("input", { type: "radio", name: "columns", value, checked }), label);
  ask({
    title: "Export CSV",
    yes: "Export",
    body: h(
      "fieldset",
      { class: "part" },
      h("legend", { class: "hidden-label" }, "Columns"),
      choice("all", "All of each domain's own settings", true),
      choice("wiki", "Customer and mailbox alone, four columns", false),
      h("p", { class: "small muted" }, "The import reads either of them."),
    ),
    save: (form) => takeOut(form.elements.columns.value),
  });
}

/** @param {string} columns */
async function takeOut(columns) {
  /** @type {Blob[]} */
  const parts = [];
  /** @type {string | null} */
  let next = `api/v3/maildomains/export?columns=${columns}`;
  while (next) {
    const part = await file(next);
    parts.push(part.blob);
    next = part.next?.replace(/^\//, "") ?? null;
  }
  await save(parts);
}

/** @param {Blob[]} parts */
async function save(parts) {
  const texts = await Promise.all(parts.map((part) => part.text()));
  const whole = texts.map((text, place) => (place ? text.slice(text.indexOf("\n") + 1) : text)).join("");
  saveFile(new Blob([whole], { type: "text/csv" }), "maildomains.csv");
}
