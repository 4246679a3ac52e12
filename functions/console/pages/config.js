// The settings for all domains: what each does, checked as one types, and what it would change before it is saved.

import { get, Problem, post, put as send } from "../api/calls.js";
import { may } from "../api/session.js";
import { both } from "../shared/both.js";
import { askBranding } from "../shared/branding.js";
import { h, put } from "../shared/dom.js";
import { toast } from "../shared/parts.js";
import { showWallLinks } from "../shared/walls.js";
import { write } from "../values/address.js";
import { fieldOf, messageOf } from "../values/problems.js";
import { LABELS, LIMITS, SECTIONS, SETTINGS } from "../values/settings.js";
import { many } from "../values/words.js";
import { zones } from "../values/zones.js";

/** @import { MakePage, Named, Preview, Setting, Values } from "../types.js" */

const PATIENCE = 350;
const KEPT = new Set(["version", "mboxpath"]);

/**
 * Give a button that opens something beside the settings.
 * @param {string} word
 * @param {() => Promise<void>} open
 */
const opens = (word, open) =>
  h("button", { type: "button", onclick: () => open().catch((problem) => toast(messageOf(problem), "bad")) }, word);

/**
 * Show the settings; admins change them.
 * @type {MakePage}
 */
export function config(place, _path, _query, again) {
  /** @type {ReturnType<typeof editor> | null} */
  let form = null;
  return {
    every: () => 60,
    unsaved: () => Boolean(form?.changed().length),
    load: async (signal) => {
      const record = await get("api/v3/config", {}, signal);
      document.title = "Settings · MXTRAX";
      if (!may("admin")) {
        put(place, h("h1", {}, "Settings"), reading(record));
      } else if (!form) {
        form = editor(record, again);
        put(place, form.element);
        form.check();
      } else if (record.version !== form.version()) {
        form.met(record);
      }
    },
  };
}

/** @param {Values} record */
function reading(record) {
  return SECTIONS.map(([title, settings]) =>
    h(
      "section",
      { class: "sheet", "aria-label": title },
      h("h2", {}, title),
      h(
        "dl",
        { class: "facts wide" },
        settings.map(([name, label, note, kind]) =>
          h(
            "div",
            {},
            h("dt", {}, label),
            h(
              "dd",
              {},
              h("strong", {}, kind.options?.[record[name]] ?? (kind.write(record[name]) || "–")),
              h("div", { class: "small muted" }, note),
            ),
          ),
        ),
      ),
    ),
  );
}

/**
 * Make the form, the preview beside it, and the bar that says what is not saved.
 * @param {Values} first
 * @param {() => void} again
 */
function editor(first, again) {
  let record = first;
  const fields = Object.fromEntries(
    Object.values(SETTINGS).map((setting) => [setting.name, input(setting, record[setting.name])]),
  );
  const outcome = h("div", { class: "part", "aria-live": "polite" });
  const conflict = h("div", { class: "part conflict" });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const words = h("span", { class: "grow", "aria-live": "polite" });
  const brief = h("strong", {});
  const saveButton = h("button", { type: "submit", class: "main" }, "Save");
  const bar = h(
    "div",
    { class: "unsaved", hidden: true },
    conflict,
    words,
    brief,
    wrong,
    h("span", { class: "row" }, saveButton, h("button", { type: "button", onclick: () => discard() }, "Discard")),
  );
  const preview = previewing(outcome, brief);

  const typed = () => Object.fromEntries(Object.values(fields).map((it) => [it.name, it.value()]));
  const changed = () =>
    Object.values(fields)
      .filter((it) => it.bad() || JSON.stringify(it.value()) !== JSON.stringify(record[it.name]))
      .map((it) => it.name);
  const body = () => Object.fromEntries(Object.entries({ ...record, ...typed() }).filter(([name]) => !KEPT.has(name)));

  function note() {
    const names = changed();
    bar.hidden = !names.length;
    words.textContent = names.length ? `Not saved: ${names.map((name) => LABELS[name]).join(", ")}.` : "";
  }

  /** Check what is typed: slips here, sense at the server, which also says what it would change. */
  function check() {
    wrong.textContent = "";
    note();
    const slips = Object.values(fields).filter((it) => it.slip());
    preview.ask(slips.length ? null : body(), changed().length > 0, point);
  }

  /** @param {unknown} problem */
  function point(problem) {
    const field = fields[fieldOf(problem) ?? ""];
    if (field) field.refuse(messageOf(problem));
    else wrong.textContent = messageOf(problem);
    return field;
  }

  /** @param {Values} fresh */
  function take(fresh) {
    record = fresh;
    for (const it of Object.values(fields)) it.fill(fresh[it.name]);
    put(conflict);
    check();
  }

  function discard() {
    take(record);
  }

  /**
   * Somebody else has saved: what is untouched here becomes theirs, and where both have changed the same, both are
   * shown.
   * @param {Values} theirs
   */
  function met(theirs) {
    const mine = Object.fromEntries(changed().map((name) => [name, fields[name].value()]));
    const slipped = new Set(changed().filter((name) => fields[name].bad()));
    const before = record;
    take(theirs);
    for (const [name, value] of Object.entries(mine)) if (!slipped.has(name)) fields[name].fill(value);
    check();
    if (!Object.keys(mine).length) {
      toast("Somebody has changed the settings; you see the current ones.", "warn");
      return;
    }
    const clash = Object.entries(mine).filter(
      ([name]) => JSON.stringify(before[name]) !== JSON.stringify(theirs[name]),
    );
    put(
      conflict,
      h(
        "div",
        { class: "notice warn", role: "alert" },
        h(
          "div",
          { class: "part" },
          h("strong", {}, "Somebody has changed the settings meanwhile."),
          h(
            "p",
            {},
            clash.length
              ? "You both changed the same settings. What you typed is still here; nothing is saved yet."
              : "They changed other settings than you. What you typed is still here; nothing is saved yet.",
          ),
          both({ asked: shown(mine), current: shown(theirs) }, LABELS),
          h(
            "span",
            { class: "row" },
            h("button", { type: "button", onclick: () => take(theirs) }, "Take theirs"),
            h("button", { type: "button", onclick: () => put(conflict) }, "Keep mine"),
          ),
        ),
      ),
    );
  }

  /** @param {SubmitEvent} event */
  async function save(event) {
    event.preventDefault();
    if (!changed().length) return;
    const slip = Object.values(fields).find((it) => it.slip());
    if (slip) {
      slip.focus();
      return;
    }
    saveButton.disabled = true;
    wrong.textContent = "";
    try {
      take(await send("api/v3/config", body(), record.version));
      toast("Saved. It takes effect within a minute.");
      again();
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 409 && problem.more?.current) met(problem.more.current);
      else point(problem)?.focus();
    } finally {
      saveButton.disabled = false;
    }
  }

  const sections = SECTIONS.map(([title, settings], number) =>
    h(
      "fieldset",
      { class: "sheet" },
      h("legend", {}, h("h2", {}, title)),
      h(
        "div",
        { class: "grid" },
        settings.map(([name]) => fields[name].element),
      ),
      number === SECTIONS.length - 1
        ? h(
            "p",
            { class: "small muted" },
            "The inbox is at ",
            h("code", {}, record.mboxpath),
            "; that is set with the stack.",
          )
        : null,
    ),
  );
  const element = h(
    "form",
    {
      class: "settings",
      novalidate: true,
      "aria-label": "Settings",
      oninput: check,
      onsubmit: save,
      onkeydown: (event) => {
        if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        element.requestSubmit();
      },
    },
    h(
      "div",
      { class: "headline" },
      h("h1", {}, "Settings"),
      h("span", { class: "row actions" }, opens("Public pages", askBranding), opens("Wallboard links", showWallLinks)),
    ),
    h(
      "div",
      { class: "beside" },
      h("div", { class: "part" }, sections),
      h(
        "aside",
        { class: "sheet", "aria-labelledby": "preview" },
        h("h2", { id: "preview" }, "What this would change"),
        outcome,
      ),
    ),
    h(
      "datalist",
      { id: "zones" },
      zones().map((value) => h("option", { value })),
    ),
    bar,
  );
  return { element, version: () => record.version, changed, check, met };
}

/** @param {Record<string, any>} values */
const shown = (values) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      SETTINGS[name] && (value !== null || SETTINGS[name].none) ? SETTINGS[name].write(value) : value,
    ]),
  );

/**
 * Make the input of a setting, with what it does, what the input means, and what is wrong with it.
 * @param {Setting} it
 * @param {any} value
 */
function input({ name, label, note, write: worded, read, means, slip, inputmode, none = () => false, options }, value) {
  const id = `set-${name}`;
  const control = options
    ? h(
        "select",
        { id, name, "aria-describedby": `${id}-note ${id}-wrong` },
        Object.entries(options).map(([chosen, word]) =>
          h("option", { value: chosen, selected: chosen === value }, word),
        ),
      )
    : h("input", {
        id,
        name,
        value: worded(value),
        inputmode,
        autocapitalize: "none",
        spellcheck: "false",
        autocomplete: "off",
        list: name === "timezone" ? "zones" : null,
        "aria-describedby": `${id}-note ${id}-wrong`,
      });
  const meaning = h("span", { class: "muted figures", "aria-live": "polite" });
  const wrong = h("span", { class: "wrong", id: `${id}-wrong`, role: "status" });
  /** @param {string} sentence */
  const tell = (sentence) => {
    wrong.textContent = sentence;
    if (sentence) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  };
  const given = () => (none(control.value) ? null : read(control.value));
  const bad = () => !none(control.value) && read(control.value) === null;
  const look = () => {
    const now = read(control.value);
    meaning.textContent = means && now !== null && !none(control.value) ? means(now) : "";
    return bad();
  };
  look();
  return {
    name,
    element: h(
      "div",
      { class: "field" },
      h("label", { for: id }, label),
      h("div", { class: "row value" }, control, meaning),
      wrong,
      h("small", { id: `${id}-note` }, note, " ", h("code", {}, name)),
    ),
    value: given,
    bad,
    focus: () => control.focus(),
    refuse: tell,
    slip: () => {
      const sentence = look() ? (slip?.(control.value.trim()) ?? "") : "";
      tell(sentence);
      return sentence;
    },
    fill: (/** @type {any} */ next) => {
      control.value = worded(next);
      look();
    },
  };
}

// --- what it would change --------------------------------------------------------------------------------------------

/**
 * Ask for the preview, a moment after the last key; only the newest answer counts.
 * @param {HTMLElement} place
 * @param {HTMLElement} brief
 */
function previewing(place, brief) {
  let timer = 0;
  let turn = 0;
  return {
    /**
     * @param {object | null} body
     * @param {boolean} differs
     * @param {(problem: unknown) => void} refused
     */
    ask: (body, differs, refused) => {
      clearTimeout(timer);
      turn += 1;
      const mine = turn;
      brief.textContent = "";
      if (!body) {
        put(place, h("p", { class: "muted" }, "Correct the marked fields first."));
        return;
      }
      timer = setTimeout(async () => {
        try {
          const found = await post("api/v3/config/preview", body);
          if (mine !== turn) return;
          put(
            place,
            differs
              ? outcomeOf(found)
              : h(
                  "p",
                  {},
                  `${many(found.failing_now, "domain is", "domains are")} failing now. Change something, and see ` +
                    "here what it would do before it is saved.",
                ),
          );
          brief.textContent =
            !differs || found.failing_now === found.would_fail
              ? ""
              : `${many(found.would_fail, "domain")} would be failing; ${found.failing_now.toLocaleString()} now.`;
        } catch (problem) {
          if (mine !== turn) return;
          put(
            place,
            h(
              "p",
              { class: "muted" },
              fieldOf(problem) ? "Correct the marked fields first." : "No preview at the moment.",
            ),
          );
          refused(problem);
        }
      }, PATIENCE);
    },
  };
}

/** @param {Preview} it */
function outcomeOf({ failing_now: before, would_fail: after, begins, ends }) {
  return [
    h(
      "p",
      {},
      "With these settings ",
      h("strong", {}, `${many(after, "domain")} would be failing now`),
      before === after ? ", as many as now." : `; ${before.toLocaleString()} ${before === 1 ? "is" : "are"}.`,
    ),
    domains("Would start failing", begins),
    domains("Would stop failing", ends),
    begins.length || ends.length
      ? h(
          "p",
          { class: "small muted" },
          "As if these settings had always applied.",
          ends.length ? " Domains that would no longer fail still need their tests on time in a row." : "",
        )
      : h("p", { class: "small muted" }, "No domain would change."),
  ];
}

/**
 * @param {string} title
 * @param {Named[]} found
 */
function domains(title, found) {
  if (!found.length) return null;
  return h(
    "div",
    {},
    h("h3", {}, title),
    h(
      "ul",
      { class: "plain" },
      found.map((it) =>
        h(
          "li",
          {},
          h("a", { href: write(["domains", String(it.id)]), target: "_blank" }, it.address),
          it.customer ? h("span", { class: "muted" }, " ", it.customer) : null,
          it.exceeded?.length
            ? h("div", { class: "small muted" }, it.exceeded.map((name) => LIMITS[name] ?? name).join(", "))
            : null,
          it.needed
            ? h(
                "div",
                { class: "small muted" },
                `after ${many(it.needed, "test on time", "tests on time")}${it.needed > 1 ? " in a row" : ""}`,
              )
            : null,
        ),
      ),
    ),
    found.length >= 100 ? h("p", { class: "small muted" }, "The first 100 are shown.") : null,
  );
}
