// The home page: what is wrong now, grouped as people think of it, with the actions in place.

import { get, patch } from "../api/calls.js";
import { may, who } from "../api/session.js";
import { monthStrip } from "../charts/month.js";
import { h, put, refresh, refreshRows } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { knownOf } from "../shared/known.js";
import { ago, ask, field, nothing, shape, statusOf, toast } from "../shared/parts.js";
import { askUnquiet, flagsOf, quietButton } from "../shared/quiet.js";
import { drawBanner, showFailing } from "../shared/rounds.js";
import { headed, sheet } from "../shared/sheets.js";
import { write } from "../values/address.js";
import { everyDay } from "../values/days.js";
import { besides, headline } from "../values/headline.js";
import { messageOf } from "../values/problems.js";
import { dayBefore, now as moment } from "../values/times.js";
import { failing, many, percent, STATUS_NAMES, sentence } from "../values/words.js";

/** @import { Counts, MakePage, Now, Stats, TroubleMember, TroubleNow } from "../types.js" */

const EVERY = 15;

/** Seconds between two reads in a hidden tab, where only title and icon are seen. */
const UNSEEN = 60;

/** Customers that are named; the others are counted. */
const NAMES = 4;
const DAYS = 30;
const FIGURES_LAST = 600_000;

/**
 * Show what is wrong now.
 * @type {MakePage}
 */
export function now(place, _path, _query, again) {
  const title = h("h1", { class: "headline-now" });
  const more = h("p", { class: "besides muted" });
  const banner = h("div", {});
  const troubles = h("div", { class: "troubles", role: "group", "aria-label": "What is wrong now" });
  const well = h("div", {});
  const aside = h("aside", { class: "part beside-now", "aria-label": "How the domains are" });
  let drawn = false;
  /** @type {{ read: number, stats: Stats | null }} */
  let month = { read: 0, stats: null };
  /** @param {AbortSignal} signal */
  async function load(signal) {
    const data = await get("api/v3/now", {}, signal);
    if (moment() - month.read > FIGURES_LAST)
      month = {
        read: moment(),
        stats: await get("api/v3/stats", { from: dayBefore(DAYS - 1), to: dayBefore(0) }, signal).catch(() => null),
      };
    if (!drawn) {
      put(
        place,
        h("header", { class: "now" }, title, more),
        banner,
        h("div", { class: "now-columns" }, h("div", { class: "part" }, troubles, well), aside),
      );
      drawn = true;
    }
    const said = headline(
      data,
      Boolean(who()?.customer) || data.items.every((it) => it.members.every(({ customer }) => !customer)),
    );
    refresh(title, said, () => [
      said.number === null ? null : h("b", {}, said.number.toLocaleString()),
      " ",
      said.words,
    ]);
    title.className = `headline-now ${said.kind}`;
    refresh(more, besides(data), (found) => found.join(" · "));
    drawBanner(banner, data);
    refreshRows(troubles, data.items, keyOf, (it) => trouble(it, again));
    troubles.hidden = !data.items.length;
    refresh(well, [data.items.length, data.more, data.counts], () => emptiness(data));
    refresh(aside, [data.counts, month.stats?.total, month.stats?.to], () => side(data.counts, month.stats));
    showFailing(failing(data.counts), "Now");
  }

  return { every: () => (document.hidden ? UNSEEN : EVERY), unseen: true, load };
}

/** @param {TroubleNow} it */
const keyOf = (it) =>
  [
    it.provider,
    it.cause,
    it.members[0].maildomain,
    it.members.some((each) => each.quiet_until),
    it.members.some((each) => each.held),
  ].join(" ");

// --- one trouble -----------------------------------------------------------------------------------------------------

/**
 * @param {TroubleNow} it
 * @param {() => void} again
 */
function trouble(it, again) {
  const [first] = it.members;
  const name = nameOf(it);
  const kind = [
    it.status,
    it.members.every((each) => each.quiet_until) && "resting",
    it.members.every((each) => each.held) && "resting",
  ]
    .filter(Boolean)
    .join(" ");
  return h(
    "article",
    { class: `trouble ${kind}`, "data-row": true, "aria-label": name },
    h("div", { class: "sign" }, statusOf(it.status)),
    h(
      "div",
      { class: "about" },
      h("h2", {}, titleOf(it)),
      flagsOf(first),
      h("p", {}, sentence(it.why ?? "failing")),
      known(it),
    ),
    h("div", { class: "since small" }, h("span", { class: "muted" }, "since "), ago(it.since)),
    h("div", { class: "turn" }, turnOf(it, name, again)),
  );
}

/** @param {TroubleMember} it */
const customerOf = (it) => it.friendlyname ?? it.customer ?? "";

/**
 * What a trouble is called in plain text, without links.
 * @param {TroubleNow} it
 */
function nameOf(it) {
  const [first] = it.members;
  return it.members.length === 1
    ? customerOf(first) || first.maildomain
    : (it.provider ?? many(it.members.length, "domain"));
}

/** @param {TroubleNow} it */
function titleOf(it) {
  const [first] = it.members;
  if (it.members.length === 1) {
    const domain =
      first.domain_id === null
        ? first.maildomain
        : h(
            "a",
            { href: write(["domains", String(first.domain_id)]), "data-go": true, "data-keep": `go-${first.id}` },
            first.maildomain,
          );
    return first.customer
      ? [
          h("a", { class: "name", href: write(["customers", first.customer]) }, customerOf(first)),
          " ",
          h("span", { class: "of" }, domain),
        ]
      : domain;
  }
  const names = [
    ...new Map(
      it.members.map((each) => [each.customer ?? each.maildomain, customerOf(each) || each.maildomain]),
    ).values(),
  ];
  const rest = names.length - NAMES;
  return [
    it.provider ? `${it.provider}: ` : "",
    `${many(it.members.length, "domain")} of ${many(names.length, "customer")}`,
    h("span", { class: "names" }, `${names.slice(0, NAMES).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`),
  ];
}

/**
 * What to do next, and, folded, the evidence if it is one domain, or the list if there are several.
 * @param {TroubleNow} it
 */
function known(it) {
  const [first] = it.members;
  const [step] = first.next_steps;
  return [
    step ? h("p", { class: "small muted" }, "Next: ", step) : null,
    it.members.length === 1 ? knownOf(first, `known-${first.id}`) : ofSeveral(it),
  ];
}

/** @param {TroubleNow} it */
function ofSeveral(it) {
  return h(
    "details",
    { class: "small", "data-keep": `known-${keyOf(it)}` },
    h("summary", { "data-go": true }, "Which"),
    h(
      "ul",
      { class: "plain members" },
      it.members.map((each) =>
        h(
          "li",
          {},
          each.domain_id === null
            ? each.maildomain
            : h("a", { href: write(["domains", String(each.domain_id)]) }, each.maildomain),
          h("span", { class: "muted" }, customerOf(each)),
          h("span", { class: "muted" }, ago(each.opened)),
          each.acknowledged ? h("span", { class: "muted" }, `${each.acknowledged_by || "Somebody"} is on it`) : null,
        ),
      ),
    ),
  );
}

/**
 * Who is on it, and the buttons.
 * @param {TroubleNow} it
 * @param {string} name
 * @param {() => void} again
 */
function turnOf(it, name, again) {
  const [first] = it.members;
  const taken = it.members.find((each) => each.acknowledged);
  const open = it.members.filter((each) => each.id && !each.acknowledged);
  const quiet = it.members.find((each) => each.quiet_until);
  const said = [
    taken
      ? h(
          "span",
          { class: "small" },
          h("strong", {}, taken.acknowledged_by || "Somebody"),
          " is on it ",
          h("span", { class: "muted" }, ago(taken.acknowledged)),
        )
      : null,
    first.note ? h("span", { class: "small kept muted" }, first.note) : null,
  ];
  if (!may("operator")) return said;
  return [
    said,
    h(
      "span",
      { class: "row" },
      open.length
        ? h(
            "button",
            {
              type: "button",
              "data-act": "acknowledge",
              "data-keep": `ack-${first.id}`,
              "aria-label": `I’m on it: ${name}`,
              onclick: (event) => acknowledge(open, event.currentTarget, again),
            },
            icon("check"),
            "I’m on it",
          )
        : first.id
          ? h(
              "button",
              {
                type: "button",
                class: "bare",
                "data-keep": `note-${first.id}`,
                "aria-label": `Note: ${name}`,
                onclick: () => askNote(it.members, name, again),
              },
              "Note",
            )
          : null,
      quiet
        ? h(
            "button",
            {
              type: "button",
              "data-act": "quiet",
              "data-keep": `quiet-${name}`,
              "aria-label": `End quiet: ${name}`,
              onclick: () =>
                askUnquiet({ address: quiet.maildomain, customer: quiet.customer }, again).catch((problem) =>
                  toast(messageOf(problem), "bad"),
                ),
            },
            "End quiet",
          )
        : quietButton(
            it.members.map((each) => ({ scope: "domain", target: each.maildomain })),
            name,
            again,
          ),
    ),
  ];
}

/**
 * @param {TroubleMember[]} them
 * @param {HTMLButtonElement} button
 * @param {() => void} again
 */
async function acknowledge(them, button, again) {
  button.disabled = true;
  try {
    for (const { id } of them) await patch(`api/v3/incidents/${encodeURIComponent(id)}`, { acknowledged: true });
    toast("You are on it.");
  } catch (problem) {
    toast(messageOf(problem), "bad");
    button.disabled = false;
  }
  again();
}

/**
 * @param {TroubleMember[]} them
 * @param {string} name
 * @param {() => void} again
 */
function askNote(them, name, again) {
  ask({
    title: name,
    yes: "Save",
    body: [
      h(
        "label",
        { class: "check" },
        h("input", { type: "checkbox", name: "acknowledged", checked: true }),
        `${them[0].acknowledged_by || "Somebody"} is on it`,
      ),
      field(
        "Note",
        h("textarea", { name: "note", maxlength: 1000, value: them[0].note }),
        "What is known, or done about it.",
      ),
    ],
    save: async (form) => {
      const { acknowledged, note } = form.elements;
      for (const { id } of them.filter((each) => each.id))
        await patch(`api/v3/incidents/${encodeURIComponent(id)}`, {
          acknowledged: acknowledged.checked,
          note: note.value.trim(),
        });
      toast("Noted.");
      again();
    },
  });
}

// --- if nothing is wrong, and the column beside it ------------------------------------------------------------------

/** @param {Now} data */
function emptiness(data) {
  if (data.more)
    return h("p", { class: "muted" }, "and ", h("a", { href: write(["domains"]) }, many(data.more, "more domain")));
  if (data.items.length) return [];
  if (!data.counts.total) {
    return nothing(
      "No domains yet.",
      may("operator")
        ? [
            h(
              "p",
              {},
              "Bring in a fleet as a CSV file, or add a domain by hand; the first results come a minute later.",
            ),
            h("a", { class: "button", href: write(["customers"]) }, "Go to Customers"),
          ]
        : h("p", {}, "An operator can import them."),
    );
  }
  return h(
    "div",
    { class: "all-well" },
    h("span", { class: "status ok" }, shape("ok")),
    h(
      "p",
      {},
      h("strong", {}, "Nothing is failing."),
      h("br", {}),
      h(
        "span",
        { class: "muted" },
        data.ages.plan === null
          ? ""
          : ["The last round of tests started ", ago(moment() - data.ages.plan * 1_000), "."],
      ),
    ),
  );
}

/**
 * @param {Counts} counts
 * @param {Stats | null} stats
 */
function side(counts, stats) {
  const share = stats?.total.ontime_percent ?? null;
  const days = stats
    ? everyDay(stats.days, stats.from, stats.to).map(({ key, figures }) => ({
        day: key,
        ontime_percent: figures?.ontime_percent ?? null,
      }))
    : [];
  return [
    sheet(
      "standing",
      "Domains",
      h(
        "ul",
        { class: "standing" },
        STATUS_NAMES.map((name) =>
          h(
            "li",
            {},
            h(
              "a",
              {
                class: counts[name] ? null : "none",
                href: write(["domains"], { status: name }),
                "data-keep": `standing-${name}`,
              },
              statusOf(name),
              h("b", {}, counts[name].toLocaleString()),
            ),
          ),
        ),
        h(
          "li",
          {},
          h(
            "a",
            { href: write(["domains"]), "data-keep": "standing-all" },
            "All",
            h("b", {}, counts.total.toLocaleString()),
          ),
        ),
      ),
    ),
    stats && share !== null
      ? h(
          "section",
          { class: "sheet", "aria-labelledby": "month" },
          headed("month", "30 days on time", h("strong", { class: "figure" }, percent(share))),
          monthStrip(days, "The last 30 days of all domains"),
        )
      : null,
  ];
}
