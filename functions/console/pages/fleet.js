// Bringing domains and customers in: one by one, or as a CSV file that is looked over first.

import { write } from "../address.js";
import { file, get } from "../api.js";
import { askCustomer, askDomain, askRemove } from "../customers.js";
import { h, put, refresh, refreshRows } from "../dom.js";
import { askImport } from "../import.js";
import { pager, table } from "../lists.js";
import { ask, nothing } from "../parts.js";
import { may } from "../session.js";
import { customer } from "./customer.js";

const PAGE = 100;

/** Show the customers and the ways to bring in more, or the one that the path names. */
export function fleet(place, path, query, again) {
  return path[0] ? customer(place, path[0], again) : customers(place, query, again);
}

function customers(place, query, again) {
  let after = query.after ?? "";
  const rows = h("tbody", {});
  const list = table("Customers", ["Customer", "Code", "Alerts also go to", ""], rows);
  const below = h("div", {});
  let drawn = false;
  return {
    every: () => 60,
    changed: (other) => {
      after = other.after ?? "";
    },
    load: async (signal) => {
      const asked = after;
      const data = await get("api/v3/customers", { limit: PAGE, after }, signal);
      if (asked !== after) return;
      if (!drawn) {
        put(place, head(again), list, below);
        document.title = "Customers · MXTRAX";
        drawn = true;
      }
      refreshRows(rows, data.items, (it) => it.codename, (it) => row(it, again));
      list.hidden = data.items.length === 0;
      refresh(below, [data.items.length, data.next, after], () => [
        data.items.length || after ? null : nothing("No customers yet.", h("p", {}, "Bring them in with their domains as a CSV file, or add the first one by hand.")),
        pager(data, ["customers"], { after }),
      ]);
    },
  };
}

function head(again) {
  const tools = may("operator") ? [
    h("button", { type: "button", class: "main", onclick: () => askImport(again) }, "Import CSV"),
    h("button", { type: "button", onclick: () => askDomain("") }, "Add a domain"),
    h("button", { type: "button", onclick: () => askCustomer(null, again) }, "Add a customer"),
  ] : null;
  return h("div", { class: "headline" }, h("h1", {}, "Customers"), h("span", { class: "row pulse" }, tools, h("button", { type: "button", onclick: askExport }, "Export CSV")));
}

const row = (it, again) => h("tr", {},
  h("td", { class: "address" }, h("a", { href: write(["customers", it.codename]), "data-keep": `customer-${it.codename}` }, it.friendlyname)),
  h("td", { "data-name": "code" }, it.codename),
  h("td", { class: "cause" }, it.alertuser.join(", ")),
  h("td", { class: "number nowrap" }, may("operator") ? [
    h("button", { type: "button", class: "link small", "data-keep": `edit-${it.codename}`, "aria-label": `Edit ${it.friendlyname}`, onclick: () => askCustomer(it, again) }, "Edit"), " ",
    h("button", { type: "button", class: "link small", "data-keep": `remove-${it.codename}`, "aria-label": `Remove ${it.friendlyname}`, onclick: () => askRemove(it, again) }, "Remove"),
  ] : null));

// --- a file, out -------------------------------------------------------------------------------------------------------

function askExport() {
  const choice = (value, label, checked) => h("label", { class: "check" }, h("input", { type: "radio", name: "columns", value, checked }), label);
  ask({
    title: "Export CSV",
    yes: "Export",
    body: h("fieldset", { class: "part" }, h("legend", { class: "hidden-label" }, "Columns"),
      choice("all", "All that is set of each domain", true), choice("wiki", "Customer and mailbox alone, four columns", false),
      h("p", { class: "small muted" }, "The import reads either of them.")),
    save: (form) => takeOut(form.elements.columns.value),
  });
}

async function takeOut(columns) {
  const parts = [];
  let next = `api/v3/maildomains/export?columns=${columns}`;
  while (next) {
    const part = await file(next);
    parts.push(part.blob);
    next = part.next?.replace(/^\//, "") ?? null;
  }
  await save(parts);
}

async function save(parts) {
  const texts = await Promise.all(parts.map((part) => part.text()));
  const whole = texts.map((text, place) => (place ? text.slice(text.indexOf("\n") + 1) : text)).join("");
  const url = URL.createObjectURL(new Blob([whole], { type: "text/csv" }));
  const link = h("a", { href: url, download: "maildomains.csv" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
