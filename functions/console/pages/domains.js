// The domains: searched, filtered, sorted, the worst first.

import { afterOf, get } from "../api/calls.js";
import { may } from "../api/session.js";
import { choosing } from "../shared/choosing.js";
import { columnsOf } from "../shared/columns.js";
import { askDomain } from "../shared/customers.js";
import { h, put, refresh, refreshRows } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { filters, ordering, searching } from "../shared/lists.js";
import { ago, domainLink, nothing, shape, spark, statusOf, strip } from "../shared/parts.js";
import { flagsOf } from "../shared/quiet.js";
import { drawBanner, showFailing } from "../shared/rounds.js";
import { go, read, write } from "../values/address.js";
import { span } from "../values/times.js";
import { failing, STATUS_NAMES, sentence } from "../values/words.js";

/** @import { Child, Choosing, Column, Counts, DomainRow, DomainRowList, MakePage, Query } from "../types.js" */

const EVERY = 15;

/** Seconds between two reads in a hidden tab, where only title and icon are seen. */
const UNSEEN = 60;
const PAGE = 50;
const SORTS = [
  ["", "Worst first"],
  ["-worst", "Best first"],
  ["name", "Domain, A to Z"],
  ["-name", "Domain, Z to A"],
  ["id", "Oldest entry first"],
  ["-id", "Newest entry first"],
];

/**
 * Columns that can be hidden, and whether they are shown by default.
 * @type {Column[]}
 */
const COLUMNS = [
  ["since", "Since", true],
  ["last", "Last time", true],
  ["p95", "95 % within", true],
  ["tests", "Last 60 tests", true],
  ["times", "Delivery times", false],
  ["provider", "Provider", false],
];
const INCIDENT_ID = /^(\d+)-\d{12,}$/; // its domain's number, and the moment when it opened
const TEST_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const FILTERS = ["status", "flag", "search", "customer", "provider", "tag", "sort", "after"];

/**
 * Show the domains.
 * @type {MakePage}
 */
export function domains(place, _path, query, again) {
  let wanted = only(query);
  const banner = h("div", {});
  const counts = h("ul", { class: "counts", "aria-label": "How many domains have each status" });
  const filtering = filterForm(() => wanted);
  const chips = h("div", { class: "row", role: "group", "aria-label": "Filters" });
  const rows = h("tbody", {});
  const chosen = may("operator") ? choosing(rows, again) : null;
  const whole = h(
    "table",
    { class: "cards fleet" },
    h("caption", { class: "hidden-label" }, "Domains"),
    head(chosen),
    rows,
  );
  const table = h("div", { class: "list" }, whole);
  filtering.form.append(columnsOf(whole, "domains", COLUMNS));
  const empty = h("div", {});
  const pages = h("nav", { class: "pages", "aria-label": "Pages of the list" });
  let drawn = false;
  /** @param {DomainRowList} data */
  function draw(data) {
    if (!drawn) {
      put(
        place,
        h("div", { class: "headline" }, h("h1", {}, "Domains"), may("operator") ? adding(() => wanted) : null),
        banner,
        counts,
        filtering.form,
        chips,
        table,
        chosen?.tools ?? [],
        empty,
        pages,
      );
      drawn = true;
    }
    drawBanner(banner, data);
    refresh(counts, [data.counts, data.flagged, wanted], () => [
      countCards(data.counts, wanted),
      flagCards(data.flagged, wanted),
    ]);
    refresh(chips, [wanted, nameOf(wanted, data)], () => chipsOf(wanted, nameOf(wanted, data)));
    refreshRows(
      rows,
      data.items,
      (item) => item.id,
      (item) => row(item, chosen),
    );
    chosen?.draw();
    table.hidden = data.items.length === 0;
    refresh(empty, [data.items.length, Boolean(data.next), wanted, data.counts.total], () =>
      data.items.length ? [] : emptiness(wanted, data),
    );
    refresh(pages, [data.next, wanted], () => pager(data, wanted));
    showFailing(failing(data.counts), "Domains");
  }

  return {
    every: () => (document.hidden ? UNSEEN : EVERY),
    unseen: true,
    changed: (other) => {
      wanted = only(other);
      filtering.fill(wanted);
    },
    load: async (signal) => {
      const asked = wanted;
      const data = await get("api/v3/overview", { ...asked, limit: PAGE }, signal);
      if (asked === wanted) draw(data);
    },
  };
}

/** @param {() => Query} wanted */
const adding = (wanted) =>
  h(
    "span",
    { class: "row actions" },
    h("button", { type: "button", class: "main", onclick: () => askDomain(wanted().customer ?? "") }, "Add a domain"),
  );

/** @param {Query} query */
const only = (query) => Object.fromEntries(FILTERS.filter((name) => query[name]).map((name) => [name, query[name]]));

/**
 * @param {Query} wanted
 * @param {DomainRowList} data
 */
const nameOf = (wanted, data) =>
  wanted.customer ? (data.items.find((it) => it.customer === wanted.customer)?.friendlyname ?? wanted.customer) : "";

/**
 * @param {Counts} counts
 * @param {Query} wanted
 */
function countCards(counts, wanted) {
  const all = { ...wanted, status: "", flag: "", after: "" };
  /**
   * @param {string} name
   * @param {number} number
   * @param {Child} label
   */
  const card = (name, number, label) =>
    h(
      "li",
      {},
      h(
        "a",
        {
          href: write(["domains"], { ...all, status: wanted.status === name ? "" : name }),
          "aria-current": !wanted.flag && (wanted.status ?? "") === name ? "true" : null,
          class: number ? null : "none",
          "data-keep": `count-${name}`,
        },
        h("b", {}, number.toLocaleString()),
        " ",
        label,
      ),
    );
  return [...STATUS_NAMES.map((name) => card(name, counts[name], statusOf(name))), card("", counts.total, "All")];
}

/**
 * Count the domains that fail without anybody being notified; shown only if there are any.
 * @param {{ quiet: number, held: number }} flagged
 * @param {Query} wanted
 */
const flagCards = (flagged, wanted) =>
  /** @type {["quiet" | "held", string, string][]} */ ([
    ["quiet", "Quiet", "They fail, and a maintenance window is on"],
    ["held", "On hold", "They fail, and the fault may be ours"],
  ])
    .filter(([name]) => flagged[name] || wanted.flag === name)
    .map(([name, word, title]) =>
      h(
        "li",
        {},
        h(
          "a",
          {
            href: write(["domains"], { ...wanted, status: "", after: "", flag: wanted.flag === name ? "" : name }),
            "aria-current": wanted.flag === name ? "true" : null,
            "data-keep": `count-${name}`,
            title,
          },
          h("b", {}, flagged[name].toLocaleString()),
          " ",
          h("span", { class: "status paused" }, icon("maintenance"), word),
        ),
      ),
    );

/**
 * Show each active filter, as a link that removes it.
 * @param {Query} wanted
 * @param {string} customer
 */
function chipsOf(wanted, customer) {
  /** @type {Record<string, string>} */
  const words = {
    customer: `Customer: ${customer}`,
    provider: `Provider: ${wanted.provider}`,
    tag: `Tag: ${wanted.tag}`,
    search: `Found by: ${wanted.search}`,
  };
  const on = Object.keys(words).filter((name) => wanted[name]);
  return on.length
    ? [
        on.map((name) =>
          h(
            "a",
            {
              class: "chip on",
              href: write(["domains"], { ...wanted, [name]: "", after: "" }),
              "data-keep": `chip-${name}`,
              title: "Remove this filter",
            },
            words[name],
            h("span", { "aria-hidden": "true" }, " ×"),
          ),
        ),
        h("a", { class: "small", href: write(["domains"]), "data-keep": "clear" }, "Clear"),
      ]
    : [];
}

/** @param {() => Query} wanted */
function filterForm(wanted) {
  const { search, shown } = searching("Name, code, address, provider, tag, or an ID", 100);
  const sort = ordering(SORTS);
  const inputs = { search, sort };

  function apply() {
    const typed = search.value.trim();
    if (TEST_ID.test(typed)) {
      search.value = "";
      go(write(["tests", typed.toLowerCase()]));
      return;
    }
    const incident = INCIDENT_ID.exec(typed);
    if (incident) {
      search.value = "";
      go(write(["incidents"], { domain: incident[1] }));
      return;
    }
    go(write(["domains"], { ...wanted(), search: typed, sort: sort.value, after: "" }), { replace: true });
  }

  /** @param {Query} query */
  function fill(query) {
    for (const [name, input] of Object.entries(inputs)) {
      if (input !== document.activeElement || input === sort) input.value = query[name] ?? "";
    }
  }

  fill(wanted());
  return { form: filters(apply, shown, sort), fill };
}

/** @param {Choosing | null} chosen */
const head = (chosen) =>
  h(
    "thead",
    {},
    h(
      "tr",
      {},
      chosen ? h("td", { class: "choose" }, chosen.every) : null,
      [
        ["Status"],
        ["Domain"],
        ["Why"],
        ["Since", "c-since"],
        ["Last time", "number c-last"],
        ["95 % within", "number c-p95", "95 of 100 of the last tests were back within this time"],
        ["Last 60 tests", "c-tests"],
        ["Delivery times", "c-times"],
        ["Provider", "c-provider", "Who runs their mail server"],
      ].map(([word, name, title]) => h("th", { scope: "col", class: name, title }, word)),
    ),
  );

/**
 * @param {DomainRow} it
 * @param {Choosing | null} chosen
 */
function row(it, chosen) {
  const here = read().query;
  /** @param {Query} part */
  const only_ = (part) => write(["domains"], { ...here, ...part, after: "" });
  const last = it.last;
  const reason =
    it.status === "ok" || it.status === "setup" ? "" : it.status === "paused" ? "not tested" : sentence(it.why);
  return h(
    "tr",
    { "data-row": true },
    chosen ? h("td", { class: "choose" }, chosen.box(it)) : null,
    h("td", {}, statusOf(it.status)),
    h(
      "td",
      { class: "address" },
      domainLink(it),
      h(
        "div",
        { class: "small whose" },
        it.customer
          ? h(
              "a",
              { class: "muted", href: only_({ customer: it.customer }), title: `Only those of ${it.customer}` },
              it.friendlyname ?? it.customer,
            )
          : null,
        it.control
          ? h(
              "span",
              { class: "chip", title: "Known to work: while it fails, the monitor itself is suspected." },
              "reference",
            )
          : null,
        it.tags.map((tag) =>
          h("a", { class: "chip", href: only_({ tag }), title: `Only those with the tag ${tag}` }, tag),
        ),
        flagsOf(it),
      ),
    ),
    h("td", { class: "cause" }, reason),
    h("td", { class: "nowrap c-since", "data-name": "since" }, it.since ? ago(it.since) : ""),
    h(
      "td",
      { class: "number nowrap c-last", "data-name": "last" },
      last ? (last.took === null ? verdictShort(last.verdict) : span(last.took)) : "",
    ),
    h("td", { class: "number nowrap c-p95", "data-name": "95 % within" }, it.p95 === null ? "" : span(it.p95)),
    h(
      "td",
      { class: "wide strips c-tests" },
      it.recent.length ? strip(it.recent, { name: `Last ${it.recent.length} tests of ${it.address}` }) : "",
    ),
    h("td", { class: "wide c-times" }, spark(it.recent) ?? ""),
    h(
      "td",
      { class: "c-provider", "data-name": "provider" },
      it.provider
        ? h(
            "a",
            { class: "muted", href: only_({ provider: it.provider }), title: `Only those of ${it.provider}` },
            it.provider,
          )
        : "",
    ),
  );
}

/** @param {string} verdict */
function verdictShort(verdict) {
  return h(
    "span",
    { class: `verdict ${verdict}` },
    shape(verdict),
    verdict === "pending" ? "in flight" : verdict === "unsent" ? "not sent" : "not back",
  );
}

/**
 * @param {Query} wanted
 * @param {DomainRowList} data
 */
function emptiness(wanted, data) {
  if (data.next)
    return nothing("None on this page.", h("p", {}, "The search goes on; there may be more on the next page."));
  if (Object.keys(wanted).some((name) => name !== "sort")) {
    return nothing("No domain matches these filters.", h("a", { href: write(["domains"]) }, "Show all domains"));
  }
  return nothing(
    "No domains yet.",
    may("operator")
      ? [
          h("p", {}, "Bring in a fleet as a CSV file, or add a domain by hand; the first results come a minute later."),
          h("a", { class: "button", href: write(["customers"]) }, "Go to Customers"),
        ]
      : h("p", {}, "An operator can import them."),
  );
}

/**
 * @param {DomainRowList} data
 * @param {Query} wanted
 */
function pager(data, wanted) {
  const after = afterOf(data);
  return [
    wanted.after
      ? h(
          "a",
          { class: "button", href: write(["domains"], { ...wanted, after: "" }), "data-keep": "first" },
          "First page",
        )
      : null,
    after
      ? h("a", { class: "button", href: write(["domains"], { ...wanted, after }), "data-keep": "next" }, "Next page")
      : null,
  ];
}
