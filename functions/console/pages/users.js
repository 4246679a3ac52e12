// Who may sign in, and what they may do. For admins.

import { get, patch, post, remove } from "../api/calls.js";
import { hasOwnSignIn, identityProviders, who } from "../api/session.js";
import { h } from "../shared/dom.js";
import { customerCodes, listPage, table } from "../shared/lists.js";
import { ago, ask, field, nothing, sure, toast } from "../shared/parts.js";
import { write } from "../values/address.js";

/** @import { Listener, MakePage, Person } from "../types.js" */
/** @type {Record<string, string>} */
const ROLES = {
  viewer: "sees everything, changes nothing",
  operator: "also looks after domains, customers, maintenance and incidents",
  admin: "also settings, users and the audit",
};

/** @type {Record<string, string>} */
const STATES = {
  confirmed: "active",
  invited: "invited, has not signed in yet",
  "password to be reset": "has to choose a new password",
  "external provider": "was not invited: delete it, then invite them",
};

/**
 * Show who may sign in.
 * @type {MakePage}
 */
export const users = (place, _path, query, again) =>
  listPage(place, query, {
    path: "users",
    title: "Users",
    every: 60,
    named: ["after"],
    above: head(again),
    list: (rows) => table("Users", ["Who", "Role", "State", "Since", ""], rows),
    read: (wanted, signal) => get("api/v3/users", wanted, signal),
    key: (it) => it.name,
    row: (it) => row(it, again),
    empty: () => nothing("Nobody is on this page."),
  });

/** @param {() => void} again */
function head(again) {
  return h(
    "div",
    { class: "headline" },
    h("h1", {}, "Users"),
    h(
      "span",
      { class: "row actions" },
      h("button", { type: "button", class: "main", onclick: () => askInvite(again) }, "Invite somebody"),
    ),
  );
}

/** @param {Person} it */
const called = (it) => it.email || it.name;

/**
 * @param {Person} it
 * @param {() => void} again
 */
function row(it, again) {
  const own = it.name === who()?.name;
  /**
   * @param {string} word
   * @param {Listener} act
   * @param {string} of
   */
  const tool = (word, act, of) =>
    h(
      "button",
      {
        type: "button",
        class: "link small",
        "data-keep": `${of}-${it.name}`,
        "aria-label": `${word} ${called(it)}`,
        onclick: act,
      },
      word,
    );
  return h(
    "tr",
    {},
    h(
      "td",
      { class: "address" },
      h("strong", {}, called(it)),
      own ? " (you)" : "",
      it.email && it.email !== it.name ? h("div", { class: "small muted" }, it.name) : null,
    ),
    h(
      "td",
      { class: "target" },
      it.role ?? h("span", { class: "muted" }, "none: no access"),
      it.customer
        ? [" of ", h("a", { class: "in-text", href: write(["domains"], { customer: it.customer }) }, it.customer)]
        : null,
    ),
    h(
      "td",
      {},
      it.enabled ? (STATES[it.status] ?? it.status) : h("strong", {}, "disabled"),
      it.identity_provider ? h("div", { class: "small muted" }, `signs in with ${it.identity_provider}`) : null,
    ),
    h("td", { class: "nowrap", "data-name": "since" }, ago(it.created)),
    h(
      "td",
      { class: "number nowrap" },
      tool("Change", () => askChange(it, again), "change"),
      own
        ? null
        : [
            " ",
            tool(it.enabled ? "Disable" : "Enable", () => askEnable(it, again), "enable"),
            " ",
            tool("Delete", () => askDelete(it, again), "delete"),
          ],
    ),
  );
}

/**
 * The fields for role and customer: a user limited to one customer is always a viewer.
 * @param {string} role
 * @param {string} customer
 * @param {boolean} own
 */
function rights(role, customer, own) {
  const codes = customerCodes();
  const roles = h(
    "select",
    { name: "role" },
    Object.keys(ROLES).map((name) => h("option", { value: name, selected: name === role }, name)),
  );
  const code = h("input", {
    name: "customer",
    value: customer,
    list: codes.id,
    autocapitalize: "none",
    spellcheck: "false",
  });
  const note = h("small", { "aria-live": "polite" });
  const fit = () => {
    const bound = Boolean(code.value.trim());
    if (bound) roles.value = "viewer";
    roles.disabled = bound || own;
    note.textContent = own
      ? "You cannot change your own role: another admin can."
      : bound
        ? "A user limited to one customer is a viewer."
        : `${roles.value}: ${ROLES[roles.value]}.`;
  };
  const element = h(
    "div",
    { class: "grid", oninput: fit },
    h("label", { class: "field" }, "Role", roles, note),
    field("Customer (code)", code, "Empty: all customers. Otherwise they see this one and nothing else."),
    codes.list,
  );
  if (own) code.disabled = true;
  fit();
  return { element, values: () => ({ role: roles.value, customer: code.value.trim() || null }) };
}

/** @param {() => void} again */
function askInvite(again) {
  const chosen = rights("viewer", "", false);
  const way = h(
    "select",
    { name: "identity_provider" },
    hasOwnSignIn ? h("option", { value: "" }, "a password or a passkey") : null,
    identityProviders.map((name) => h("option", { value: name }, name)),
  );
  ask({
    title: "Invite somebody",
    yes: "Invite",
    body: [
      field(
        "Mail address",
        h("input", { name: "email", type: "email", autocapitalize: "none", spellcheck: "false", autocomplete: "off" }),
        identityProviders.length
          ? "They get a mail that says how to sign in."
          : "They get a mail with a password for the first sign-in.",
      ),
      identityProviders.length ? field("Signs in with", way, "A company has to know them by the address above.") : null,
      chosen.element,
    ],
    save: async (form) => {
      const { role, customer } = chosen.values();
      const email = form.elements.email.value.trim();
      await post("api/v3/users", {
        email,
        role,
        ...(customer ? { customer } : {}),
        ...(way.value ? { identity_provider: way.value } : {}),
      });
      toast(`${email} is invited.`);
      again();
    },
  });
}

/**
 * @param {Person} it
 * @param {() => void} again
 */
function askChange(it, again) {
  const chosen = rights(it.role ?? "viewer", it.customer ?? "", it.name === who()?.name);
  ask({
    title: called(it),
    yes: "Save",
    body: [chosen.element, h("p", { class: "small muted" }, "It takes effect within seconds.")],
    save: async () => {
      const now = chosen.values();
      const changes = {
        ...(now.role === it.role ? {} : { role: now.role }),
        ...(now.customer === it.customer ? {} : { customer: now.customer }),
      };
      if (!Object.keys(changes).length) return;
      await patch(path(it), changes);
      toast("Saved.");
      again();
    },
  });
}

/** @param {Person} it */
const path = (it) => `api/v3/users/${encodeURIComponent(it.name)}`;

/**
 * @param {Person} it
 * @param {() => void} again
 */
async function enable(it, again) {
  await patch(path(it), { enabled: !it.enabled });
  toast(`${called(it)} ${it.enabled ? "is disabled" : "may sign in again"}.`);
  again();
}

/**
 * @param {Person} it
 * @param {() => void} again
 */
function askEnable(it, again) {
  if (!it.enabled) {
    enable(it, again).catch((error) => toast(error.message, "bad"));
    return;
  }
  sure(
    `Disable ${called(it)}?`,
    "They are signed out within seconds, and cannot sign in until somebody enables them again. Their changes stay in the audit log.",
    "Disable",
    () => enable(it, again),
  );
}

/**
 * @param {Person} it
 * @param {() => void} again
 */
function askDelete(it, again) {
  sure(
    `Delete ${called(it)}?`,
    "They are signed out within seconds, and would have to be invited again. Their changes stay in the audit log.",
    "Delete",
    async () => {
      await remove(path(it));
      toast(`${called(it)} is deleted.`);
      again();
    },
  );
}
