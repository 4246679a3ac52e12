// Maintenance windows: when testing goes on but nobody is notified, and for which domains.

import { get, patch, post, remove } from "../api/calls.js";
import { may } from "../api/session.js";
import { overwriting } from "../shared/both.js";
import { calendar, daysOf, monthName, monthOf, otherMonth, readMonth } from "../shared/calendar.js";
import { h, put, refresh } from "../shared/dom.js";
import { customerCodes, table } from "../shared/lists.js";
import { ask, field, nothing, sure, toast } from "../shared/parts.js";
import { quietButton } from "../shared/quiet.js";
import { write } from "../values/address.js";
import { clock, dateAndClock, millis, now, relative } from "../values/times.js";
import { momentOf, nextOf, ownZone, wallAt, wallLater, zones } from "../values/zones.js";

/** @import { MakePage, Stretch, WindowOfCalendar } from "../types.js" */

const WORDS = {
  scope: "For",
  target: "Which",
  start: "From",
  end: "Until",
  zone: "Time zone",
  weekly: "Every week",
  note: "Note",
};

/**
 * Show a month of maintenance, and all windows.
 * @type {MakePage}
 */
export function maintenance(place, _path, query, again) {
  let month = readMonth(query.month, now());
  const parts = Object.fromEntries(["top", "now", "month", "list"].map((name) => [name, h("div", { class: "part" })]));
  let drawn = false;
  return {
    every: () => 60,
    changed: (other) => {
      month = readMonth(other.month, now());
    },
    load: async (signal) => {
      const asked = month;
      const days = daysOf(asked);
      const last = days[days.length - 1];
      const to = new Date(last.getFullYear(), last.getMonth(), last.getDate() + 1);
      const { items } = await get("api/v3/windows", { from: days[0].toISOString(), to: to.toISOString() }, signal);
      if (asked !== month) return;
      if (!drawn) {
        put(place, Object.values(parts));
        document.title = "Maintenance · MXTRAX";
        drawn = true;
      }
      refresh(parts.top, null, () => top(again));
      refresh(
        parts.now,
        items.filter((it) => it.now),
        (on) => onNow(on),
      );
      refresh(parts.month, [asked, items, monthOf(now())], () => ofMonth(asked, items, again));
      refresh(parts.list, items, () => allOf(items, again));
    },
  };
}

/** @param {WindowOfCalendar} it */
const whom = (it) =>
  ({ all: "everything", customer: it.friendlyname ?? `customer ${it.target}`, domain: it.target })[it.scope] ??
  it.scope;

/** @param {() => void} again */
function top(again) {
  return h(
    "div",
    { class: "headline" },
    h("h1", {}, "Maintenance"),
    may("operator")
      ? h(
          "span",
          { class: "row actions" },
          h(
            "button",
            { type: "button", class: "main", "data-keep": "add", onclick: () => askWindow(null, "", again) },
            "Plan maintenance",
          ),
          quietButton([{ scope: "all", target: "" }], "everything", again),
        )
      : null,
  );
}

/** @param {WindowOfCalendar[]} on */
function onNow(on) {
  if (!on.length) return [];
  return h(
    "div",
    { class: "notice warn", role: "status" },
    h("strong", {}, "On now:"),
    on.map((it) => {
      const stretch = nextOf(it, now());
      return h("span", {}, whom(it), stretch ? ` until ${told(stretch.end)}` : "", it.note ? ` (${it.note})` : "");
    }),
  );
}

/** @param {number} moment */
const told = (moment) =>
  new Date(moment).toDateString() === new Date(now()).toDateString()
    ? clock.format(moment)
    : dateAndClock.format(moment);

/**
 * @param {string} month
 * @param {WindowOfCalendar[]} windows
 * @param {() => void} again
 */
function ofMonth(month, windows, again) {
  const items = windows
    .flatMap((it) =>
      (it.occurrences ?? []).map(({ start, end }) => ({ window: it, start: millis(start), end: millis(end) })),
    )
    .sort((a, b) => a.start - b.start);
  /**
   * @param {number} away
   * @param {string} word
   */
  const link = (away, word) =>
    h(
      "a",
      {
        class: "button",
        "data-keep": `month${away}`,
        href: write(["maintenance"], { month: away ? otherMonth(month, away) : "" }),
      },
      word,
    );
  return h(
    "section",
    { class: "sheet", "aria-labelledby": "month" },
    h(
      "div",
      { class: "headline" },
      h("h2", { id: "month", "aria-live": "polite" }, monthName(month)),
      h("nav", { class: "row", "aria-label": "Months" }, link(-1, "Earlier"), link(0, "This month"), link(1, "Later")),
    ),
    calendar({
      month,
      now: now(),
      items,
      choose: may("operator") ? (day) => askWindow(null, day, again) : null,
      draw: (it, begin, end) => bar(it, begin, end, again),
    }),
    h(
      "p",
      { class: "small muted" },
      `Times in the calendar are in your time zone (${ownZone()}). A window keeps to its own, which the list names.`,
    ),
  );
}

/**
 * Draw one day of an occurrence: the part of it that falls on that day.
 * @param {Stretch & { window: WindowOfCalendar }} it
 * @param {number} begin
 * @param {number} next
 * @param {() => void} again
 */
function bar({ window: it, start, end }, begin, next, again) {
  const hours =
    start <= begin && end >= next
      ? "all day"
      : start < begin
        ? `until ${clock.format(end)}`
        : end > next
          ? `from ${clock.format(start)}`
          : `${clock.format(start)}–${end === next ? "24:00" : clock.format(end)}`;
  const title =
    `${dateAndClock.format(start)} to ${dateAndClock.format(end)}, ` +
    `${whom(it)}${it.note ? `: ${it.note}` : ""}${it.weekly ? ", every week" : ""}; planned in ${it.zone}`;
  const kind = `block${end <= now() ? " over" : start <= now() ? " on" : ""}`;
  const text = [h("span", { class: "figures" }, hours), " ", it.note || whom(it)];
  if (!may("operator")) return h("div", { class: kind, title }, text);
  return h(
    "button",
    {
      type: "button",
      class: kind,
      title,
      "data-keep": `bar-${it.id}-${begin}`,
      onclick: () => askWindow(it, "", again),
    },
    text,
  );
}

/**
 * @param {WindowOfCalendar[]} windows
 * @param {() => void} again
 */
function allOf(windows, again) {
  if (!windows.length) {
    return nothing(
      "No maintenance is planned.",
      h(
        "p",
        {},
        "While a window is on, tests go on, nobody is notified, and the figures are kept apart. ",
        may("operator") ? "Plan one with the button above, or click a day of the calendar." : "Operators plan them.",
      ),
    );
  }

  /** @param {WindowOfCalendar} it */
  const rank = (it) => nextOf(it, now())?.start ?? Infinity;
  const rows = h(
    "tbody",
    {},
    windows.toSorted((a, b) => rank(a) - rank(b) || (a.start < b.start ? 1 : -1)).map((it) => row(it, again)),
  );
  return h(
    "section",
    { class: "part", "aria-labelledby": "windows" },
    h("h2", { id: "windows" }, "All windows"),
    table("All windows", ["When", "For", "Note", "Next", ""], rows),
  );
}

/**
 * @param {WindowOfCalendar} it
 * @param {() => void} again
 */
function row(it, again) {
  const next = nextOf(it, now());
  const name = `${whom(it)}, ${wallText(it)}`;
  const state = it.now
    ? h("strong", {}, next ? `on now, until ${told(next.end)}` : "on now")
    : next
      ? h("span", { title: `${dateAndClock.format(next.start)} your time` }, relative(next.start))
      : h("span", { class: "muted" }, "over");
  return h(
    "tr",
    {},
    h("td", { class: "cause" }, wallText(it), h("div", { class: "small muted" }, `in ${it.zone}`)),
    h("td", { class: "target" }, whom(it)),
    h("td", { class: "cause" }, it.note),
    h("td", {}, state),
    h(
      "td",
      { class: "number nowrap" },
      may("operator")
        ? [
            h(
              "button",
              {
                type: "button",
                class: "link small",
                "data-keep": `edit-${it.id}`,
                "aria-label": `Edit ${name}`,
                onclick: () => askWindow(it, "", again),
              },
              "Edit",
            ),
            " ",
            h(
              "button",
              {
                type: "button",
                class: "link small",
                "data-keep": `remove-${it.id}`,
                "aria-label": `Remove ${name}`,
                onclick: () => askRemove(it, again),
              },
              "Remove",
            ),
          ]
        : null,
    ),
  );
}

/**
 * @param {string} wall
 * @param {Intl.DateTimeFormatOptions} [how]
 */
const onWall = (wall, how) =>
  new Intl.DateTimeFormat(undefined, {
    timeZone: "UTC",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...how,
  }).format(Date.parse(`${wall}:00Z`));

/**
 * Say when a window is, in its own local time.
 * @param {WindowOfCalendar} it
 */
function wallText({ start, end, weekly }) {
  /** @type {Intl.DateTimeFormatOptions} */
  const how = weekly ? { weekday: "long" } : { weekday: "short", day: "numeric", month: "short", year: "numeric" };
  const until = end.slice(0, 10) === start.slice(0, 10) ? onWall(end) : onWall(end, how);
  return `${weekly ? "every " : ""}${onWall(start, how)} to ${until}`;
}

// --- planning --------------------------------------------------------------------------------------------------------

/** @param {string} day */
function fresh(day) {
  const start = day ? `${day}T22:00` : `${wallAt(now() + 3_600_000, ownZone()).slice(0, 13)}:00`;
  return {
    scope: "customer",
    target: "",
    start,
    end: day ? wallLater(start, 4 / 24) : wallLater(start, 2 / 24),
    zone: ownZone(),
    weekly: false,
    note: "",
  };
}

/**
 * @param {WindowOfCalendar | null} it
 * @param {string} day
 * @param {() => void} again
 */
function askWindow(it, day, again) {
  const given = it ?? fresh(day);
  const scope = h(
    "select",
    { name: "scope", onchange: () => fit() },
    [
      ["customer", "A customer"],
      ["domain", "A domain"],
      ["all", "Everything"],
    ].map(([value, word]) => h("option", { value, selected: value === given.scope }, word)),
  );
  const codes = customerCodes();
  const target = h("input", {
    name: "target",
    value: given.target,
    autocapitalize: "none",
    spellcheck: "false",
    list: codes.id,
  });
  const targetField = field("Which", target, "A customer by its code, or a domain by its address.");
  /** @param {"start" | "end"} name */
  const time = (name) =>
    h("input", { type: "datetime-local", name, value: given[name], min: "2000-01-01T00:00", max: "2199-12-31T23:59" });
  const [start, end] = [time("start"), time("end")];
  const zone = h("input", {
    name: "zone",
    value: given.zone,
    list: "zones",
    autocapitalize: "none",
    spellcheck: "false",
  });
  const weekly = h("input", { type: "checkbox", name: "weekly", checked: given.weekly });
  const here = h("p", { class: "small muted", "aria-live": "polite" });
  const conflict = h("div", {});
  const fit = () => {
    targetField.hidden = scope.value === "all";
    put(here, inOwnTime(start.value, end.value, zone.value.trim(), weekly.checked));
  };
  const values = () => ({
    scope: scope.value,
    target: scope.value === "all" ? "" : target.value.trim(),
    start: start.value,
    end: end.value,
    zone: zone.value.trim(),
    weekly: weekly.checked,
    note: dialogNote.value.trim(),
  });
  const dialogNote = h("textarea", { name: "note", maxlength: 2000, value: given.note });
  const save = overwriting(conflict, it?.version, WORDS, (version, body) =>
    it ? patch(`api/v3/windows/${encodeURIComponent(it.id)}`, body, version) : post("api/v3/windows", body),
  );
  ask({
    title: it ? "Maintenance" : "Plan maintenance",
    yes: it ? "Save" : "Plan",
    body: h(
      "div",
      { class: "part", oninput: fit },
      h("div", { class: "grid" }, field("For", scope), targetField),
      codes.list,
      h(
        "div",
        { class: "grid" },
        field("From", start),
        field("Until", end),
        field("Time zone", zone, "The window follows this zone when its clocks change."),
      ),
      h(
        "datalist",
        { id: "zones" },
        zones().map((value) => h("option", { value })),
      ),
      h("label", { class: "check" }, weekly, "Every week"),
      here,
      field("Note", dialogNote, "What will be done."),
      conflict,
    ),
    save: async () => {
      await save(values());
      toast(it ? "Saved." : "The maintenance is planned.");
      again();
    },
  });
  fit();
}

/**
 * @param {string} start
 * @param {string} end
 * @param {string} zone
 * @param {boolean} weekly
 */
function inOwnTime(start, end, zone, weekly) {
  const [from, to] = [momentOf(start, zone), momentOf(end, zone)];
  if (from === null || to === null) return "";
  const words =
    `${dateAndClock.format(from)} to ` + `${dateAndClock.format(to)}${weekly ? ", and again every seven days" : ""}`;
  return zone === ownZone() ? `${words}.` : `In your time: ${words}.`;
}

/**
 * @param {WindowOfCalendar} it
 * @param {() => void} again
 */
function askRemove(it, again) {
  sure(
    "Remove this maintenance?",
    [
      h("p", {}, h("strong", {}, whom(it)), `, ${wallText(it)}${it.note ? `: ${it.note}` : ""}`),
      h(
        "p",
        {},
        it.now
          ? "It is on now: from the next minute, people are notified of failures again."
          : "Tests that fell into it stay separate in the figures.",
      ),
    ],
    "Remove",
    async () => {
      await remove(`api/v3/windows/${encodeURIComponent(it.id)}`);
      toast("The maintenance is removed.");
      again();
    },
  );
}
