// The incidents: what failed when, who was notified, and who is on it.

import { get, patch } from "../api/calls.js";
import { may, who } from "../api/session.js";
import { h } from "../shared/dom.js";
import { knownOf } from "../shared/known.js";
import { customerCodes, filters, listPage } from "../shared/lists.js";
import { ago, ask, at, breakable, field, nothing, statusOf, toast } from "../shared/parts.js";
import { go, write } from "../values/address.js";
import { clockTime, millis, now, span } from "../values/times.js";
import { sentence } from "../values/words.js";

/** @import { Incident, IncidentList, MakePage, Query } from "../types.js" */

const EVERY = 20;
const PAGE = 50;
const FILTERS = ["open", "customer", "domain", "after"];
const MONITOR = "monitor";

/**
 * Show the incidents, the latest first.
 * @type {MakePage}
 */
export const incidents = (place, _path, query, again) =>
  listPage(place, query, {
    path: "incidents",
    title: "Incidents",
    every: EVERY,
    named: FILTERS,
    above: h("h1", {}, "Incidents"),
    filters: filterForm,
    list: (rows) =>
      h(
        "div",
        { class: "list" },
        h("table", { class: "cards" }, h("caption", { class: "hidden-label" }, "Incidents"), incidentHead({}), rows),
      ),
    read: (wanted, signal) => get("api/v3/incidents", { ...wanted, limit: PAGE }, signal),
    key: (it) => it.id,
    row: (it) => incidentRow(it, { again }),
    empty: (data, wanted) => emptiness(wanted, data),
  });

/** @param {() => Query} wanted */
function filterForm(wanted) {
  const open = h(
    "select",
    { name: "open" },
    [
      ["", "All"],
      ["true", "Open"],
      ["false", "Closed"],
    ].map(([value, word]) => h("option", { value }, word)),
  );
  const codes = who()?.customer ? null : customerCodes();
  const customer = h("input", { name: "customer", maxlength: 100, list: codes?.id });
  const clear = h("a", { class: "button", href: write(["incidents"]) }, "Clear");
  const inputs = { open, customer };
  const apply = () => {
    go(write(["incidents"], { ...wanted(), open: open.value, customer: customer.value.trim(), after: "" }), {
      replace: true,
    });
  };
  /** @param {Query} query */
  const fill = (query) => {
    for (const [name, input] of Object.entries(inputs))
      if (input !== document.activeElement || input === open) input.value = query[name] ?? "";
    clear.hidden = !FILTERS.some((name) => query[name]);
  };
  fill(wanted());
  const form = filters(
    apply,
    h("label", {}, "Show", open),
    codes ? [h("label", {}, "Customer (code)", customer), codes.list] : null,
    clear,
  );
  return { form, fill };
}

/**
 * Give the head of a table of incidents.
 * @param {{ withDomain?: boolean, withPeople?: boolean }} it
 */
export const incidentHead = ({ withDomain = true, withPeople = true }) =>
  h(
    "thead",
    {},
    h(
      "tr",
      {},
      ["Status", "Began", withDomain && "Domain", "Lasted", "Why", "Notified", withPeople && "On it"]
        .filter(Boolean)
        .map((word) => h("th", { scope: "col", class: word === "Notified" ? "c-notified" : null }, word)),
    ),
  );

/**
 * Give the row of an incident.
 * @param {Incident} it
 * @param {{ withDomain?: boolean, withCustomer?: boolean, withPeople?: boolean, again?: () => void }} [given]
 */
export function incidentRow(it, { withDomain = true, withCustomer = true, withPeople = true, again } = {}) {
  const end = it.closed ?? it.dropped;
  const lasted = span(((end ? millis(end) : now()) - millis(it.opened)) / 1000, true);
  return h(
    "tr",
    {},
    h("td", { class: "nowrap" }, it.severity === "ours" ? h("strong", {}, "Ours") : statusOf(it.severity)),
    h("td", { class: "nowrap" }, at(it.opened), it.again_of ? h("div", { class: "small muted" }, "again") : null),
    withDomain ? h("td", { class: "address" }, whose(it, withCustomer)) : null,
    h(
      "td",
      { class: "nowrap", "data-name": "lasted" },
      end ? h("span", { title: `Until ${clockTime(end)}` }, lasted) : h("strong", {}, lasted, " so far"),
    ),
    h("td", { class: "cause" }, sentence(it.why), evidence(it)),
    h("td", { class: "c-notified", "data-name": "notified" }, notified(it)),
    withPeople ? h("td", { class: "note" }, people(it, again)) : null,
  );
}

/**
 * Who is on it, what they wrote about it, and, for operators, what changes both.
 * @param {Incident} it
 * @param {() => void} [again]
 */
const people = (it, again) => [
  it.acknowledged
    ? h(
        "div",
        {},
        h("span", {}, it.acknowledged_by || "somebody"),
        " ",
        h("span", { class: "muted" }, ago(it.acknowledged)),
      )
    : null,
  it.note ? h("div", { class: "small kept" }, it.note) : null,
  may("operator") && again
    ? h(
        "button",
        { type: "button", class: "link small", "data-keep": `note-${it.id}`, onclick: () => edit(it, again) },
        it.acknowledged || it.note ? "Change" : (it.closed ?? it.dropped) ? "Add a note" : "I’m on it",
      )
    : null,
];

/**
 * @param {Incident} it
 * @param {boolean} withCustomer
 */
function whose(it, withCustomer) {
  if (it.maildomain === MONITOR) return h("strong", {}, "The monitor itself");
  const name =
    it.domain_id === null
      ? h("span", { title: "It is no longer tested." }, it.maildomain)
      : h(
          "a",
          { href: write(["domains", String(it.domain_id)]), "data-keep": `domain-${it.id}` },
          breakable(it.maildomain),
        );
  return [
    name,
    h(
      "div",
      { class: "small whose" },
      withCustomer
        ? it.friendlyname
          ? h("a", { class: "muted", href: write(["customers", it.customer ?? ""]) }, it.friendlyname)
          : it.customer
        : null,
      it.provider
        ? h(
            "a",
            { class: "chip", href: write(["domains"], { provider: it.provider }), title: "Who runs their mail server" },
            it.provider,
          )
        : null,
    ),
  ];
}

/**
 * The evidence and what to do, folded; for an incident of the monitor itself, the evidence is shown at once.
 * @param {Incident} it
 */
const evidence = (it) =>
  it.maildomain === MONITOR ? h("div", { class: "small kept" }, it.evidence) : knownOf(it, `evidence-${it.id}`);

/**
 * Who was notified, and when. If a channel refused a notice, `notified_channels` names those that accepted it.
 * @param {Incident} it
 */
function notified(it) {
  if (it.dropped) return "nobody: the fault was ours";
  if (!it.notified && !it.notified_channels.length) return it.closed ? "nobody" : "not yet";
  return [
    it.notified ? h("span", { class: "nowrap" }, at(it.notified)) : null,
    it.reminded ? h("div", { class: "small muted nowrap" }, "again ", ago(it.reminded)) : null,
    it.escalated ? h("div", { class: "small muted nowrap" }, "second list ", ago(it.escalated)) : null,
    it.closed && it.notified && !it.notified_channels.length
      ? h("div", { class: "small muted" }, "and of its end")
      : null,
    it.notified_channels.length
      ? h(
          "div",
          { class: "small said-bad" },
          `so far only ${it.notified_channels.map(channel).join(", ")}; the others are tried again`,
        )
      : null,
  ];
}

/** @param {string} name */
const channel = (name) => (name === "topic" ? "the topic" : name.replace(/^mailto:/, ""));

/**
 * Ask who is on it, and what is known or done about it.
 * @param {Incident} it
 * @param {() => void} again
 */
export function edit(it, again) {
  ask({
    title: `Incident of ${it.maildomain === MONITOR ? "the monitor itself" : it.maildomain}`,
    yes: "Save",
    body: [
      h(
        "label",
        { class: "check" },
        h("input", {
          type: "checkbox",
          name: "acknowledged",
          checked: Boolean(it.acknowledged) || !(it.closed ?? it.dropped),
        }),
        it.acknowledged ? `${it.acknowledged_by || "Somebody"} is on it` : "I am on it",
      ),
      field(
        "Note",
        h("textarea", { name: "note", maxlength: 1000, value: it.note }),
        "What is known, or done about it.",
      ),
    ],
    save: async (form) => {
      await patch(`api/v3/incidents/${encodeURIComponent(it.id)}`, {
        acknowledged: form.elements.acknowledged.checked,
        note: form.elements.note.value.trim(),
      });
      toast("Noted.");
      again();
    },
  });
}

/**
 * @param {Query} wanted
 * @param {IncidentList} data
 */
function emptiness(wanted, data) {
  if (data.next) return nothing("None on this page.", h("p", {}, "There may be more on the next page."));
  if (wanted.open === "true" && !wanted.customer && !wanted.domain)
    return nothing("Nothing is failing.", h("a", { href: write(["incidents"]) }, "Show all incidents"));
  if (wanted.open || wanted.customer || wanted.domain)
    return nothing("No incident matches these filters.", h("a", { href: write(["incidents"]) }, "Show all incidents"));
  return nothing(
    "Nothing has failed yet.",
    h("p", {}, "When a domain begins to fail, it appears here, with why and who was notified."),
  );
}
