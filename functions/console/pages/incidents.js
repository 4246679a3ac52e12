// What failed when, who was told, and what people make of it.

import { go, write } from "../address.js";
import { get, patch } from "../api.js";
import { h, put, refresh, refreshRows } from "../dom.js";
import { ago, ask, at, field, nothing, toast } from "../parts.js";
import { may, who } from "../session.js";
import { millis, now, span } from "../times.js";
import { CAUSES, sentence } from "../words.js";

const EVERY = 20;
const PAGE = 50;
const FILTERS = ["open", "customer", "after"];
const MONITOR = "monitor";

/** Show the incidents, the latest first. */
export function incidents(place, _path, query, again) {
  let wanted = only(query);
  const filters = filterForm(() => wanted);
  const rows = h("tbody", {});
  const table = h("div", { class: "list" }, h("table", { class: "cards" }, h("caption", { class: "hidden-label" }, "Incidents"), incidentHead({}), rows));
  const below = h("div", {});
  let drawn = false;
  return {
    every: () => EVERY,
    changed: (other) => {
      wanted = only(other);
      filters.fill(wanted);
    },
    load: async (signal) => {
      const asked = wanted;
      const data = await get("api/v3/incidents", { ...asked, limit: PAGE }, signal);
      if (asked !== wanted) return;
      if (!drawn) {
        put(place, h("h1", {}, "Incidents"), filters.form, table, below);
        drawn = true;
        document.title = "Incidents · MXTRAX";
      }
      refreshRows(rows, data.items, (it) => it.id, (it) => incidentRow(it, { again }));
      table.hidden = data.items.length === 0;
      refresh(below, [data.items.length, data.next, wanted], () => [data.items.length ? null : emptiness(wanted, data), pager(data, wanted)]);
    },
  };
}

const only = (query) => Object.fromEntries(FILTERS.filter((name) => query[name]).map((name) => [name, query[name]]));

function filterForm(wanted) {
  const open = h("select", { name: "open" }, [["", "All"], ["true", "Going on"], ["false", "Over"]].map(([value, word]) => h("option", { value }, word)));
  const customer = h("input", { name: "customer", maxlength: 100 });
  const inputs = { open, customer };
  let timer = null;
  const apply = () => {
    clearTimeout(timer);
    go(write(["incidents"], { open: open.value, customer: customer.value.trim() }), { replace: true });
  };
  const fill = (query) => {
    for (const [name, input] of Object.entries(inputs)) if (input !== document.activeElement || input === open) input.value = query[name] ?? "";
  };
  fill(wanted());
  const form = h("form", {
    class: "filters", role: "search", "aria-label": "Filter the list", onchange: apply,
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(apply, 300);
    },
    onsubmit: (event) => {
      event.preventDefault();
      apply();
    },
  }, h("label", {}, "Which", open), who()?.customer ? null : h("label", {}, "Customer (code)", customer));
  return { form, fill };
}

/** Give the head of a table of incidents. */
export const incidentHead = ({ withDomain = true }) => h("thead", {}, h("tr", {},
  ["Began", withDomain && "Domain", "Lasted", "Why", "Told", "Whose turn"].filter(Boolean).map((word) => h("th", { scope: "col" }, word))));

/** Give the row of an incident. */
export function incidentRow(it, { withDomain = true, again } = {}) {
  const own = it.maildomain === MONITOR;
  const end = it.closed ?? it.dropped;
  const lasted = span(((end ? millis(end) : now()) - millis(it.opened)) / 1000, true);
  return h("tr", {},
    h("td", { class: "nowrap" }, at(it.opened)),
    withDomain ? h("td", { class: "address" }, own ? h("strong", {}, "The monitor itself")
      : h("a", { href: write(["domains", it.maildomain]), "data-keep": `domain-${it.id}` }, it.maildomain),
    it.customer ? h("span", { class: "muted" }, " ", it.customer) : null) : null,
    h("td", { class: "nowrap", "data-name": "lasted" }, end ? lasted : h("strong", {}, lasted, " so far")),
    h("td", { class: "cause" }, it.cause ? sentence(CAUSES[it.cause] ?? it.why) : "",
      it.evidence ? h("details", { class: "small" }, h("summary", {}, "Evidence"), h("blockquote", {}, it.evidence),
        it.testid ? h("a", { href: write(["tests", it.testid]) }, "The test it is from") : null) : null),
    h("td", { "data-name": "told" }, telling(it)),
    h("td", {}, h("div", {}, it.acknowledged ? [h("span", {}, it.acknowledged_by || "somebody"), " ", h("span", { class: "muted" }, ago(it.acknowledged))] : null),
      it.note ? h("div", { class: "small" }, it.note) : null,
      may("operator") && again ? h("button", { type: "button", class: "link small", "data-keep": `note-${it.id}`, onclick: () => edit(it, again) },
        it.acknowledged || it.note ? "Change" : "Acknowledge") : null));
}

function telling(it) {
  if (it.dropped) return "nobody: the fault was ours";
  if (!it.announced) return it.closed ? "nobody" : "not yet";
  return [h("span", {}, at(it.announced)), it.reminded ? h("div", { class: "small muted" }, "again ", ago(it.reminded)) : null];
}

function edit(it, again) {
  ask({
    title: `Incident of ${it.maildomain === MONITOR ? "the monitor itself" : it.maildomain}`,
    yes: "Save",
    body: [
      h("label", { class: "check" }, h("input", { type: "checkbox", name: "acknowledged", checked: true }), "I am on it"),
      field("Note", h("textarea", { name: "note", maxlength: 1000, value: it.note }), "What is known, or done about it."),
    ],
    save: async (form) => {
      await patch(`api/v3/incidents/${encodeURIComponent(it.id)}`, { acknowledged: form.elements.acknowledged.checked, note: form.elements.note.value.trim() });
      toast("Noted.");
      again();
    },
  });
}

function emptiness(wanted, data) {
  if (data.next) return nothing("None on this page.", h("p", {}, "There may be more on the next one."));
  if (wanted.open === "true" && !wanted.customer) return nothing("Nothing is failing.");
  if (wanted.open || wanted.customer) return nothing("No incident fits these filters.", h("a", { href: write(["incidents"]) }, "Show all incidents"));
  return nothing("Nothing has failed yet.", h("p", {}, "When a domain begins to fail, it appears here, with why and who was told."));
}

function pager(data, wanted) {
  const after = data.next && new URLSearchParams(data.next.split("?")[1]).get("after");
  if (!wanted.after && !after) return null;
  return h("nav", { class: "pages", "aria-label": "Pages of the list" },
    wanted.after ? h("a", { class: "button", href: write(["incidents"], { ...wanted, after: "" }) }, "First page") : null,
    after ? h("a", { class: "button", href: write(["incidents"], { ...wanted, after }) }, "Next page") : null);
}
