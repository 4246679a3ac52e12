// What operators do with a domain: test it now, pause, edit and remove it.

import { patch, post, remove } from "../../api/calls.js";
import { h } from "../../shared/dom.js";
import { customerCodes } from "../../shared/lists.js";
import { ask, field, sureToRemove, toast } from "../../shared/parts.js";
import { go, write } from "../../values/address.js";
import { limitText, readLimit, twinNeeded, twinOf } from "../../values/pairs.js";
import { messageOf } from "../../values/problems.js";
import { OWN, SETTINGS } from "../../values/settings.js";

/** @import { Form, Properties, Setting, WholeDomain } from "../../types.js" */
/** @param {{ id: number }} it */
const path = (it) => `api/v3/maildomains/${it.id}`;

/**
 * Send a test and go to its page, which shows its progress.
 * @param {{ id: number }} it
 * @param {HTMLButtonElement} button
 */
export async function sendNow(it, button) {
  button.disabled = true;
  try {
    const { testid } = await post(`${path(it)}/test`);
    go(write(["tests", testid], { new: 1 }));
  } catch (error) {
    toast(messageOf(error), "bad");
    button.disabled = false;
  }
}

/**
 * Ask, then pause it.
 * @param {WholeDomain} it
 * @param {() => void} again
 */
export function askPause(it, again) {
  ask({
    title: `Pause ${it.address}?`,
    body: h(
      "p",
      {},
      "It will not be tested until somebody resumes it, and nobody is notified of it. Tests under way are still " +
        "counted.",
    ),
    yes: "Pause",
    save: async () => {
      await patch(path(it), { maintmode: true }, it.version);
      toast(`${it.address} is paused.`);
      again();
    },
  });
}

/**
 * Test it again.
 * @param {WholeDomain} it
 * @param {() => void} again
 */
export async function resume(it, again) {
  try {
    await patch(path(it), { maintmode: false }, it.version);
    toast(`${it.address} is tested again.`);
  } catch (error) {
    toast(messageOf(error), "bad");
  }
  again();
}

/**
 * Ask, then close its incident and judge it anew.
 * @param {WholeDomain} it
 * @param {() => void} again
 */
export function askAccept(it, again) {
  ask({
    title: `Accept ${it.address} as it is?`,
    body: h(
      "p",
      {},
      "Its incident is closed, and it is judged only by tests sent from now on. Use this when you have raised its " +
        "limits, or when the fault is known and can stay.",
    ),
    yes: "Accept",
    save: async () => {
      await post(`api/v3/incidents/${encodeURIComponent(it.incident ?? "")}/accept`);
      toast(`${it.address} is judged only by new tests from now on.`);
      again();
    },
  });
}

/**
 * Ask, then remove it.
 * @param {WholeDomain} it
 */
export function askRemove(it) {
  sureToRemove(
    it.address,
    "It is no longer tested, its tests are deleted, and an open incident is closed. The figures of its " +
      "days are kept.",
    () => remove(path(it), it.version),
    () => go(write(["domains"])),
  );
}

/**
 * Edit its own settings. An empty limit means the one for all domains, which the placeholder shows.
 * @param {WholeDomain} it
 * @param {() => void} again
 */
export function edit(it, again) {
  const codes = customerCodes();
  /** @type {Record<string, any>} */
  const own = it;
  /** @type {Record<string, any>} */
  const { effective } = it;
  /**
   * @param {string} name
   * @param {string | null} value
   * @param {Properties} [more]
   */
  const text = (name, value, more) => h("input", { name, value: value ?? "", ...more });
  /**
   * @param {string} name
   * @param {boolean} checked
   * @param {string} label
   * @param {string} note
   */
  const box = (name, checked, label, note) =>
    h(
      "div",
      {},
      h("label", { class: "check" }, h("input", { type: "checkbox", name, checked }), label),
      h("small", { class: "muted" }, note),
    );
  /** @param {Setting} setting */
  const limit = (setting) =>
    field(
      setting.label,
      text(setting.name, own[setting.name] === null ? "" : limitText(setting, own[setting.name]), {
        inputmode: setting.inputmode,
        size: 8,
        placeholder: own[setting.name] === null ? limitText(setting, effective[setting.name]) : null,
        oninput: pair,
      }),
    );
  const paired = h("p", { class: "small notice", "aria-live": "polite", hidden: true });
  /**
   * Where a limit is raised and its twin is 0, the twin becomes none: else nothing would change.
   * @param {{ target: any }} it
   */
  function pair({ target }) {
    const setting = SETTINGS[target.name];
    const twin = SETTINGS[twinOf(target.name) ?? ""];
    const other = twin && target.form.elements[twin.name];
    if (!twin || (other.value.trim() && readLimit(twin, other.value) !== 0)) return;
    const needed = twinNeeded(
      target.name,
      readLimit(setting, target.value),
      other.value.trim() ? 0 : effective[twin.name],
    );
    if (needed === null) return;
    other.value = limitText(twin, needed);
    paired.hidden = false;
    paired.textContent = `“${twin.label}” was 0, and exceeding either limit counts: it is none now, so that this one applies.`;
  }
  ask({
    title: it.address,
    yes: "Save",
    body: [
      h(
        "div",
        { class: "grid" },
        field("Customer (code)", text("customer", it.customer, { maxlength: 100, list: codes.id })),
        codes.list,
        field("Tags", text("tags", it.tags.join(", ")), "Separated by commas."),
        OWN.map(limit),
      ),
      paired,
      h("p", { class: "small muted" }, "Empty fields follow the settings for all domains."),
      box(
        "control",
        it.control,
        "Reference mailbox",
        "Known to work: while it fails, the monitor itself is suspected.",
      ),
      box(
        "returns_bounce",
        it.returns_bounce,
        "Returns by bounce",
        "Its mailbox bounces tests on purpose; a bounce counts as a return.",
      ),
    ],
    save: async (form) => {
      await patch(path(it), changes(it, form.elements), it.version);
      toast("Saved.");
      again();
    },
  });
}

/**
 * @param {WholeDomain} it
 * @param {Form["elements"]} fields
 */
function changes(it, fields) {
  /** @type {Record<string, unknown>} */
  const before = it;
  /** @type {Record<string, unknown>} */
  const given = {
    customer: fields.customer.value.trim() || null,
    tags: fields.tags.value
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean),
    control: fields.control.checked,
    returns_bounce: fields.returns_bounce.checked,
  };
  for (const setting of OWN) {
    const { name, label, slip } = setting;
    const typed = fields[name].value.trim();
    const value = typed ? readLimit(setting, typed) : null;
    if (typed && value === null) throw Object.assign(new Error(`${label}: ${slip?.(typed)}`), { field: name });
    given[name] = value;
  }
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])),
  );
}
