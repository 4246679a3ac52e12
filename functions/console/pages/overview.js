// The whole fleet at a glance, the worst first.

import { go, read, write } from "../address.js";
import { afterOf, get } from "../api.js";
import { choosing } from "../choosing.js";
import { announce, h, put, refresh, refreshRows } from "../dom.js";
import { customerCodes } from "../lists.js";
import { ago, at, nothing, statusOf, shape, spark, strip } from "../parts.js";
import { may, who } from "../session.js";
import { now, span } from "../times.js";
import { STATUSES, failing, many, sentence } from "../words.js";

const EVERY = 15;
/** Seconds from one look to the next while only title and icon are seen. */
const UNSEEN = 60;
const PAGE = 50;
const STALE = 5;
/** What is missing where a job stays away, and what follows from it. Moments stand still here: an alert is read out whenever it changes. */
const ROUNDS = {
  plan: { missing: "No round of tests has been planned", so: "What follows is not up to date." },
  aggregate: { missing: "No test has been judged", so: "What follows is not up to date." },
  alert: { missing: "Nobody has looked after the alerts", so: "Whatever begins to fail is told to nobody." },
};
const SORTS = [["", "Worst first"], ["-worst", "Best first"], ["name", "Domain, A to Z"], ["-name", "Domain, Z to A"], ["id", "Oldest entry first"], ["-id", "Newest entry first"]];
const FILTERS = ["status", "search", "customer", "provider", "tag", "sort", "after"];

/** Show the overview. */
export function overview(place, _path, query, again) {
  let wanted = only(query);
  const pulse = h("span", { class: "pulse muted" });
  const banner = h("div", {});
  const counts = h("ul", { class: "counts", "aria-label": "How many domains stand where" });
  const filters = filterForm(() => wanted);
  const rows = h("tbody", {});
  const chosen = may("operator") ? choosing(rows, again) : null;
  const table = h("div", { class: "list" }, h("table", { class: "cards fleet" }, h("caption", { class: "hidden-label" }, "Domains"), head(chosen), rows));
  const empty = h("div", {});
  const pages = h("nav", { class: "pages", "aria-label": "Pages of the list" });
  let drawn = false;

  function draw(data) {
    if (!drawn) {
      put(place, h("div", { class: "headline" }, h("h1", {}, "Overview"), pulse), banner, counts, filters.form, table, chosen?.tools ?? [], empty, pages);
      drawn = true;
    }
    drawPulse(pulse, banner, data);
    refresh(counts, [data.counts, wanted], () => countCards(data.counts, wanted));
    refreshRows(rows, data.items, (item) => item.id, (item) => row(item, chosen));
    chosen?.draw();
    table.hidden = data.items.length === 0;
    refresh(empty, [data.items.length, Boolean(data.next), wanted, data.counts.total], () => (data.items.length ? [] : emptiness(wanted, data)));
    refresh(pages, [data.next, wanted], () => pager(data, wanted));
    showFailing(failing(data.counts));
  }

  return {
    every: () => (document.hidden ? UNSEEN : EVERY),
    unseen: true,
    changed: (other) => {
      wanted = only(other);
      filters.fill(wanted);
    },
    load: async (signal) => {
      const asked = wanted;
      const data = await get("api/v3/overview", { ...asked, limit: PAGE }, signal);
      if (asked === wanted) draw(data);
    },
  };
}

const only = (query) => Object.fromEntries(FILTERS.filter((name) => query[name]).map((name) => [name, query[name]]));

/** Put the number of failing domains where it is seen from another tab. */
export function showFailing(failing, name = "Overview") {
  document.title = `${failing ? `(${failing}) ` : ""}${name} · MXTRAX`;
  const icon = document.querySelector('link[rel="icon"]');
  icon.dataset.plain ??= icon.getAttribute("href");
  const text = failing > 99 ? "99" : String(failing);
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#b3261e"/>` +
    `<text x="16" y="23" font-family="sans-serif" font-size="20" font-weight="700" text-anchor="middle" fill="#fff">${text}</text></svg>`;
  const href = failing ? `data:image/svg+xml,${encodeURIComponent(drawn)}` : icon.dataset.plain;
  if (icon.getAttribute("href") !== href) {
    icon.setAttribute("href", href);
    announce(failing ? `${many(failing, "domain is", "domains are")} failing` : "No domain is failing");
  }
}

/** Say when the last round was, and warn where none has been for too long, or where the monitor itself is in trouble. */
export function drawPulse(pulse, banner, data) {
  const since = (age) => (age === null ? null : Math.round((now() - age * 1000) / 1000));
  refresh(pulse, since(data.ages.plan), (second) => ["Last round ", ago(second && second * 1000)]);
  const late = Object.keys(ROUNDS).filter((job) => (data.ages[job] === null ? job === "plan" : data.ages[job] > STALE * 60));
  refresh(banner, [late, data.ages.plan === null, data.monitor_fault, data.storm], () => [
    late.map((job) => alarm(data.ages[job] === null ? "No round of tests has been planned yet." : [`${ROUNDS[job].missing} since `, at(since(data.ages[job]) * 1000), ": the monitor itself is in trouble."],
      ROUNDS[job].so)),
    data.monitor_fault ? alarm(["The monitor itself is in trouble since ", at(data.monitor_fault.since), "."], data.monitor_fault.evidence, "What this may have caused is told to nobody until it is over.") : null,
    data.storm ? alarm(["Far more mail comes back than was sent, since ", at(data.storm.since), "."], data.storm.evidence) : null,
  ]);
}

const alarm = (title, ...more) => h("div", { class: "notice bad", role: "alert" }, h("p", {}, h("strong", {}, title), more.map((text) => [" ", text])));

function countCards(counts, wanted) {
  const all = { ...wanted, status: "", after: "" };
  const card = (name, number, label) => h("li", {}, h("a", {
    href: write(["overview"], { ...all, status: wanted.status === name ? "" : name }),
    "aria-current": (wanted.status ?? "") === name ? "true" : null,
    class: number ? null : "none",
    "data-keep": `count-${name}`,
  }, h("b", {}, number.toLocaleString()), label));
  return [...Object.keys(STATUSES).map((name) => card(name, counts[name], statusOf(name))), card("", counts.total, "All")];
}

function filterForm(wanted) {
  const search = h("input", { type: "search", name: "search", maxlength: 100, placeholder: "Address or customer", "aria-label": "Search" });
  const codes = who()?.customer ? null : customerCodes();
  const customer = h("input", { name: "customer", maxlength: 100, list: codes?.id });
  const provider = h("input", { name: "provider", maxlength: 253 });
  const tag = h("input", { name: "tag", maxlength: 60 });
  const sort = h("select", { name: "sort" }, SORTS.map(([value, word]) => h("option", { value }, word)));
  const clear = h("a", { class: "button", href: write(["overview"]) }, "Clear");
  const inputs = { search, customer, provider, tag, sort };
  let timer = null;

  function apply() {
    clearTimeout(timer);
    const typed = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()]));
    go(write(["overview"], { ...wanted(), ...typed, after: "" }), { replace: true });
  }

  function fill(query) {
    for (const [name, input] of Object.entries(inputs)) {
      if (input !== document.activeElement || input === sort) input.value = query[name] ?? "";
    }
    clear.hidden = Object.keys(query).length === 0;
  }

  const form = h("form", {
    class: "filters", role: "search", "aria-label": "Filter the list",
    onsubmit: (event) => {
      event.preventDefault();
      apply();
    },
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(apply, 300);
    },
    onchange: apply,
  },
  h("label", { class: "search" }, "Search", search),
  codes ? [h("label", {}, "Customer (code)", customer), codes.list] : null,
  h("label", {}, "Provider", provider),
  h("label", {}, "Tag", tag),
  h("label", {}, "Order", sort),
  clear);
  fill(wanted());
  return { form, fill };
}

const head = (chosen) => h("thead", {}, h("tr", {}, chosen ? h("td", { class: "choose" }, chosen.every) : null, [
  ["State"], ["Domain"], ["Customer"], ["Why"], ["Since"], ["Last time", "number"], ["95th %", "number", "95 of 100 of the last tests were back within this time"],
  ["Last 60 tests"], ["Delivery time"],
].map(([word, name, title]) => h("th", { scope: "col", class: name, title }, word))));

function row(it, chosen) {
  const here = read().query;
  const last = it.last;
  const reason = it.status === "ok" || it.status === "setup" ? "" : it.status === "paused" ? "not tested" : sentence(it.why);
  return h("tr", {},
    chosen ? h("td", { class: "choose" }, chosen.box(it)) : null,
    h("td", {}, statusOf(it.status)),
    h("td", { class: "address" }, h("a", { href: write(["domains", String(it.id)]), "data-keep": `domain-${it.id}` }, it.address), " ",
      it.control ? h("span", { class: "chip", title: "Known to work: while it fails, the fault is taken for ours." }, "control") : null, " ",
      it.tags.map((tag) => [h("a", { class: "chip", href: write(["overview"], { ...here, tag, after: "" }), title: `Only those with the tag ${tag}` }, tag), " "])),
    h("td", {}, it.customer
      ? h("a", { class: "muted", href: write(["overview"], { ...here, customer: it.customer, after: "" }), title: `Only those of ${it.customer}` }, it.friendlyname ?? it.customer)
      : ""),
    h("td", { class: "cause" }, reason),
    h("td", { class: "nowrap", "data-name": "since" }, it.since ? ago(it.since) : ""),
    h("td", { class: "number nowrap", "data-name": "last" }, last ? (last.took === null ? verdictShort(last.verdict) : span(last.took)) : ""),
    h("td", { class: "number nowrap", "data-name": "95th %" }, it.p95 === null ? "" : span(it.p95)),
    h("td", { class: "wide strips" }, it.recent.length ? strip(it.recent, { name: `Last ${it.recent.length} tests of ${it.address}` }) : ""),
    h("td", { class: "wide" }, spark(it.recent) ?? ""));
}

function verdictShort(verdict) {
  return h("span", { class: `verdict ${verdict}` }, shape(verdict), verdict === "pending" ? "in flight" : verdict === "unsent" ? "not sent" : "not back");
}

function emptiness(wanted, data) {
  if (data.next) return nothing("None on this page.", h("p", {}, "The search goes on; there may be more on the next page."));
  if (Object.keys(wanted).some((name) => name !== "sort")) {
    return nothing("No domain fits these filters.", h("a", { href: write(["overview"]) }, "Show all domains"));
  }
  return nothing("No domains yet.", may("operator")
    ? [h("p", {}, "Bring in a fleet as a CSV file, or add a domain by hand; the first results come a minute later."), h("a", { class: "button", href: write(["customers"]) }, "To the customers")]
    : h("p", {}, "An operator can bring them in."));
}

function pager(data, wanted) {
  const after = afterOf(data);
  return [
    wanted.after ? h("a", { class: "button", href: write(["overview"], { ...wanted, after: "" }), "data-keep": "first" }, "First page") : null,
    after ? h("a", { class: "button", href: write(["overview"], { ...wanted, after }), "data-keep": "next" }, "Next page") : null,
  ];
}
