// One domain: how it is, why, and how it has been.

import { go, read, write } from "../address.js";
import { Problem, get, patch, post, remove } from "../api.js";
import { everyDay, timesChart, verdictChart } from "../charts.js";
import { h, put, refresh, refreshRows } from "../dom.js";
import { incidentRow, incidentHead } from "./incidents.js";
import { setUp } from "./set-up.js";
import { ago, ask, at, field, nothing, placeOf, strip, toast, verdictOf } from "../parts.js";
import { may, who } from "../session.js";
import { dayBefore, span } from "../times.js";
import { KINDS, LIMITS, many, why } from "../words.js";

const EVERY = 15;
const RANGES = [[7, "7 days"], [30, "30 days"], [90, "90 days"], [365, "1 year"]];
const TESTS = 25;

/** Show a domain, named by its number or its address. */
export function domain(place, [name = ""], query, again) {
  if (name.includes("@")) return { load: (signal) => lead(name, query, signal) };
  let range = rangeOf(query);
  const parts = Object.fromEntries(["top", "state", "facts", "recent", "charts", "tests", "incidents", "help"].map((each) => [each, h("div", {})]));
  for (const part of Object.values(parts)) part.style.display = "contents";
  let drawn = false;
  let older = [];
  let days = { until: "", all: [] };

  async function load(signal) {
    const path = `api/v3/maildomains/${encodeURIComponent(name)}`;
    const [it, config, tests, incidents] = await Promise.all([
      get(path, {}, signal),
      who().customer ? null : get("api/v3/config", {}, signal),
      get(`${path}/mailtests`, { limit: TESTS }, signal),
      get("api/v3/incidents", { domain: name, limit: 10 }, signal),
    ]);
    days = await daysOf(name, days, signal);
    const open = incidents.items.find((each) => each.id === it.incident) ?? null;
    if (!drawn) {
      put(place, Object.values(parts));
      drawn = true;
    }
    document.title = `${it.address} · MXTRAX`;
    refresh(parts.top, [it.address, it.place, it.version, it.customer], () => top(it, again));
    refresh(parts.state, [it, open, config], () => state(it, open, config));
    refresh(parts.facts, [it, config, tests.items[0]], () => facts(it, config, tests.items));
    refresh(parts.recent, it.recent, () => recent(it));
    refresh(parts.charts, [days, range, it.version, config?.version, innerWidth], () => charts(it, config, days.all, range, name));
    refresh(parts.tests, [tests, older], () => latest(name, tests, older, (more) => {
      older = more;
      again();
    }));
    refresh(parts.incidents, incidents.items, () => history(incidents.items));
    refresh(parts.help, [it.address, config?.sendinguser], () => setUp(it, config?.sendinguser));
  }

  return {
    every: () => EVERY,
    changed: (other) => {
      range = rangeOf(other);
    },
    load,
  };
}

const rangeOf = (query) => (RANGES.some(([days]) => String(days) === query.days) ? Number(query.days) : 30);

/** The wiki's links name a domain by its address: lead from there to its page. */
async function lead(address, query, signal) {
  const found = await get("api/v3/maildomains", { search: address, limit: 200 }, signal);
  const exact = found.items.find((it) => it.address.toLowerCase() === address.toLowerCase());
  if (!exact) throw new Problem(404, `No mailbox ${address} is monitored.`);
  go(write(["domains", String(exact.id)], query), { replace: true });
}

/** Read the days of a domain; once they are known, only those that may still change. */
async function daysOf(name, known, signal) {
  const path = "api/v1/stat/";
  if (!known.all.length) {
    let page = await get(path, { domain: name, limit: 1000 }, signal);
    const { total_count: total, limit } = page.meta;
    if (total > limit) page = await get(path, { domain: name, limit, offset: total - limit }, signal);
    return { all: page.objects.map(figures) };
  }
  const days = await Promise.all([dayBefore(1), dayBefore(0)].map((d) => get(path, { domain: name, d }, signal)));
  const fresh = days.flatMap((page) => page.objects.map(figures));
  const names = new Set(fresh.map((it) => it.d));
  return { all: [...known.all.filter((it) => !names.has(it.d)), ...fresh] };
}

const figures = ({ domain: _domain, resource_uri: _uri, id: _id, ...day }) => day;

function top(it, again) {
  const pause = h("button", { type: "button", "data-keep": "pause", onclick: () => (it.maintmode ? resume(it, again) : askPause(it, again)) }, it.maintmode ? "Resume" : "Pause");
  const once = h("button", { type: "button", class: "main", "data-keep": "send", onclick: (event) => sendNow(it, event.target) }, "Send a test now");
  const gone = h("button", { type: "button", class: "danger", "data-keep": "remove", onclick: () => askRemove(it) }, "Remove");
  const change = h("button", { type: "button", "data-keep": "edit", onclick: () => edit(it, again) }, "Edit");
  return h("div", { class: "headline" },
    h("h1", {}, it.address), placeOf(it.place),
    it.customer ? h("a", { href: write(["overview"], { customer: it.customer }) }, it.customer) : null,
    it.tags.map((tag) => h("a", { class: "chip", href: write(["overview"], { tag }) }, tag)),
    may("operator") ? h("span", { class: "row pulse" }, once, pause, change, gone) : null);
}

function state(it, open, config) {
  if (it.place === "maintenance") return h("p", { class: "notice" }, "Paused: it is not tested, and nothing is told. What was under way is still counted.");
  if (it.place === "new") return h("p", { class: "notice" }, "No test has been judged yet. The first result comes with the first test that is back, or overdue.");
  const needed = config?.recover_after;
  if (it.place === "failing") {
    const streak = needed ? ` It has recovered after at least ${many(needed, "test")} on time in a row; ${it.streak} so far.` : "";
    return h("div", { class: "notice bad" }, h("div", {},
      h("p", {}, h("strong", {}, "Failing since "), at(it.since), " (", ago(it.since), "). ", open?.evidence ? open.evidence : ""),
      h("p", { class: "small" }, it.exceeded.length ? `Above its limits: ${it.exceeded.map((name) => LIMITS[name] ?? name).join(", ")}.` : "", streak)));
  }
  if (it.place === "suspect") {
    const bad = it.recent.findLast((test) => test.cause);
    return h("p", { class: "notice warn" }, `Its limits still hold, but not all is well${bad ? `: ${why(bad.cause)}` : ""}. It is tested more often until ${needed ? many(needed, "test") : "some tests"} in a row are on time.`);
  }
  return h("p", { class: "notice good" }, h("span", {}, "Its tests come back in time. ", it.since ? ["OK since ", at(it.since), " (", ago(it.since), ")."] : ""));
}

function facts(it, config, tests) {
  const own = (name) => it[name] ?? config?.[name] ?? null;
  const mark = (name) => (it[name] === null ? "" : " (its own)");
  const last = tests.find((test) => test.receivetime);
  const kind = last?.returned_as ? KINDS[last.returned_as] ?? { word: `as ${last.returned_as}`, good: true } : null;
  const times = [
    ["Next test", it.next_test ? ago(it.next_test) : "none, it is paused"],
    ["Every", own("interval_minutes") === null ? null : `${own("interval_minutes")} min${mark("interval_minutes")}`],
    ["On time within", own("maxreturntime") === null ? null : `${span(own("maxreturntime"))}${mark("maxreturntime")}`],
    ["Failed after", own("max_sec_until_fail") === null ? null : `${span(own("max_sec_until_fail"))}${mark("max_sec_until_fail")}`],
    ["Judged on", `${it.slate.ontime} on time, ${it.slate.late} late, ${it.slate.missed} not back`],
    ["Average of these", it.slate.average === null ? null : span(it.slate.average)],
    ["Last came back", kind ? kind.word : null],
    ["Mail server of", it.operator],
  ];
  return [
    h("div", { class: "sheet" }, h("dl", { class: "facts" }, times.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))))),
    kind?.note ? h("p", { class: "notice warn" }, `Tests come back ${kind.word}. ${kind.note}`) : null,
  ];
}

function recent(it) {
  if (!it.recent.length) return [];
  return h("section", { class: "sheet", "aria-labelledby": "recent" }, h("h2", { id: "recent" }, `Last ${many(it.recent.length, "test")}`),
    strip(it.recent, { large: true, name: `Last ${it.recent.length} tests of ${it.address}, the newest to the right` }));
}

function charts(it, config, days, range, name) {
  const choose = h("nav", { class: "row", "aria-label": "How far back" }, RANGES.map(([number, word]) => h("a", {
    class: "button", href: write(["domains", name], { ...read().query, days: number }), "aria-current": number === range ? "true" : null, "data-keep": `range-${number}`,
  }, number === range ? h("strong", {}, word) : word)));
  const all = everyDay(days, dayBefore(range - 1), dayBefore(0));
  const title = h("div", { class: "headline" }, h("h2", { id: "times" }, "Day by day"), choose);
  if (!all.some(({ figures: each }) => each)) {
    return h("section", { class: "sheet", "aria-labelledby": "times" }, title, nothing("Nothing was measured in this time.", h("p", {}, "A day appears here once the first of its tests is judged.")));
  }
  const width = Math.max(300, Math.min(1500, document.documentElement.clientWidth - 70));
  const limits = { late: it.maxreturntime ?? config?.maxreturntime, failed: it.max_sec_until_fail ?? config?.max_sec_until_fail };
  return h("section", { class: "sheet", "aria-labelledby": "times" }, title, timesChart(all, limits, width), verdictChart(all, width),
    h("p", { class: "small muted" }, "A test belongs to the day it was sent, in UTC."));
}

function latest(name, first, older, more) {
  const known = new Set(first.items.map((it) => it.testid));
  const tests = [...first.items, ...older.flatMap((page) => page.items).filter((it) => !known.has(it.testid))];
  const rows = h("tbody", {});
  refreshRows(rows, tests, (it) => it.testid, testRow);
  const next = (older.at(-1) ?? first).next;
  const show = async (event) => {
    event.target.disabled = true;
    try {
      const after = new URLSearchParams(next.split("?")[1]).get("after");
      more([...older, await get(`api/v3/maildomains/${encodeURIComponent(name)}/mailtests`, { limit: 100, after })]);
    } catch (error) {
      toast(error.message, "bad");
      event.target.disabled = false;
    }
  };
  return h("section", { class: "sheet", "aria-labelledby": "latest" }, h("h2", { id: "latest" }, "Latest tests"),
    tests.length
      ? h("div", { class: "list", tabindex: "0", role: "group", "aria-labelledby": "latest" }, h("table", { class: "cards" },
        h("thead", {}, h("tr", {}, ["Sent", "Verdict", "Took", "Why", "Came back"].map((word) => h("th", { scope: "col", class: word === "Took" ? "number" : null }, word)))), rows))
      : nothing("No test has been sent yet."),
    next ? h("div", {}, h("button", { type: "button", "data-keep": "older", onclick: show }, "Older tests")) : null);
}

const testRow = (it) => h("tr", {},
  h("td", { class: "nowrap" }, h("a", { href: write(["tests", it.testid]), "data-keep": it.testid }, at(it.sendtime))),
  h("td", {}, verdictOf(it.verdict)),
  h("td", { class: "number nowrap" }, it.took === null ? "" : span(it.took)),
  h("td", { class: "cause" }, why(it.cause)),
  h("td", {}, it.returned_as ? KINDS[it.returned_as]?.word ?? it.returned_as : ""));

function history(incidents) {
  const rows = h("tbody", {});
  refreshRows(rows, incidents, (it) => it.id, (it) => incidentRow(it, { withDomain: false }));
  return h("section", { class: "sheet", "aria-labelledby": "incidents" }, h("h2", { id: "incidents" }, "Incidents"),
    incidents.length ? h("div", { class: "list" }, h("table", { class: "cards" }, incidentHead({ withDomain: false }), rows)) : nothing("It has never failed."));
}

// --- changing it ------------------------------------------------------------------------------------------------------

const path = (it) => `api/v3/maildomains/${it.id}`;

function askPause(it, again) {
  ask({
    title: `Pause ${it.address}?`,
    body: h("p", {}, "It will not be tested until somebody resumes it, and nothing is told of it. Tests under way are still counted."),
    yes: "Pause",
    save: async () => {
      await patch(path(it), { maintmode: true }, it.version);
      toast(`${it.address} is paused.`);
      again();
    },
  });
}

function askRemove(it) {
  ask({
    title: `Remove ${it.address}?`,
    body: h("p", {}, "It is no longer tested, and what is known of it is forgotten; an open incident ends. The figures of its days are kept."),
    yes: "Remove",
    danger: true,
    save: async () => {
      await remove(path(it), it.version);
      toast(`${it.address} is removed.`);
      go(write(["overview"]));
    },
  });
}

async function sendNow(it, button) {
  button.disabled = true;
  try {
    const { testid } = await post(`${path(it)}/test`);
    go(write(["tests", testid], { new: 1 }));
  } catch (error) {
    toast(error.message, "bad");
    button.disabled = false;
  }
}

async function resume(it, again) {
  try {
    await patch(path(it), { maintmode: false }, it.version);
    toast(`${it.address} is tested again.`);
  } catch (error) {
    toast(error.message, "bad");
  }
  again();
}

const NUMBERS = [
  ["interval_minutes", "Tested every … minutes"],
  ["maxreturntime", "On time within … seconds"],
  ["max_sec_until_fail", "Failed after … seconds"],
  ["maxfailnumber", "Tests that may be missing"],
  ["maxfailpercentage", "Per cent that may be missing"],
  ["maxlatenumber", "Tests that may be late"],
  ["maxlatepercentage", "Per cent that may be late"],
];

function edit(it, again) {
  const text = (name, value, more) => h("input", { name, value: value ?? "", ...more });
  const box = (name, checked, label, note) => h("div", {}, h("label", { class: "check" }, h("input", { type: "checkbox", name, checked }), label), h("small", { class: "muted" }, note));
  ask({
    title: it.address,
    yes: "Save",
    body: [
      h("div", { class: "grid" },
        field("Customer (code)", text("customer", it.customer, { maxlength: 100 })),
        field("Tags", text("tags", it.tags.join(", ")), "With commas between."),
        NUMBERS.map(([name, label]) => field(label, text(name, it[name], { inputmode: "decimal", size: 8 })))),
      h("p", { class: "small muted" }, "What is left empty is as the settings say for all."),
      box("control", it.control, "Control", "Known to work: while it fails, the fault is taken for ours."),
      box("returns_bounce", it.returns_bounce, "Returns by bounce", "Its mailbox bounces tests on purpose; a bounce counts as a return."),
    ],
    save: async (form) => {
      await patch(path(it), changes(it, form.elements), it.version);
      toast("Saved.");
      again();
    },
  });
}

function changes(it, fields) {
  const given = {
    customer: fields.customer.value.trim() || null,
    tags: fields.tags.value.split(",").map((tag) => tag.trim()).filter(Boolean),
    control: fields.control.checked,
    returns_bounce: fields.returns_bounce.checked,
  };
  for (const [name, label] of NUMBERS) {
    const typed = fields[name].value.trim().replace(",", ".");
    if (typed && Number.isNaN(Number(typed))) throw Object.assign(new Error(`${label.replace(" … ", " ")}: “${typed}” is not a number.`), { field: name });
    given[name] = typed ? Number(typed) : null;
  }
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(it[name])));
}
