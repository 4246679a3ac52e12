// Elements that several pages share.

import { write } from "../values/address.js";
import { fieldOf, messageOf } from "../values/problems.js";
import { clockTime, exact, millis, relative, span } from "../values/times.js";
import { STATUSES, VERDICTS } from "../values/words.js";
import { h, s } from "./dom.js";

/** @import { Child, Form, Moment, Properties, Recent } from "../types.js" */
/** @type {Record<string, [keyof SVGElementTagNameMap, Properties][]>} */
const SHAPES = {
  down: [
    ["path", { d: "M5 1h6l4 4v6l-4 4H5l-4-4V5z", fill: "currentColor" }],
    ["path", { d: "M5.2 5.2l5.6 5.6m0-5.6l-5.6 5.6", stroke: "var(--sheet)", "stroke-width": 2 }],
  ],
  slow: [
    ["circle", { cx: 8, cy: 8, r: 7.4, fill: "currentColor" }],
    ["path", { d: "M8 3.6V8l3 2.4", fill: "none", stroke: "var(--sheet)", "stroke-width": 1.8 }],
  ],
  suspect: [
    ["path", { d: "M8 1l7.4 14H.6z", fill: "currentColor" }],
    ["path", { d: "M8 6v4.2m0 1.4v1.6", stroke: "var(--sheet)", "stroke-width": 1.8 }],
  ],
  setup: [
    [
      "circle",
      { cx: 8, cy: 8, r: 6, fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-dasharray": "3 2.2" },
    ],
  ],
  ok: [
    ["circle", { cx: 8, cy: 8, r: 7.4, fill: "currentColor" }],
    ["path", { d: "M4.4 8.2l2.6 2.6 4.6-5", fill: "none", stroke: "var(--sheet)", "stroke-width": 2 }],
  ],
  paused: [
    ["rect", { x: 1.5, y: 1.5, width: 13, height: 13, rx: 2, fill: "none", stroke: "currentColor", "stroke-width": 2 }],
    ["path", { d: "M6 5v6m4-6v6", stroke: "currentColor", "stroke-width": 2 }],
  ],
  ontime: [["circle", { cx: 8, cy: 8, r: 7, fill: "currentColor" }]],
  late: [["path", { d: "M8 1l7.4 14H.6z", fill: "currentColor" }]],
  overdue: [["rect", { x: 2, y: 2, width: 12, height: 12, fill: "none", stroke: "currentColor", "stroke-width": 3 }]],
  failed: [["rect", { x: 1, y: 1, width: 14, height: 14, fill: "currentColor" }]],
  pending: [["circle", { cx: 8, cy: 8, r: 5.5, fill: "none", stroke: "currentColor", "stroke-width": 2.5 }]],
  unsent: [["path", { d: "M1 8h14", stroke: "currentColor", "stroke-width": 3 }]],
};

/**
 * Draw the shape of a status or a verdict; the word beside it says the same.
 * @param {string} name
 */
export function shape(name) {
  const parts = (SHAPES[name] ?? []).map(([tag, attributes]) => s(tag, attributes));
  return s("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, parts);
}

/** @param {string} name */
export const statusOf = (name) =>
  h("span", { class: `status ${name}`, title: STATUSES[name]?.means }, shape(name), STATUSES[name]?.word ?? name);

/** @param {string} name */
export const verdictOf = (name) => h("span", { class: `verdict ${name}` }, shape(name), VERDICTS[name] ?? name);

/**
 * An address that breaks before its @ if it has to break.
 * @param {string} address
 */
export const breakable = (address) =>
  address.split(/(?=@)/).flatMap((part, place) => (place ? [h("wbr"), part] : [part]));

/**
 * A domain's address as the link to its page, which a press anywhere in its row follows.
 * @param {{id: number, address: string}} it
 */
export const domainLink = ({ id, address }) =>
  h("a", { href: write(["domains", String(id)]), "data-keep": `domain-${id}`, "data-go": true }, breakable(address));

/**
 * A moment as "3 min ago", which updates itself; the exact time is in its title.
 * @param {Moment | null} moment
 */
export function ago(moment) {
  if (!moment) return h("span", { class: "muted" }, "never");
  return h(
    "time",
    { datetime: new Date(millis(moment)).toISOString(), title: exact(moment), "data-relative": "" },
    relative(moment),
  );
}

/**
 * A moment as a time of day.
 * @param {Moment} moment
 */
export function at(moment) {
  return h("time", { datetime: new Date(millis(moment)).toISOString(), title: exact(moment) }, clockTime(moment));
}

setInterval(() => {
  for (const time of document.querySelectorAll("time[data-relative]")) {
    const text = relative(time.getAttribute("datetime") ?? "");
    if (time.textContent !== text) time.textContent = text;
  }
}, 1000);

/**
 * Describe a test of a strip in words.
 * @param {Recent} test
 */
export function told(test) {
  const words = [clockTime(test.at), VERDICTS[test.verdict] ?? test.verdict];
  if (test.took !== null && test.took !== undefined) words.push(span(test.took));
  if (test.why) words.push(test.why);
  if (test.quiet) words.push("during maintenance");
  return words.join(", ");
}

/**
 * The last tests, oldest first, one cell each. The strip is a single Tab stop; the arrow keys move along it.
 * @param {Recent[]} tests
 * @param {{ large?: boolean, name?: string, room?: number }} [it]
 */
export function strip(tests, { large = false, name, room = 60 } = {}) {
  const shown = tests.slice(-room);
  const cells = shown.map((test, place) =>
    h("i", {
      class: `${test.verdict}${test.quiet ? " quiet" : ""}`,
      role: "img",
      tabindex: place === shown.length - 1 ? "0" : "-1",
      "aria-label": told(test),
      "data-keep": `cell-${test.at}`,
    }),
  );
  const absent = large
    ? []
    : Array.from({ length: room - shown.length }, () => h("i", { class: "absent", "aria-hidden": "true" }));
  return h(
    "span",
    { class: `strip${large ? " large" : ""}`, role: "group", "aria-label": name ?? `Last ${shown.length} tests` },
    absent,
    cells,
  );
}

/**
 * How long the last tests took, as a sparkline.
 * @param {Recent[]} tests
 */
export function spark(tests) {
  const times = tests.map((test) => (test.verdict === "ontime" || test.verdict === "late" ? test.took : null));
  const known = times.filter((took) => took !== null && took !== undefined);
  if (known.length < 2) return null;
  const top = Math.max(...known, 1);
  let open = false;
  const d = times
    .map((took, place) => {
      if (took === null || took === undefined) {
        open = false;
        return "";
      }
      const command = open ? "L" : "M";
      open = true;
      return (
        `${command}${((place * 100) / Math.max(1, times.length - 1)).toFixed(1)} ` +
        `${(29 - (took / top) * 28).toFixed(1)}`
      );
    })
    .join("");
  const label =
    `Delivery times of the last ${known.length} tests that came back, ${span(Math.min(...known))} to ` + `${span(top)}`;
  return s(
    "svg",
    { class: "spark", viewBox: "0 0 100 30", preserveAspectRatio: "none", role: "img", "aria-label": label },
    s("path", { d }),
  );
}

// --- the tooltip of the cell under the pointer or focus -------------------------------------------------------------

/** @type {HTMLElement | null} */
let tip = null;

/** @param {Element} cell */
function showTip(cell) {
  tip ??= document.body.appendChild(h("div", { class: "tip", "aria-hidden": "true" }));
  tip.textContent = cell.getAttribute("aria-label");
  tip.hidden = false;
  const place = cell.getBoundingClientRect();
  const left = Math.min(
    Math.max(4, place.left + place.width / 2 - tip.offsetWidth / 2),
    innerWidth - tip.offsetWidth - 4,
  );
  const above = place.top - tip.offsetHeight - 8;
  tip.style.left = `${left}px`;
  tip.style.top = `${above > 0 ? above : place.bottom + 8}px`;
}

function hideTip() {
  if (tip) tip.hidden = true;
}

const CELL = ".strip i[aria-label], .hit[aria-label]";

/** @param {EventTarget | null} target */
const spoken = (target) => (target instanceof Element ? target.closest(CELL) : null);

/**
 * Give the strip or the chart that a cell is in.
 * @param {Element} cell
 * @returns {HTMLElement | SVGElement}
 */
const around = (cell) => /** @type {HTMLElement} */ (cell.parentElement);

document.addEventListener("pointerover", (event) => {
  const cell = spoken(event.target);
  if (cell) showTip(cell);
  else hideTip();
});
document.addEventListener("focusin", (event) => {
  const cell = spoken(event.target);
  if (!cell) return;
  // Tab returns to the cell that last had the focus, even if a redraw put it there.
  for (const other of around(cell).querySelectorAll('[tabindex="0"]')) other.setAttribute("tabindex", "-1");
  cell.setAttribute("tabindex", "0");
  if (cell.matches(":focus-visible")) showTip(cell);
});
document.addEventListener("focusout", hideTip);
addEventListener("scroll", hideTip, { passive: true, capture: true });
addEventListener("hashchange", hideTip);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hideTip();
  const cell = spoken(event.target);
  if (!cell) return;
  /** @type {NodeListOf<HTMLElement>} */
  const beside = around(cell).querySelectorAll(".hit[aria-label], i[aria-label]");
  const cells = [...beside];
  const place = cells.indexOf(/** @type {HTMLElement} */ (cell));
  const across = Number(around(cell).dataset.across) || cells.length; // of a map, up and down are rows
  const next = {
    ArrowLeft: place - 1,
    ArrowRight: place + 1,
    ArrowUp: place - across,
    ArrowDown: place + across,
    Home: 0,
    End: cells.length - 1,
  }[event.key];
  if (next === undefined || !cells[next]) return;
  event.preventDefault();
  cells[next].focus();
});

// --- notices, questions ----------------------------------------------------------------------------------------------

/**
 * Tell how something went. Good news goes away after a while; errors stay until they are dismissed.
 * @param {string} text
 * @param {string} [kind]
 */
export function toast(text, kind = "good") {
  let place = document.querySelector(".toasts");
  place ??= document.body.appendChild(h("div", { class: "toasts", role: "status" }));
  /** @type {HTMLElement} */
  const notice = h(
    "div",
    { class: `notice ${kind}` },
    text,
    h("button", { class: "bare", type: "button", "aria-label": "Dismiss", onclick: () => notice.remove() }, "×"),
  );
  place.append(notice);
  if (kind === "good") setTimeout(() => notice.remove(), 6000);
}

/**
 * If a message begins with the API's name of a field, replace that by the label that people see.
 * @param {string} message
 * @param {string | undefined} name
 * @param {unknown} field
 */
function byLabel(message, name, field) {
  const label = field instanceof Element ? field.closest("label")?.firstChild?.textContent : null;
  return label && name && message.startsWith(`${name}: `) ? `${label}${message.slice(name.length)}` : message;
}

let dialogs = 0;

/** Give the title of a dialog an id of its own: one dialog may open another. */
function titleId() {
  dialogs += 1;
  return `dialog-title-${dialogs}`;
}

/**
 * Open a dialog with a form. `save` gets the form, and whether the second button (`or`) submitted it. If it throws, the
 * message is shown and the input is kept.
 * @param {{
 *   title: string, body: Child, yes: string, or?: string | null, danger?: boolean,
 *   save: (form: Form, second: boolean) => unknown
 * }} it
 */
export function ask({ title, body, yes, or = null, danger = false, save }) {
  const id = titleId();
  const wrong = h("p", { class: "wrong", role: "alert" });
  const button = h("button", { class: danger ? "danger" : "main", type: "submit" }, yes);
  const second = or ? h("button", { type: "submit" }, or) : null;
  const form = h(
    "form",
    { method: "dialog", novalidate: true },
    h("h2", { id }, title),
    body,
    wrong,
    h(
      "div",
      { class: "row" },
      button,
      second,
      h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"),
    ),
  );
  /** @type {HTMLDialogElement} */
  const dialog = h("dialog", { "aria-labelledby": id, onclose: () => dialog.remove() }, form);
  /** @param {boolean} off */
  const wait = (off) => {
    for (const each of [button, second]) if (each) each.disabled = off;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    wait(true);
    wrong.textContent = "";
    for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    try {
      await save(/** @type {any} */ (form), Boolean(second) && event.submitter === second);
      dialog.close();
    } catch (error) {
      const name = fieldOf(error);
      const field = name === undefined ? null : form.elements.namedItem(name);
      wrong.textContent = byLabel(messageOf(error), name, field);
      if (field instanceof HTMLElement) {
        field.setAttribute("aria-invalid", "true");
        field.focus();
      }
    } finally {
      wait(false);
    }
  });
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * Ask whether somebody is sure, and say what it means; `act` does it.
 * @param {string} title
 * @param {Child} means
 * @param {string} yes
 * @param {() => unknown} act
 */
export const sure = (title, means, yes, act) =>
  ask({ title, body: typeof means === "string" ? h("p", {}, means) : means, yes, danger: true, save: act });

/**
 * Ask whether somebody is sure to remove something, by its name; `act` removes it.
 * @param {string} name
 * @param {string} means
 * @param {() => unknown} act
 * @param {() => void} then
 */
export const sureToRemove = (name, means, act, then) =>
  sure(`Remove ${name}?`, means, "Remove", async () => {
    await act();
    toast(`${name} is removed.`);
    then();
  });

/**
 * Open a dialog that only shows something.
 * @param {string} title
 * @param {Child} body
 * @param {string} [close]
 */
export function show(title, body, close = "Close") {
  const id = titleId();
  /** @type {HTMLDialogElement} */
  const dialog = h(
    "dialog",
    { "aria-labelledby": id, onclose: () => dialog.remove() },
    h(
      "form",
      { method: "dialog" },
      h("h2", { id }, title),
      body,
      h("div", { class: "row" }, h("button", { type: "submit" }, close)),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * A labelled input with a note below it.
 * @param {string} label
 * @param {Child} input
 * @param {Child} [note]
 */
export function field(label, input, note) {
  return h("label", { class: "field" }, label, input, note ? h("small", {}, note) : null);
}

/**
 * What an empty list or page shows instead: that there is nothing, and what to do first.
 * @param {string} title
 * @param {...Child} more
 */
export const nothing = (title, ...more) => h("div", { class: "quiet" }, h("strong", {}, title), ...more);

/**
 * What is shown if something could not be read.
 * @param {Error} error
 * @param {(() => void)} [again]
 */
export function trouble(error, again) {
  return h(
    "div",
    { class: "notice bad", role: "alert" },
    error.message,
    again ? h("button", { type: "button", onclick: again }, "Try again") : null,
  );
}
