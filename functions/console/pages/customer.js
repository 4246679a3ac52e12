// One customer: its domains, many of which can be changed at once, and the public page that it may show to others.

import { go, write } from "../address.js";
import { afterOf, get } from "../api.js";
import { choosing } from "../choosing.js";
import { askCustomer, askDomain, askRemove, pathOf } from "../customers.js";
import { h, put, refresh, refreshRows } from "../dom.js";
import { table } from "../lists.js";
import { ago, nothing, statusOf } from "../parts.js";
import { publicPage } from "../public.js";
import { flagsOf, quietButton } from "../quiet.js";
import { may } from "../session.js";
import { STATUSES, sentence } from "../words.js";

const PAGE = 100;

/** Show a customer, named by its code. */
export function customer(place, codename, again) {
  const parts = Object.fromEntries(["top", "counts", "domains", "more", "link"].map((name) => [name, h("div", { class: "part" })]));
  const rows = h("tbody", {});
  const chosen = may("operator") ? choosing(rows, again) : null;
  const list = table("Domains", [...(chosen ? [chosen.every] : []), "Status", "Domain", "Why", "Since"], rows);
  let pages = 1;
  let drawn = false;

  async function load(signal) {
    const [it, all] = await Promise.all([get(pathOf({ codename }), {}, signal), domainsOf(codename, pages, signal)]);
    if (!drawn) {
      put(parts.domains, list, chosen?.tools);
      put(place, Object.values(parts));
      drawn = true;
    }
    document.title = `${it.friendlyname} · MXTRAX`;
    refresh(parts.top, it, () => top(it, again));
    refresh(parts.counts, all.counts, () => counts(all.counts, codename));
    refreshRows(rows, all.items, (each) => each.id, (each) => row(each, chosen));
    list.hidden = !all.items.length;
    refresh(parts.more, [all.items.length, Boolean(all.next)], () => [
      all.items.length ? null : nothing("No domains yet.", may("operator") ? h("p", {}, "Add the first one, or bring in several as a CSV file from the list of customers.") : null),
      all.next ? h("div", {}, h("button", { type: "button", "data-keep": "more", onclick: () => {
        pages += 1;
        again();
      } }, "More domains")) : null,
    ]);
    chosen?.draw();
    refresh(parts.link, [it.link], () => publicPage(it, again));
  }

  return { every: () => 30, load };
}

/** Read as many pages of its domains as are shown. */
async function domainsOf(codename, pages, signal) {
  const asked = { customer: codename, limit: PAGE, sort: "name" };
  const first = await get("api/v3/overview", asked, signal);
  const items = [...first.items];
  let { next } = first;
  for (let page = 1; page < pages && next; page += 1) {
    const more = await get("api/v3/overview", { ...asked, after: afterOf({ next }) }, signal);
    items.push(...more.items);
    ({ next } = more);
  }
  return { counts: first.counts, items, next };
}

function top(it, again) {
  return [
    h("p", { class: "small" }, h("a", { href: write(["customers"]) }, "All customers")),
    h("div", { class: "headline" }, h("h1", {}, it.friendlyname), h("span", { class: "muted" }, it.codename),
      may("operator") ? h("span", { class: "row pulse" },
        h("button", { type: "button", class: "main", "data-keep": "add", onclick: () => askDomain(it.codename) }, "Add a domain"),
        quietButton([{ scope: "customer", target: it.codename }], it.friendlyname, again),
        h("button", { type: "button", "data-keep": "edit", onclick: () => askCustomer(it, again) }, "Edit"),
        h("button", { type: "button", class: "danger", "data-keep": "remove", onclick: () => askRemove(it, () => go(write(["customers"]))) }, "Remove")) : null),
    it.alertuser.length ? h("p", { class: "muted" }, `Alerts also go to ${it.alertuser.join(", ")}.`) : null,
  ];
}

function counts(found, codename) {
  const some = Object.keys(STATUSES).filter((name) => found[name]);
  return h("div", { class: "row" }, some.map((name) => h("a", { class: "count", href: write(["domains"], { customer: codename, status: name }) }, statusOf(name), h("b", {}, found[name].toLocaleString()))),
    h("a", { href: write(["domains"], { customer: codename }) }, "All of them in the list"));
}

function row(it, chosen) {
  return h("tr", { "data-row": true }, chosen ? h("td", {}, chosen.box(it)) : null, h("td", {}, statusOf(it.status), flagsOf(it)),
    h("td", { class: "address" }, h("a", { href: write(["domains", String(it.id)]), "data-keep": `domain-${it.id}`, "data-go": true }, it.address), " ", it.tags.map((tag) => [h("span", { class: "chip" }, tag), " "])),
    h("td", { class: "cause" }, it.status === "ok" || it.status === "setup" ? "" : it.status === "paused" ? "not tested" : sentence(it.why)),
    h("td", { class: "nowrap", "data-name": "since" }, it.since ? ago(it.since) : ""));
}
