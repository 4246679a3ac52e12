// Keyboard shortcuts: single keys for the search, the next row, a page. They do nothing while somebody is typing, or if
// they are switched off.

import { go, write } from "../values/address.js";
import { h } from "./dom.js";
import { show } from "./parts.js";

const KEPT = "mxtrax.keys";
const PATIENCE = 1_500;

/**
 * The pages that "g" and a letter lead to.
 * @type {Record<string, string>}
 */
const PLACES = { n: "now", c: "customers", d: "domains", i: "incidents", m: "maintenance" };

/**
 * The button of the focused row that a key presses.
 * @type {Record<string, string>}
 */
const DEEDS = { a: "acknowledge", q: "quiet", x: "choose" };

const WORDS = [
  ["/", "Search"],
  ["j", "Next row"],
  ["k", "Row before"],
  ["Enter", "Open the row"],
  ["a", "Say that you are on it"],
  ["q", "Make it quiet"],
  ["x", "Choose the row"],
  ["g then n, c, d, i, m", "Go to Now, Customers, Domains, Incidents, Maintenance"],
  ["?", "Show these keys"],
];

let led = 0;

/** @param {EventTarget | null} target */
const typing = (target) =>
  target instanceof Element &&
  Boolean(target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]"));

/** Tell whether shortcuts are on; they are in a browser that stores nothing. */
function wanted() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

/** Listen for keys for as long as the console is open. */
export function listen() {
  addEventListener("keydown", (event) => {
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.defaultPrevented ||
      typing(event.target) ||
      document.querySelector("dialog[open]") ||
      !wanted()
    )
      return;
    if (pressed(event.key)) event.preventDefault();
  });
}

/**
 * Do what a key is for; false if it is for nothing.
 * @param {string} key
 */
function pressed(key) {
  const after = led && Date.now() - led < PATIENCE;
  led = 0;
  if (after && PLACES[key]) go(write([PLACES[key]]));
  else if (key === "/") search();
  else if (key === "j" || key === "k") walk(key === "j" ? 1 : -1);
  else if (key === "?") showKeys();
  else if (key === "g") led = Date.now();
  else if (DEEDS[key]) return press(DEEDS[key]);
  else return false;
  return true;
}

/**
 * Go to the search box of the page; a page that has none leads to the domains.
 * @param {number} [tries]
 */
function search(tries = 40) {
  /** @type {HTMLInputElement | null} */
  const box = document.querySelector("main input[type=search]");
  if (box) {
    box.focus();
    box.select();
    return;
  }
  if (tries === 40) go(write(["domains"]));
  if (tries) setTimeout(() => search(tries - 1), 50);
}

/** @returns {HTMLElement[]} */
const rows = () =>
  [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("main [data-row]"))].filter((row) =>
    row.checkVisibility(),
  );

/**
 * The main link of a row.
 * @param {HTMLElement} row
 * @returns {HTMLElement | null}
 */
const linkOf = (row) => row.querySelector("a[data-go]") ?? row.querySelector("a, summary, button");

/** @param {number} step */
function walk(step) {
  const all = rows();
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const row = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step];
  if (!row) return;
  linkOf(row)?.focus();
  row.scrollIntoView({ block: "nearest" });
}

/** @param {string} deed */
function press(deed) {
  /** @type {HTMLElement | null | undefined} */
  const button = document.activeElement?.closest("[data-row]")?.querySelector(`[data-act="${deed}"]`);
  button?.click();
  return Boolean(button);
}

/** Put the focus on the first row of the page. */
export function toTheList() {
  const [first] = rows();
  if (first) linkOf(first)?.focus();
}

/** Show which keys there are, and let them be switched off. */
export function showKeys() {
  const on = h("input", {
    type: "checkbox",
    checked: wanted(),
    onchange: () => {
      try {
        localStorage.setItem(KEPT, on.checked ? "on" : "off");
      } catch {
        on.checked = true; // nothing is kept here, so nothing can be switched off
      }
    },
  });
  show("Keys", [
    h(
      "dl",
      { class: "keys" },
      WORDS.map(([key, word]) =>
        h(
          "div",
          {},
          h(
            "dt",
            {},
            key.split(" ").map((part) => (part === "then" ? " then " : [h("kbd", {}, part.replace(",", "")), " "])),
          ),
          h("dd", {}, word),
        ),
      ),
    ),
    h("label", { class: "check" }, on, "Keyboard shortcuts"),
  ]);
}
