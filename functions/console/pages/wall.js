// The wallboard: the counts by status and the worst domains, readable from five metres. It is read-only.

import { get } from "../api/calls.js";
import { h, put, refresh, refreshRows } from "../shared/dom.js";
import { chip } from "../shared/monitor.js";
import { ago, statusOf, strip } from "../shared/parts.js";
import { flagsOf } from "../shared/quiet.js";
import { drawBanner, showFailing } from "../shared/rounds.js";
import { write } from "../values/address.js";
import { failing, STATUS_NAMES, sentence } from "../values/words.js";

/** @import { DomainRow, MakePage } from "../types.js" */

const EVERY = 10;
const ROOM = 12;
const BAD = new Set(["down", "slow"]);
const ILL = new Set([...BAD, "suspect"]);
const narrow = matchMedia("(max-width: 48rem)");

/**
 * Show the wallboard.
 * @type {MakePage}
 */
export function wall(place) {
  const banner = h("div", {});
  const counts = h("ul", { class: "counts", "aria-label": "How many domains have each status" });
  const rows = h("tbody", {});
  const table = h(
    "div",
    { class: "list" },
    h("table", { class: "cards" }, h("caption", { class: "hidden-label" }, "Failing and suspect domains"), rows),
  );
  const below = h("div", {});
  let drawn = false;
  return {
    every: () => EVERY,
    load: async (signal) => {
      const data = await get("api/v3/overview", { limit: ROOM }, signal);
      if (!drawn) {
        put(
          place,
          h(
            "div",
            { class: "headline" },
            h("h1", {}, "Mail now"),
            h("span", { class: "actions" }, chip()),
            h("a", { class: "small muted", href: write(["domains"]) }, "Domains"),
          ),
          banner,
          counts,
          table,
          below,
        );
        drawn = true;
      }
      const ill = data.items.filter((it) => ILL.has(it.status));
      drawBanner(banner, data);
      refresh(counts, data.counts, () =>
        STATUS_NAMES.map((name) =>
          h(
            "li",
            { class: BAD.has(name) && data.counts[name] ? `alarm ${name}` : null },
            h("b", {}, data.counts[name].toLocaleString()),
            statusOf(name),
          ),
        ),
      );
      refreshRows(rows, ill, (it) => it.id, row);
      table.hidden = ill.length === 0;
      fit(rows, (shown) => {
        const more = failing(data.counts) + data.counts.suspect - shown;
        refresh(below, [shown, more, data.counts.total], () =>
          more > 0
            ? [h("p", { class: "more muted" }, `and ${more.toLocaleString()} more`)]
            : shown
              ? []
              : [
                  h(
                    "p",
                    { class: "notice good" },
                    data.counts.total ? "Nothing is failing." : "There are no domains yet.",
                  ),
                ],
        );
      });
      showFailing(failing(data.counts), "Wallboard");
    },
  };
}

/**
 * Show as many rows as fit on the screen, the worst first: nobody scrolls a wall. On a phone, all rows are shown.
 * @param {HTMLElement} rows
 * @param {(shown: number) => void} count
 */
function fit(rows, count) {
  const all = /** @type {HTMLElement[]} */ ([...rows.children]);
  for (const each of all) each.hidden = false;
  let shown = all.length;
  count(shown);
  while (!narrow.matches && shown > 1 && document.documentElement.scrollHeight > innerHeight) {
    shown -= 1;
    all[shown].hidden = true;
    count(shown);
  }
}

/** @param {DomainRow} it */
const row = (it) =>
  h(
    "tr",
    {},
    h("td", {}, statusOf(it.status), flagsOf(it)),
    h(
      "td",
      { class: "address" },
      h("strong", {}, it.domainname),
      h("div", { class: "whose muted" }, it.friendlyname ?? it.customer ?? ""),
    ),
    h("td", { class: "cause" }, sentence(it.why)),
    h("td", { class: "nowrap", "data-name": "since" }, it.since ? ago(it.since) : ""),
    h("td", { class: "wide" }, strip(it.recent, { room: 30, name: `Last tests of ${it.address}` })),
  );
