// All domains in set-up, which have not sent a test back yet, and what each still needs.

import { get } from "../api/calls.js";
import { may } from "../api/session.js";
import { askDomain } from "../shared/customers.js";
import { h } from "../shared/dom.js";
import { askImport } from "../shared/import.js";
import { listPage, table } from "../shared/lists.js";
import { ago, nothing } from "../shared/parts.js";
import { write } from "../values/address.js";
import { many } from "../values/words.js";
import { lacking } from "./domain/set-up.js";

/** @import { DomainRow, MakePage } from "../types.js" */

const EVERY = 15;
const PAGE = 100;

/**
 * Show what is being set up.
 * @type {MakePage}
 */
export const setUpList = (place, _path, query, again) =>
  listPage(place, query, {
    path: "set-up",
    title: "Set-up",
    every: EVERY,
    named: ["after"],
    above: [
      top(again),
      h(
        "p",
        { class: "muted" },
        "These have not sent a test back yet. They are not in any figures, and nobody is notified of them.",
      ),
    ],
    list: (rows) => table("Domains in set-up", ["Domain", "Customer", "What is missing", "Last test", ""], rows),
    read: (wanted, signal) => get("api/v3/overview", { ...wanted, status: "setup", limit: PAGE }, signal),
    key: (it) => it.id,
    row,
    empty: (data) =>
      nothing(
        "Everything is set up.",
        h("p", {}, `${many(data.counts.total, "domain has", "domains have")} sent a test back.`),
      ),
  });

/** @param {() => void} again */
const top = (again) =>
  h(
    "div",
    { class: "headline" },
    h("h1", {}, "Set-up"),
    may("operator")
      ? h(
          "span",
          { class: "row actions" },
          h("button", { type: "button", class: "main", onclick: () => askDomain("") }, "Add a domain"),
          h("button", { type: "button", onclick: () => askImport(again) }, "Import CSV"),
        )
      : null,
  );

/** @param {DomainRow} it */
const row = (it) =>
  h(
    "tr",
    { "data-row": true },
    h(
      "td",
      { class: "address" },
      h("a", { href: write(["domains", String(it.id)]), "data-keep": `domain-${it.id}`, "data-go": true }, it.address),
    ),
    h(
      "td",
      {},
      it.customer
        ? h("a", { class: "muted", href: write(["customers", it.customer]) }, it.friendlyname ?? it.customer)
        : "",
    ),
    h("td", { class: "cause" }, lacking(it)),
    h("td", { class: "nowrap", "data-name": "last test" }, it.last ? ago(it.last.at) : ""),
    h(
      "td",
      { class: "number nowrap" },
      h("a", { href: write(["domains", String(it.id)]), "aria-label": `Guide for ${it.address}` }, "Guide"),
    ),
  );
