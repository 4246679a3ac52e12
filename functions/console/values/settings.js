// What can be set for all domains, in the order in which a test lives: name, what people call it, and what it does.

import { duration, number, plain, written } from "./units.js";

/** @import { Format, Setting, Unit } from "../types.js" */
/** @param {string} text */
const addresses = (text) => text.split(/[\s,;]+/).filter(Boolean);

/**
 * @param {Unit} unit
 * @returns {Format}
 */
const lasting = (unit) => ({
  write: (value) => written(value, unit),
  read: (text) => duration(text, unit),
  means: (value) => plain(value, unit),
  slip: (text) => `“${text}” is not a duration; use one such as 90 s, 5 min, 2 h or 1 d.`,
});

/**
 * What may be none, which is null: people say it with this word, or with nothing.
 * @param {string} word
 * @param {Format} form
 * @returns {Format}
 */
const orNone = (word, form) => ({
  ...form,
  none: (text) => ["", "none", word].includes(text.trim().toLowerCase()),
  write: (value) => (value === null ? word : form.write(value)),
});

/**
 * @param {string} [mark]
 * @returns {Format}
 */
const counted = (mark = "") => ({
  write: (value) => `${value}${mark && ` ${mark}`}`,
  read: number,
  slip: (text) => `“${text}” is not a number.`,
  inputmode: "decimal",
});

/** @param {string} [mark] */
const limit = (mark) => orNone("none", counted(mark));

/**
 * @param {Record<string, string>} options
 * @returns {Format}
 */
const choice = (options) => ({ options, write: (value) => value, read: (chosen) => chosen });

/** @type {Format} */
const text = { write: (value) => value, read: (typed) => typed.trim() };

/** @type {Format} */
const list = { write: (value) => value.join(", "), read: addresses };

/**
 * The sections of the settings.
 * @type {[string, [string, string, string, Format][]][]}
 */
export const SECTIONS = [
  [
    "Sending tests",
    [
      [
        "sendinguser",
        "Inbox address",
        "Tests are sent from it, and mailboxes send them back to it. After a change each mailbox has to redirect " +
          "to the new one.",
        text,
      ],
      ["interval_minutes", "A test goes out every", "For each domain without its own interval.", lasting("min")],
      [
        "retest_minutes",
        "After a miss, again every",
        "Until the domain is well again, so that failures and recoveries are noticed soon.",
        lasting("min"),
      ],
    ],
  ],
  [
    "When a test is late, and when it has failed",
    [
      [
        "maxreturntime",
        "On time within",
        "A test that comes back later is late; one that is not back by then is overdue.",
        lasting("s"),
      ],
      [
        "max_sec_until_fail",
        "Given up after",
        "A test that is not back by then counts as lost for good.",
        lasting("s"),
      ],
    ],
  ],
  [
    "When a domain is failing",
    [
      [
        "alarm_when",
        "Alert on",
        "By evidence, lost, late and deferred tests are weighed: one hiccup alerts nobody, a permanent refusal " +
          "does at once, and the limits below are budgets. With limits, exceeding any of them alerts.",
        choice({ evidence: "evidence of a failure", limits: "any limit that is exceeded" }),
      ],
      [
        "window_hours",
        "Judged on the last",
        "Only tests of this period count. 0: all since the last recovery.",
        lasting("h"),
      ],
      ["maxfailnumber", "Losses allowed", "With one more than this, the domain is failing. It can be zero.", limit()],
      [
        "maxfailpercentage",
        "Allowed share of lost tests",
        "Of all its tests in that time. It can be zero.",
        limit("%"),
      ],
      ["maxlatenumber", "Delays allowed", "With one more than this, the domain is failing. It can be zero.", limit()],
      [
        "maxlatepercentage",
        "Allowed share of late tests",
        "Of all its tests in that time. It can be zero.",
        limit("%"),
      ],
      [
        "open_after",
        "Bad tests in a row before it is failing",
        "With limits only. With 1, the first test above a limit is enough. A higher number ignores a single hiccup.",
        counted(),
      ],
      [
        "recover_after",
        "Tests on time in a row to recover",
        "With limits only. 0: recovers once it is within its limits again.",
        counted(),
      ],
    ],
  ],
  [
    "Notifications",
    [
      ["alertuser", "Alerts go to", "Mail addresses, separated by commas. Customers may have their own as well.", list],
      [
        "remind_minutes",
        "First reminder after",
        "Until somebody is on it. Each wait is twice as long; above 8 h, once a day. 0: every minute.",
        orNone("never", lasting("min")),
      ],
      [
        "escalate_minutes",
        "Escalate after",
        "If nobody is on it by then, the second list is notified, too.",
        orNone("never", lasting("min")),
      ],
      ["escalateuser", "Second list", "Mail addresses, separated by commas, to which an incident is escalated.", list],
      [
        "alert_mail",
        "Alert mails contain",
        "“news” is what has happened, why, and what to do; “full” adds the report of all domains.",
        text,
      ],
      ["timezone", "Time zone of alerts and reports", "Such as Europe/Berlin. Daily figures stay in UTC.", text],
      [
        "self_check_percent",
        "Suspect the monitor itself from",
        "If this share of all domains, at unrelated providers, begins to fail together, one alert reports " +
          "the monitor, and the domains' alerts wait.",
        counted("%"),
      ],
    ],
  ],
  [
    "Reporting to customers",
    [
      [
        "target_percent",
        "Availability target",
        "The share of a month's measured time in which mail can be received. A customer's report shows how much of the " +
          "remainder was used.",
        counted("%"),
      ],
    ],
  ],
  ["Retention", [["keep_days", "Single tests are kept for", "Daily figures are kept forever.", lasting("d")]]],
];

/**
 * Each setting by its name.
 * @type {Record<string, Setting>}
 */
export const SETTINGS = Object.fromEntries(
  SECTIONS.flatMap(([, settings]) =>
    settings.map(([name, label, note, form]) => [name, { name, label, note, ...form }]),
  ),
);

/** What each setting is called. */
export const LABELS = Object.fromEntries(Object.values(SETTINGS).map(({ name, label }) => [name, label]));

/** What a domain may set for itself. */
export const OWN = [
  "interval_minutes",
  "maxreturntime",
  "max_sec_until_fail",
  "maxfailnumber",
  "maxfailpercentage",
  "maxlatenumber",
  "maxlatepercentage",
].map((name) => SETTINGS[name]);

/**
 * The limits that it may exceed.
 * @type {Record<string, string>}
 */
export const LIMITS = {
  maxfailnumber: "number of tests that did not come back",
  maxfailpercentage: "share of tests that did not come back",
  maxlatenumber: "number of late tests",
  maxlatepercentage: "share of late tests",
};
