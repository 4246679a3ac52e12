// A month on one page: weeks as rows, and in each day what is planned for it, in the reader's time zone.

import { weekdayAndDate } from "../values/times.js";
import { h } from "./dom.js";

/** @import { Child, Stretch } from "../types.js" */

const DAY = 86_400_000;
const title = new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric" });
const wholeDay = new Intl.DateTimeFormat(undefined, {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });

/** @param {Date} date */
const isoDay = (date) =>
  `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;

/**
 * @param {Date} date
 * @param {number} days
 */
const plus = (date, days) => new Date(date.getFullYear(), date.getMonth(), date.getDate() + days);

/**
 * The month of a moment, like 2026-11.
 * @param {number | Date} moment
 */
export const monthOf = (moment) => isoDay(new Date(moment)).slice(0, 7);

/**
 * Read a month; anything invalid gives this month.
 * @param {string | undefined} text
 * @param {number} now
 * @returns {string}
 */
export function readMonth(text, now) {
  return text && /^(19|20|21)\d\d-(0[1-9]|1[0-2])$/.test(text) ? text : monthOf(now);
}

/**
 * @param {string} month
 * @param {number} away
 */
export const otherMonth = (month, away) =>
  monthOf(new Date(Number(month.slice(0, 4)), Number(month.slice(5)) - 1 + away, 1));

/** @param {string} month */
export const monthName = (month) => title.format(new Date(Number(month.slice(0, 4)), Number(month.slice(5)) - 1, 1));

/**
 * The days of a month, filled up to whole weeks from Monday on.
 * @param {string} month
 */
export function daysOf(month) {
  const first = new Date(Number(month.slice(0, 4)), Number(month.slice(5)) - 1, 1);
  const last = new Date(first.getFullYear(), first.getMonth() + 1, 0);
  const start = plus(first, -((first.getDay() + 6) % 7));
  const length = Math.ceil(Math.round((last.getTime() - start.getTime()) / DAY + 1) / 7) * 7;
  return Array.from({ length }, (_, place) => plus(start, place));
}

/**
 * The ISO 8601 number of a week, which is that of the year its Thursday falls in.
 * @param {Date} monday
 */
function weekOf(monday) {
  const thursday = plus(monday, 3);
  return 1 + Math.floor(Math.round((thursday.getTime() - new Date(thursday.getFullYear(), 0, 1).getTime()) / DAY) / 7);
}

/**
 * Draw a month. `items` have `start` and `end` as moments; `draw` gives what stands for one on a day. `choose`, where
 * it is given, is called with a day that was picked: one stop of the Tab key, and the arrow keys walk along the days.
 * @template {Stretch} T
 * @param {{ month: string, now: number, items: T[], draw: (it: T, begin: number, end: number) => Child, choose: ((day: string) => void) | null }} it
 */
export function calendar({ month, now, items, draw, choose }) {
  const days = daysOf(month);
  const today = isoDay(new Date(now));
  const entry = days.some((day) => isoDay(day) === today) ? today : `${month}-01`;
  const weeks = Array.from({ length: days.length / 7 }, (_, week) => days.slice(7 * week, 7 * week + 7));
  /** @param {Date} day */
  const cell = (day) => {
    const name = isoDay(day);
    const [begin, end] = [day.getTime(), plus(day, 1).getTime()];
    const there = items.filter((it) => it.start < end && it.end > begin);
    const number = choose
      ? h(
          "button",
          {
            type: "button",
            class: "bare day",
            tabindex: name === entry ? "0" : "-1",
            "data-day": name,
            "data-keep": `day-${name}`,
            "aria-label": `Plan maintenance on ${wholeDay.format(day)}`,
            onclick: () => choose(name),
          },
          String(day.getDate()),
        )
      : h("span", { class: "day" }, String(day.getDate()));
    const kind = [name === today && "today", name.slice(0, 7) !== month && "outside", there.length && "busy"]
      .filter(Boolean)
      .join(" ");
    return h(
      "td",
      { class: kind, "aria-current": name === today ? "date" : null },
      number,
      h("span", { class: "day-name", "aria-hidden": "true" }, weekdayAndDate.format(day)),
      there.map((it) => draw(it, begin, end)),
    );
  };
  return h(
    "table",
    { class: "calendar", onkeydown: walk },
    h("caption", { class: "hidden-label" }, monthName(month)),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, h("span", { class: "hidden-label" }, "Week")),
        days.slice(0, 7).map((day) => h("th", { scope: "col" }, weekday.format(day))),
      ),
    ),
    h(
      "tbody",
      {},
      weeks.map((week) =>
        h(
          "tr",
          {},
          h("th", { scope: "row", title: "Week" }, h("span", { class: "hidden-label" }, "Week "), weekOf(week[0])),
          week.map(cell),
        ),
      ),
    ),
  );
}

/** @param {KeyboardEvent & { target: any, currentTarget: any }} event */
function walk(event) {
  /** @type {Record<string, number>} */
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const from = event.target.closest?.("[data-day]");
  if (!from || !steps[event.key]) return;
  event.preventDefault();
  const days = [...event.currentTarget.querySelectorAll("[data-day]")];
  const to = days[days.indexOf(from) + steps[event.key]];
  if (!to) return;
  from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}
