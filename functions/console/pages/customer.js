// A customer's own page: its domains, figures, incidents, maintenance, who is notified, and its public page.

import { afterOf, get } from "../api/calls.js";
import { may, who } from "../api/session.js";
import { monthStrip } from "../charts/month.js";
import { choosing } from "../shared/choosing.js";
import { askCustomer, askDomain, askRemove, pathOf } from "../shared/customers.js";
import { h, put, refresh, refreshRows } from "../shared/dom.js";
import { table } from "../shared/lists.js";
import { ago, at, domainLink, nothing, statusOf, strip } from "../shared/parts.js";
import { publicPage } from "../shared/public.js";
import { flagsOf, quietButton } from "../shared/quiet.js";
import { headed, sheet } from "../shared/sheets.js";
import { go, write } from "../values/address.js";
import { everyDay } from "../values/days.js";
import { dayBefore, now } from "../values/times.js";
import { percent, STATUS_NAMES, sentence } from "../values/words.js";
import { nextOf } from "../values/zones.js";
import { history } from "./domain/latest.js";

/** @import { Choosing, Counts, Customer, DomainRow, Page, Stats, Window } from "../types.js" */

const PAGE = 100;
const INCIDENTS = 10;
const DAYS = 30;
const FIGURES_LAST = 600_000;

/**
 * Show a customer, named by its code.
 * @param {HTMLElement} place
 * @param {string} codename
 * @param {() => void} again
 * @returns {Page}
 */
export function customer(place, codename, again) {
  const parts = Object.fromEntries(
    ["top", "counts", "figures", "domains", "more", "incidents", "around", "link"].map((name) => [
      name,
      h("div", { class: "part" }),
    ]),
  );
  const rows = h("tbody", {});
  const chosen = may("operator") ? choosing(rows, again) : null;
  const list = table(
    "Domains",
    [...(chosen ? [chosen.every] : []), "Status", "Domain", "Why", "Since", "Last 60 tests"],
    rows,
  );
  let pages = 1;
  let drawn = false;
  /** @type {{ read: number, stats: Stats | null }} */
  let figures = { read: 0, stats: null };
  /** @param {AbortSignal} signal */
  async function load(signal) {
    const [it, all, incidents, windows] = await Promise.all([
      get(pathOf({ codename }), {}, signal),
      domainsOf(codename, pages, signal),
      get("api/v3/incidents", { customer: codename, limit: INCIDENTS }, signal),
      who()?.customer ? { items: [] } : get("api/v3/windows", {}, signal),
    ]);
    if (now() - figures.read > FIGURES_LAST) {
      const days = { from: dayBefore(DAYS - 1), to: dayBefore(0) };
      figures = {
        read: now(),
        stats: await get("api/v3/stats", { by: "customer", name: codename, ...days }, signal).catch(() => null),
      };
    }
    if (!drawn) {
      put(parts.domains, list, chosen?.tools);
      put(place, Object.values(parts));
      drawn = true;
    }
    document.title = `${it.friendlyname} · MXTRAX`;
    refresh(parts.top, it, () => top(it, again));
    refresh(parts.counts, all.counts, () => counts(all.counts, codename));
    refresh(parts.figures, [figures.stats, codename], () => month(figures.stats, codename));
    refresh(parts.incidents, incidents.items, () => history(incidents.items, { withDomain: true }));
    refresh(parts.around, [it.alertuser, windows.items, codename], () => around(it, windows.items));
    refreshRows(
      rows,
      all.items,
      (each) => each.id,
      (each) => row(each, chosen),
    );
    list.hidden = !all.items.length;
    refresh(parts.more, [all.items.length, Boolean(all.next)], () => [
      all.items.length
        ? null
        : nothing(
            "No domains yet.",
            may("operator")
              ? h("p", {}, "Add the first one, or bring in several as a CSV file from the list of customers.")
              : null,
          ),
      all.next
        ? h(
            "div",
            {},
            h(
              "button",
              {
                type: "button",
                "data-keep": "more",
                onclick: () => {
                  pages += 1;
                  again();
                },
              },
              "More domains",
            ),
          )
        : null,
    ]);
    chosen?.draw();
    refresh(parts.link, [it.link], () => publicPage(it, again));
  }

  return { every: () => 30, load };
}

/**
 * Read as many pages of its domains as are shown.
 * @param {string} codename
 * @param {number} pages
 * @param {AbortSignal} signal
 */
async function domainsOf(codename, pages, signal) {
  const asked = { customer: codename, limit: PAGE, sort: "worst" };
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

/**
 * @param {Customer} it
 * @param {() => void} again
 */
function top(it, again) {
  return [
    h("p", { class: "small" }, h("a", { href: write(["customers"]) }, "All customers")),
    h(
      "div",
      { class: "headline" },
      h("h1", {}, it.friendlyname),
      h("span", { class: "muted" }, it.codename),
      may("operator")
        ? h(
            "span",
            { class: "row actions" },
            h(
              "button",
              { type: "button", class: "main", "data-keep": "add", onclick: () => askDomain(it.codename) },
              "Add a domain",
            ),
            quietButton([{ scope: "customer", target: it.codename }], it.friendlyname, again),
            h("button", { type: "button", "data-keep": "edit", onclick: () => askCustomer(it, again) }, "Edit"),
            h(
              "button",
              {
                type: "button",
                class: "danger",
                "data-keep": "remove",
                onclick: () => askRemove(it, () => go(write(["customers"]))),
              },
              "Remove",
            ),
          )
        : null,
    ),
    it.public_note ? h("p", { class: "notice kept" }, it.public_note) : null,
  ];
}

/**
 * The last days, and the way to its reports.
 * @param {Stats | null} stats
 * @param {string} codename
 */
function month(stats, codename) {
  const share = stats?.total.ontime_percent ?? null;
  const days =
    stats && share !== null
      ? everyDay(stats.days, stats.from, stats.to).map(({ key, figures }) => ({
          day: key,
          ontime_percent: figures?.ontime_percent ?? null,
        }))
      : [];
  return h(
    "section",
    { class: "sheet", "aria-labelledby": "days" },
    headed(
      "days",
      "30 days on time",
      share === null ? null : h("strong", { class: "figure" }, percent(share)),
      h("a", { class: "button actions", href: write(["customers", codename, "month"]) }, "Monthly report"),
    ),
    days.length ? monthStrip(days, "The last 30 days") : h("p", { class: "muted" }, "Nothing was measured yet."),
  );
}

/**
 * Who is notified of it, and what is planned.
 * @param {Customer} it
 * @param {Window[]} windows
 */
function around(it, windows) {
  if (who()?.customer) return [];
  const own = windows.filter(
    ({ scope, target }) => scope === "all" || (scope === "customer" && target === it.codename),
  );
  const ahead = own.flatMap((window) => {
    const next = nextOf(window, now());
    return next ? [{ window, next }] : [];
  });
  return h(
    "div",
    { class: "columns" },
    sheet(
      "people",
      "Who is notified",
      it.alertuser.length
        ? h(
            "ul",
            { class: "plain" },
            it.alertuser.map((address) => h("li", {}, address)),
          )
        : null,
      h(
        "p",
        { class: "small muted" },
        it.alertuser.length ? "These, and the recipients for all customers." : "Only the recipients for all customers.",
      ),
    ),
    sheet(
      "planned",
      "Maintenance",
      ahead.length
        ? h(
            "ul",
            { class: "plain" },
            ahead.map(({ window, next }) =>
              h(
                "li",
                {},
                next.start <= now() ? h("strong", {}, "on now, until ") : h("span", {}, at(next.start), " to "),
                at(next.end),
                window.note ? h("span", { class: "muted" }, ` ${window.note}`) : null,
              ),
            ),
          )
        : h("p", { class: "muted" }, "None is planned."),
      h("p", { class: "small" }, h("a", { href: write(["maintenance"]) }, "All maintenance")),
    ),
  );
}

/**
 * @param {Counts} found
 * @param {string} codename
 */
function counts(found, codename) {
  const some = STATUS_NAMES.filter((name) => found[name]);
  return h(
    "div",
    { class: "row" },
    some.map((name) =>
      h(
        "a",
        { class: "count", href: write(["domains"], { customer: codename, status: name }) },
        statusOf(name),
        h("b", {}, found[name].toLocaleString()),
      ),
    ),
    h("a", { href: write(["domains"], { customer: codename }) }, "Show in Domains"),
  );
}

/**
 * @param {DomainRow} it
 * @param {Choosing | null} chosen
 */
function row(it, chosen) {
  return h(
    "tr",
    { "data-row": true },
    chosen ? h("td", {}, chosen.box(it)) : null,
    h("td", {}, statusOf(it.status)),
    h(
      "td",
      { class: "address" },
      domainLink(it),
      " ",
      it.tags.map((tag) => [h("span", { class: "chip" }, tag), " "]),
      flagsOf(it),
    ),
    h(
      "td",
      { class: "cause" },
      it.status === "ok" || it.status === "setup" ? "" : it.status === "paused" ? "not tested" : sentence(it.why),
    ),
    h("td", { class: "nowrap", "data-name": "since" }, it.since ? ago(it.since) : ""),
    h(
      "td",
      { class: "wide strips" },
      it.recent.length ? strip(it.recent, { name: `Last ${it.recent.length} tests of ${it.address}` }) : "",
    ),
  );
}
