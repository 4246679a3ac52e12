// One domain: how it is, why, and how it has been.

import { get, Problem } from "../api/calls.js";
import { who } from "../api/session.js";
import { h, put, refresh } from "../shared/dom.js";
import { go, write } from "../values/address.js";
import { dayBefore } from "../values/times.js";
import { graphs } from "./domain/graphs.js";
import { history, latest } from "./domain/latest.js";
import { measured, rangeOf } from "./domain/measured.js";
import { guide, setUp } from "./domain/set-up.js";
import { facts, headline, recent, state } from "./domain/state.js";

/** @import { Found, MakePage, Query, Settings, TestList, WholeDomain } from "../types.js" */

const EVERY = 15;

/** Seconds between two reads while somebody waits for the first test. */
const WAITING = 5;
const TESTS = 25;
const INCIDENTS = 10;
const PARTS = ["top", "state", "facts", "recent", "charts", "tests", "incidents", "help"];

/**
 * Show a domain, named by its number or its address.
 * @type {MakePage}
 */
export function domain(place, [name = ""], query, again) {
  if (name.includes("@")) return { load: (signal) => lead(name, query, signal) };
  const parts = Object.fromEntries(PARTS.map((each) => [each, h("div", { class: "page" })]));
  for (const part of Object.values(parts)) part.style.display = "contents";
  let range = rangeOf(query);
  /** @type {{ it: WholeDomain, found: Found } | null} */
  let known = null;
  /** @type {TestList[]} */
  let older = [];
  /** @type {Settings | null} */
  let settings = null;
  /** @param {AbortSignal} signal */
  async function load(signal) {
    const path = /** @type {const} */ (`api/v3/maildomains/${encodeURIComponent(name)}`);
    const asked = range;
    const it = await get(path, {}, signal);
    const [found, tests, incidents, config] = await Promise.all([
      measured(it, asked, known?.found.range === asked ? known.found : null, signal),
      get(`${path}/mailtests`, { limit: TESTS }, signal),
      get("api/v3/incidents", { domain: name, limit: INCIDENTS }, signal),
      who()?.customer || settings ? null : get("api/v3/config", {}, signal),
    ]);
    if (asked !== range) return;
    settings ??= config;
    if (known === null) put(place, Object.values(parts));
    known = { it, found };
    document.title = `${it.address} · MXTRAX`;
    refresh(parts.top, it, () => headline(it, again));
    if (it.status === "setup") {
      refresh(parts.state, [it, settings], () => guide(it, settings?.sendinguser));
      for (const each of PARTS.filter((part) => !["top", "state", "tests"].includes(part)))
        refresh(parts[each], null, () => []);
      refresh(parts.tests, [tests, older], () => (tests.items.length ? latest(name, tests, older, shown) : []));
      return;
    }
    refresh(parts.state, [it, settings, "state"], () => state(it, settings?.timezone, again));
    refresh(parts.facts, it, () => facts(it));
    refresh(parts.recent, it.recent, () => recent(it));
    draw();
    refresh(parts.tests, [tests, older], () => latest(name, tests, older, shown));
    refresh(parts.incidents, incidents.items, () => history(incidents.items));
    refresh(parts.help, [it, settings], () => setUp(it, settings?.sendinguser));
  }

  /** @param {TestList[]} more */
  function shown(more) {
    older = more;
    again();
  }

  /** Draw the charts, as wide as the page is now. */
  function draw() {
    if (!known) return;
    const { it, found } = known;
    const width = roomIn(place);
    refresh(parts.charts, [it.id, it.effective, found, width, dayBefore(0)], () => graphs(it, found, width));
  }

  const main = place.closest("main");
  if (main) {
    new ResizeObserver(() => {
      if (known && known.it.status !== "setup" && main.isConnected) draw();
    }).observe(main);
  }
  return {
    every: () => (known?.it.status === "setup" ? WAITING : EVERY),
    changed: (other) => {
      range = rangeOf(other);
    },
    load,
  };
}

/**
 * The width of a chart: that of the page, without its margins and those of a sheet.
 * @param {HTMLElement} place
 */
function roomIn(place) {
  const main = place.closest("main") ?? place;
  const style = getComputedStyle(main);
  const margins = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
  return Math.max(260, Math.round(main.clientWidth - 2 * margins - 2));
}

/**
 * The wiki's links name a domain by its address: redirect them to its page.
 * @param {string} address
 * @param {Query} query
 * @param {AbortSignal} signal
 */
async function lead(address, query, signal) {
  const found = await get("api/v3/maildomains", { search: address, limit: 200 }, signal);
  const exact = found.items.find((it) => it.address.toLowerCase() === address.toLowerCase());
  if (!exact) throw new Problem(404, `No mailbox ${address} is monitored.`);
  go(write(["domains", String(exact.id)], query), { replace: true });
}
