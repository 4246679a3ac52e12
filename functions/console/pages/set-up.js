// What is being set up: every domain that has not sent a test back yet, and what each still lacks.

import { afterOf, get } from "../api/calls.js";
import { may } from "../api/session.js";
import { askDomain } from "../shared/customers.js";
import { h, put, refresh, refreshRows } from "../shared/dom.js";
import { askImport } from "../shared/import.js";
import { table } from "../shared/lists.js";
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
export function setUpList(place, _path, query, again) {
  let after = query.after ?? "";
  const rows = h("tbody", {});
  const list = table("Domains in set-up", ["Domain", "Customer", "What it lacks", "Last test", ""], rows);
  const below = h("div", {});
  let drawn = false;
  return {
    every: () => EVERY,
    changed: (other) => {
      after = other.after ?? "";
    },
    load: async (signal) => {
      const asked = after;
      const data = await get("api/v3/overview", { status: "setup", limit: PAGE, after }, signal);
      if (asked !== after) return;
      if (!drawn) {
        put(
          place,
          top(again),
          h(
            "p",
            { class: "muted" },
            "These have not sent a test back yet. They are in no figure, and nobody is notified of them.",
          ),
          list,
          below,
        );
        document.title = "Set-up · MXTRAX";
        drawn = true;
      }
      refreshRows(rows, data.items, (it) => it.id, row);
      list.hidden = !data.items.length;
      const next = afterOf(data);
      refresh(below, [data.items.length, next, data.counts.setup, asked], () => [
        data.items.length
          ? null
          : nothing(
              "Everything is set up.",
              h("p", {}, `${many(data.counts.total, "domain has", "domains have")} sent a test back.`),
            ),
        next ? h("a", { class: "button", href: write(["set-up"], { after: next }) }, "Next page") : null,
      ]);
    },
  };
}

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
