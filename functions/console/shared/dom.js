// Building the page. Text is only ever set as text: nothing here or elsewhere reads HTML out of data.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element. Properties beginning with "on" are listeners, null and false ones are left out. */
export function h(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** Make an SVG element. */
export function s(tag, properties, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "selected") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((it) => it !== null && it !== undefined && it !== false));
  return element;
}

/** Put children in place of what an element holds. */
export function put(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((it) => it !== null && it !== undefined && it !== false));
  return element;
}

const shown = new WeakMap();

/**
 * Draw a part of the page only where its data has changed: what stays the same keeps its focus and its scroll. Where it
 * has changed, the focus goes back to what had it, found by its `data-keep`.
 */
export function refresh(element, data, draw) {
  const now = JSON.stringify(data);
  if (shown.get(element) === now) return;
  shown.set(element, now);
  const state = stateOf(element);
  put(element, draw(data));
  restore(element, state);
}

/** Note what has the focus, and which details are open, by their `data-keep`. */
function stateOf(element) {
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  const open = [...element.querySelectorAll("details[open][data-keep]")].map((it) => it.dataset.keep);
  return { focused: focused?.dataset.keep ?? focused?.closest("summary")?.parentElement.dataset.keep, open };
}

function restore(element, { focused, open }) {
  const find = (name) => element.querySelector(`[data-keep="${CSS.escape(name)}"]`);
  for (const name of open) find(name)?.setAttribute("open", "");
  if (!focused) return;
  const there = find(focused);
  (there instanceof HTMLDetailsElement ? there.querySelector("summary") : there)?.focus({ preventScroll: true });
}

/** Update the children of an element by key, so that rows that stay are not touched. */
export function refreshRows(parent, items, keyOf, draw) {
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  const before = new Map([...parent.children].map((row) => [row.dataset.key, row]));
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
  // A row that moves loses the focus on its way.
  if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

/** Tell screen readers something without moving the focus. */
export function announce(text) {
  const region = document.getElementById("announcements");
  if (region && region.textContent !== text) region.textContent = text;
}
