// Building the page. Text is only ever set as text: nothing here or elsewhere reads HTML out of data.

/** @import { Child, Properties } from "../types.js" */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element. Properties beginning with "on" are listeners, null and false ones are left out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Properties} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/**
 * Make an SVG element.
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Properties} [properties]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[T]}
 */
export function s(tag, properties, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

/**
 * @template {Element} T
 * @param {T} element
 * @param {Properties | null | undefined} properties
 * @param {Child[]} children
 * @returns {T}
 */
function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), (event) => value(event));
    else if (name === "value" || name === "checked" || name === "selected") Reflect.set(element, name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...flat(children));
  return element;
}

/**
 * Flatten children into nodes and strings that an element can take.
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
function flat(children) {
  return children.flatMap((it) => {
    if (Array.isArray(it)) return flat(it);
    if (it === null || it === undefined || it === false) return [];
    return it instanceof Node ? [it] : [String(it)];
  });
}

/**
 * Replace the children of an element.
 * @template {Element} T
 * @param {T} element
 * @param {...Child} children
 */
export function put(element, ...children) {
  element.replaceChildren(...flat(children));
  return element;
}

/** @type {WeakMap<Element, string>} */
const shown = new WeakMap();

/**
 * Redraw a part of the page only if its data has changed, so that it keeps focus and scroll position otherwise. After a
 * redraw, the focus returns to the element with the same `data-keep`.
 * @template T
 * @param {HTMLElement} element
 * @param {T} data
 * @param {(data: T) => Child} draw
 */
export function refresh(element, data, draw) {
  const now = JSON.stringify(data);
  if (shown.get(element) === now) return;
  shown.set(element, now);
  const state = stateOf(element);
  put(element, draw(data));
  restore(element, state);
}

/**
 * Note what has the focus, and which details are open, by their `data-keep`.
 * @param {Element} element
 */
function stateOf(element) {
  const { activeElement: active } = document;
  const focused = active instanceof HTMLElement && element.contains(active) ? active : null;
  /** @type {NodeListOf<HTMLElement>} */
  const unfolded = element.querySelectorAll("details[open][data-keep]");
  const open = [...unfolded].map((it) => it.dataset.keep);
  return { focused: focused?.dataset.keep ?? focused?.closest("summary")?.parentElement?.dataset.keep, open };
}

/**
 * @param {Element} element
 * @param {{ focused: string | undefined, open: (string | undefined)[] }} it
 */
function restore(element, { focused, open }) {
  /**
   * @param {string} name
   * @returns {HTMLElement | null}
   */
  const find = (name) => element.querySelector(`[data-keep="${CSS.escape(name)}"]`);
  for (const name of open) find(name ?? "")?.setAttribute("open", "");
  if (!focused) return;
  const there = find(focused);
  (there instanceof HTMLDetailsElement ? there.querySelector("summary") : there)?.focus({ preventScroll: true });
}

/**
 * Update the children of an element by key, so that rows that stay are not touched.
 * @template T
 * @param {HTMLElement} parent
 * @param {T[]} items
 * @param {(item: T) => unknown} keyOf
 * @param {(item: T) => HTMLElement} draw
 */
export function refreshRows(parent, items, keyOf, draw) {
  const { activeElement: active } = document;
  const focused = active instanceof HTMLElement && parent.contains(active) ? active : null;
  const rows = /** @type {HTMLElement[]} */ ([...parent.children]);
  const before = new Map(rows.map((row) => [row.dataset.key, row]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    const now = JSON.stringify(item);
    const row = before.get(key);
    before.delete(key);
    if (row && shown.get(row) === now) {
      if (row === place) place = place.nextElementSibling;
      else parent.insertBefore(row, place);
      continue;
    }
    const fresh = draw(item);
    fresh.dataset.key = key;
    shown.set(fresh, now);
    if (row) {
      const state = stateOf(row);
      if (row === place) place = place.nextElementSibling;
      row.remove();
      parent.insertBefore(fresh, place);
      restore(fresh, state);
    } else {
      parent.insertBefore(fresh, place);
    }
  }
  for (const row of before.values()) row.remove();
  // Moving a row in the document makes it lose the focus.
  if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

/**
 * Tell screen readers something without moving the focus.
 * @param {string} text
 */
export function announce(text) {
  const region = document.getElementById("announcements");
  if (region && region.textContent !== text) region.textContent = text;
}
