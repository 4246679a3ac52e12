// The frame of every page: logo, menu, the chip of the monitor's health, and who is signed in.

import { hasOwnSignIn, hasPasskeys, isManaged, newPasskey, newPassword } from "./api/session.js";
import { h } from "./shared/dom.js";
import { icon, mark } from "./shared/icons.js";
import { showKeys, toTheList } from "./shared/keys.js";
import { chip } from "./shared/monitor.js";
import { toast } from "./shared/parts.js";
import { write } from "./values/address.js";

/** @import { SignedIn } from "./types.js" */

/** The menu in groups; on a phone, the first group is always visible. */
const MENU = [
  [
    ["now", "Now"],
    ["customers", "Customers"],
    ["domains", "Domains"],
    ["incidents", "Incidents"],
  ],
  [
    ["maintenance", "Maintenance"],
    ["set-up", "Set-up"],
    ["unmatched", "Unmatched mail"],
    ["wall", "Wallboard"],
  ],
  [
    ["config", "Settings"],
    ["channels", "Channels"],
    ["users", "Users"],
    ["audit", "Audit"],
  ],
];

/**
 * Draw the frame of a page. `allowed` tells which pages this person may open.
 * @param {SignedIn} person
 * @param {string} name
 * @param {HTMLElement} main
 * @param {(name: string) => boolean} allowed
 * @param {() => void} signOut
 */
export function shell(person, name, main, allowed, signOut) {
  /**
   * @param {string} word
   * @param {() => void} act
   */
  const skip = (word, act) =>
    h(
      "a",
      {
        class: "skip",
        href: "#main",
        onclick: (event) => {
          event.preventDefault();
          act();
        },
      },
      word,
    );
  return [
    skip("To the content", () => main.focus()),
    skip("To the list", toTheList),
    name === "wall" ? null : rail(person, name, allowed, signOut),
    main,
    h("div", { id: "announcements", class: "hidden-label", "aria-live": "polite" }),
  ];
}

/**
 * @param {SignedIn} person
 * @param {string} name
 * @param {(name: string) => boolean} allowed
 * @param {() => void} signOut
 */
function rail(person, name, allowed, signOut) {
  const [first, ...others] = MENU.map((group) =>
    links(
      group.filter(([each]) => person.role && allowed(each)),
      name,
    ),
  );
  const more = h(
    "button",
    {
      type: "button",
      class: "bare more",
      "aria-expanded": "false",
      "aria-controls": "more",
      onclick: () => {
        more.setAttribute("aria-expanded", String(more.getAttribute("aria-expanded") !== "true"));
      },
    },
    icon("more"),
    h("span", {}, "More"),
  );
  return h(
    "header",
    { class: "rail" },
    h("a", { class: "brand", href: write([]), "aria-label": "MXTRAX" }, mark(), h("span", {}, "MXTRAX")),
    person.role ? chip() : null,
    h(
      "nav",
      { "aria-label": "Pages" },
      h("div", { class: "first" }, first),
      more,
      h(
        "div",
        { class: "others", id: "more" },
        others.map((group) => (group.length ? h("div", { class: "group" }, group) : null)),
        foot(person, signOut),
      ),
    ),
  );
}

/**
 * @param {string[][]} group
 * @param {string} here
 */
const links = (group, here) =>
  group.map(([name, word]) =>
    h("a", { href: write([name]), "aria-current": name === here ? "page" : null }, icon(name), h("span", {}, word)),
  );

/**
 * @param {SignedIn} person
 * @param {() => void} signOut
 */
function foot(person, signOut) {
  const role = person.customer ? `${person.role} of ${person.customer}` : person.role || "no role";
  return h(
    "div",
    { class: "person small" },
    h("div", { class: "whoami" }, h("strong", {}, person.name), h("span", { class: "muted" }, role)),
    h(
      "div",
      { class: "row" },
      theme(),
      h(
        "button",
        { type: "button", class: "bare", "aria-label": "Keys", title: "Keys (?)", onclick: showKeys },
        icon("keys"),
      ),
      isManaged && hasOwnSignIn ? leaving("Change your password", "password", newPassword) : null,
      hasPasskeys && hasOwnSignIn ? leaving("Add a passkey", "passkey", newPasskey) : null,
    ),
    h("button", { type: "button", class: "bare out", onclick: signOut }, icon("out"), "Sign out"),
  );
}

/**
 * A button that leads to a page of the user pool.
 * @param {string} word
 * @param {string} name
 * @param {() => void} leave
 */
const leaving = (word, name, leave) =>
  h("button", { type: "button", class: "bare", "aria-label": word, title: word, onclick: leave }, icon(name));

function theme() {
  const root = document.documentElement;
  const select = h(
    "select",
    {
      "aria-label": "Colours",
      onchange: () => {
        if (select.value) root.dataset.theme = select.value;
        else delete root.dataset.theme;
        try {
          localStorage.setItem("mxtrax.theme", select.value);
        } catch {
          toast("This browser stores nothing, so the choice lasts until you leave.", "warn");
        }
      },
    },
    [
      ["", "System colours"],
      ["light", "Light"],
      ["dark", "Dark"],
    ].map(([value, word]) => h("option", { value, selected: (root.dataset.theme ?? "") === value }, word)),
  );
  return select;
}
