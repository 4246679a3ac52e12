// Who changed what, when, and what it was before.

import { get } from "../api/calls.js";
import { h } from "../shared/dom.js";
import { filters, listPage, table } from "../shared/lists.js";
import { at, field, nothing } from "../shared/parts.js";
import { go, write } from "../values/address.js";
import { limitText } from "../values/pairs.js";
import { SETTINGS } from "../values/settings.js";

/** @import { Change, Fields, MakePage, Query } from "../types.js" */

const PAGE = 50;
const UNTOLD = new Set(["version", "now", "occurrences"]);

/** @type {Record<string, string>} */
const DOORS = { "command-line": " on the command line", link: " through a link in a notice" };

/** @type {Record<string, string>} */
const DEEDS = {
  "branding.change": "changed the branding of public pages",
  "config.put": "changed the settings",
  "customer.add": "added a customer",
  "customer.change": "changed a customer",
  "customer.remove": "removed a customer",
  "customer.link": "made a public link",
  "customer.unlink": "ended a public link",
  "maildomain.add": "added a domain",
  "maildomain.change": "changed a domain",
  "maildomain.remove": "removed a domain",
  "maildomain.import": "imported domains",
  "maildomain.test": "sent a test by hand",
  "fleet.test": "sent a round of tests by hand",
  "identity-provider.add": "added an identity provider",
  "identity-provider.remove": "removed an identity provider",
  "identity-provider.renew": "renewed the secret of an identity provider",
  "incident.change": "added a note to an incident",
  "incident.accept": "accepted a domain as it is",
  "channel.add": "added a channel",
  "channel.change": "changed a channel",
  "channel.remove": "removed a channel",
  "channel.test": "tested a channel",
  "wall.add": "made a wallboard link",
  "wall.remove": "ended a wallboard link",
  "window.add": "planned maintenance",
  "window.change": "changed a maintenance window",
  "window.remove": "removed a maintenance window",
  "unmatched.remove": "deleted an unmatched mail",
  "alert.test": "sent a test alert",
  "user.add": "invited a user",
  "user.change": "changed a user",
  "user.remove": "removed a user",
};

/**
 * The labels of changed fields that are not settings.
 * @type {Record<string, string>}
 */
const FIELDS = {
  acknowledged: "Somebody is on it",
  address: "Address",
  alertuser: "Alerts go to",
  claim: "Address from",
  client: "Client ID",
  codename: "Code",
  contact: "Contact",
  control: "Reference mailbox",
  customer: "Customer",
  domainname: "Domain",
  email: "Mail address",
  enabled: "Switched on",
  end: "End",
  friendlyname: "Name",
  identity_provider: "Signs in with",
  kind: "Service",
  logo: "Logo",
  maintmode: "Paused",
  name: "Name",
  note: "Note",
  protocol: "Protocol",
  public: "Public page",
  public_note: "Note on its public page",
  reminders: "Reminders",
  returns_bounce: "Returns by bounce",
  role: "Role",
  scope: "For",
  severities: "Only these severities",
  start: "Start",
  tags: "Tags",
  target: "Of",
  testuser: "Mailbox",
  url: "At",
  weekly: "Every week",
  zone: "Clock",
};

/**
 * Say what was done; for an incident, whether somebody acknowledged it.
 * @param {Change} it
 */
function deedOf({ what, before, after }) {
  if (what === "incident.change" && before?.acknowledged !== after?.acknowledged)
    return after?.acknowledged ? "acknowledged an incident" : "withdrew an acknowledgement";
  return DEEDS[what] ?? what;
}

/**
 * Show the changes, the latest first.
 * @type {MakePage}
 */
export const audit = (place, _path, query) =>
  listPage(place, query, {
    path: "audit",
    title: "Audit",
    every: 60,
    named: ["target", "after"],
    above: h("h1", {}, "Audit"),
    filters: filterForm,
    list: (rows) => table("Changes", ["When", "Who", "Action", "Object", "From what to what"], rows),
    read: (wanted, signal) => get("api/v3/audit", { ...wanted, limit: PAGE }, signal),
    key: (it) => `${it.at} ${it.who} ${it.what} ${it.target}`,
    row,
    empty: (_data, wanted) => emptiness(wanted),
  });

/** @param {() => Query} wanted */
function filterForm(wanted) {
  const target = h("input", {
    name: "target",
    maxlength: 330,
    list: "audit-targets",
    autocapitalize: "none",
    spellcheck: "false",
  });
  const apply = () => go(write(["audit"], { target: target.value.trim() }), { replace: true });
  /** @param {Query} query */
  const fill = (query) => {
    if (target !== document.activeElement) target.value = query.target ?? "";
  };
  fill(wanted());
  const form = filters(
    apply,
    field("Object", target, "As the list has it: config, an address, or customer acme."),
    h(
      "datalist",
      { id: "audit-targets" },
      ["config", "fleet", "alerts"].map((value) => h("option", { value })),
    ),
  );
  return { form, fill };
}

/** @param {Change} it */
const row = (it) =>
  h(
    "tr",
    {},
    h("td", { class: "nowrap" }, at(it.at)),
    h(
      "td",
      { class: "who" },
      h("strong", {}, it.who || "somebody"),
      DOORS[it.door] ? h("span", { class: "small muted" }, DOORS[it.door]) : null,
    ),
    h("td", {}, deedOf(it)),
    h(
      "td",
      { class: "target" },
      h("a", { href: write(["audit"], { target: it.target }), title: "Show only its changes" }, it.target),
      there(it.target),
    ),
    h("td", { class: "wide" }, difference(it.before, it.after)),
  );

/**
 * Link to what was changed, if it has a page.
 * @param {string} target
 */
function there(target) {
  const [kind, ...name] = target.split(" ");
  const path =
    target === "config"
      ? ["config"]
      : kind === "customer"
        ? ["customers", name.join(" ")]
        : ({ window: ["maintenance"], user: ["users"], incident: ["incidents"] }[kind] ??
          (target.includes("@") ? ["domains", target] : null));
  return path ? h("a", { class: "small muted open", href: write(path), "aria-label": `Open ${target}` }, "open") : null;
}

/**
 * Show what differs between the two sides of a change; of something added or removed, all of it.
 * @param {Fields | null} before
 * @param {Fields | null} after
 */
function difference(before, after) {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter(
    (name) => !UNTOLD.has(name),
  );
  const lines = names
    .filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]))
    .map((name) => line(name, before?.[name], after?.[name]))
    .filter(Boolean);
  if (!lines.length) return h("span", { class: "muted" }, "nothing visible");
  const list = h("ul", { class: "difference" }, lines);
  return lines.length <= 5 ? list : h("details", {}, h("summary", {}, `${lines.length} values`), list);
}

/**
 * @param {string} name
 * @param {unknown} before
 * @param {unknown} after
 */
function line(name, before, after) {
  const was = asSet(name, before);
  const is = asSet(name, after);
  if (!was && !is) return null;
  return h(
    "li",
    {},
    h("span", { class: "muted", title: name }, FIELDS[name] ?? SETTINGS[name]?.label ?? name),
    " ",
    was ? h("del", {}, h("span", { class: "hidden-label" }, "was "), was) : null,
    was && is ? " → " : null,
    is ? h("ins", {}, h("span", { class: "hidden-label" }, "is now "), is) : null,
  );
}

/**
 * Write a value as people enter it: a setting with its unit, none for null.
 * @param {string} name
 * @param {any} value
 */
function asSet(name, value) {
  const setting = FIELDS[name] ? null : SETTINGS[name];
  return setting && ["number", "string"].includes(typeof value) && value !== ""
    ? limitText(setting, value)
    : written(value);
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function written(value) {
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(written).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** @param {Query} wanted */
function emptiness(wanted) {
  if (wanted.after) return nothing("None on this page.");
  if (wanted.target)
    return nothing(`No change of “${wanted.target}”.`, h("a", { href: write(["audit"]) }, "Show all changes"));
  return nothing(
    "Nothing has been changed yet.",
    h(
      "p",
      {},
      "Every change of settings, domains, customers, maintenance and users appears here, with the values before it.",
    ),
  );
}
