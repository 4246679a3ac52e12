// Selecting rows of a list, to change all of them at once. The selection survives while the list is refreshed or
// paged.

import { many } from "../values/words.js";
import { askBulk } from "./bulk.js";
import { h, refresh } from "./dom.js";

/**
 * Start with nothing selected. `rows` is the body of the table; `again` is called after a change.
 * @param {HTMLElement} rows
 * @param {() => void} again
 */
export function choosing(rows, again) {
  /** @type {Map<number, string>} */
  const chosen = new Map();
  const tools = h("div", { class: "tools" });
  /** @type {HTMLInputElement} */
  const every = h("input", {
    type: "checkbox",
    "aria-label": "Choose all shown",
    title: "Choose all shown",
    onclick: () => all(every.checked),
  });
  /** @returns {HTMLInputElement[]} */
  const boxes = () => [...rows.querySelectorAll("input")].filter(({ type }) => type === "checkbox");
  /** @type {HTMLInputElement | null} */
  let last = null;
  /**
   * @param {HTMLInputElement} box
   * @param {boolean} on
   */
  function tick(box, on) {
    box.checked = on;
    if (on) chosen.set(Number(box.value), box.dataset.address ?? "");
    else chosen.delete(Number(box.value));
  }

  /**
   * With Shift, all from the last one that was ticked to this one.
   * @param {MouseEvent & { target: any }} event
   */
  function clicked(event) {
    const shown = boxes();
    const [from, to] = [last ? shown.indexOf(last) : -1, shown.indexOf(event.target)];
    const some = event.shiftKey && from >= 0 ? shown.slice(Math.min(from, to), Math.max(from, to) + 1) : [event.target];
    for (const box of some) tick(box, event.target.checked);
    last = event.target;
    draw();
  }

  /** @param {boolean} on */
  function all(on) {
    for (const box of boxes()) tick(box, on);
    draw();
  }

  function none() {
    chosen.clear();
    all(false);
  }

  function draw() {
    const shown = boxes();
    const ticked = shown.filter((box) => box.checked).length;
    every.checked = shown.length > 0 && ticked === shown.length;
    every.indeterminate = ticked > 0 && ticked < shown.length;
    refresh(tools, [chosen.size, ticked, shown.length], () =>
      chosen.size
        ? h(
            "div",
            { class: "unsaved", role: "group", "aria-label": "What is chosen" },
            h(
              "strong",
              { class: "grow", role: "status" },
              `${many(chosen.size, "domain")} chosen`,
              chosen.size > ticked
                ? h("span", { class: "muted" }, `, ${chosen.size - ticked} of them not shown here`)
                : null,
            ),
            ticked < shown.length
              ? h("button", { type: "button", "data-keep": "all", onclick: () => all(true) }, "Choose all shown")
              : null,
            h("button", { type: "button", "data-keep": "none", onclick: none }, "Choose none"),
            h(
              "button",
              {
                type: "button",
                class: "main",
                "data-keep": "bulk",
                onclick: () =>
                  askBulk(new Map(chosen), () => {
                    none();
                    again();
                  }),
              },
              `Edit ${many(chosen.size, "domain")}`,
            ),
          )
        : [],
    );
  }

  /** @param {{ id: number, address: string }} it */
  const box = (it) =>
    h("input", {
      type: "checkbox",
      value: String(it.id),
      "data-address": it.address,
      checked: chosen.has(it.id),
      "aria-label": `Choose ${it.address}`,
      "data-keep": `choose-${it.id}`,
      onclick: clicked,
    });
  return { tools, every, box, draw };
}
