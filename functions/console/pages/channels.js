// The channels that notices go to besides mail and the SNS topic: whether they deliver, and a test of each. For admins.

import { get, patch, post, remove } from "../api/calls.js";
import { h, put, refresh, refreshRows } from "../shared/dom.js";
import { customerCodes, table } from "../shared/lists.js";
import { ago, ask, field, nothing, show, sureToRemove, toast } from "../shared/parts.js";
import { messageOf } from "../values/problems.js";

/** @import { Channel, ChannelField, Form, KindOfChannel, Listener, MakePage, Severity, Taken } from "../types.js" */

const EVERY = 30;
const PATH = "api/v3/channels";

/** @type {Record<string, string>} */
const SEVERITIES = { down: "Down", slow: "Slow", setup: "Set-up faults", ours: "The monitor itself" };

const EACH = new Intl.ListFormat("en", { type: "disjunction" });

/** @param {Channel} it */
const path = (it) => `${PATH}/${encodeURIComponent(it.id)}`;

/**
 * Show the channels.
 * @type {MakePage}
 */
export function channels(place, _path, _query, again) {
  const rows = h("tbody", {});
  const list = table("Channels", ["Channel", "Notified of", "Works", ""], rows);
  const below = h("div", {});
  /** @type {KindOfChannel[] | null} */
  let kinds = null;
  let drawn = false;
  return {
    every: () => EVERY,
    load: async (signal) => {
      const known = kinds ?? (await get("api/v3/channel-kinds", {}, signal)).items;
      kinds = known;
      const { items } = await get(PATH, {}, signal);
      if (!drawn) {
        put(
          place,
          top(known, again),
          h(
            "p",
            { class: "muted" },
            "Mail goes to the addresses in the settings and to those of each customer. These channels are notified as well.",
          ),
          list,
          below,
        );
        document.title = "Channels · MXTRAX";
        drawn = true;
      }
      refreshRows(
        rows,
        items,
        (it) => it.id,
        (it) => row(it, known, again),
      );
      list.hidden = !items.length;
      refresh(below, items.length, (number) =>
        number
          ? []
          : nothing(
              "No channels yet.",
              h("p", {}, `Notices can go to ${EACH.format(known.map(({ title }) => title))}.`),
            ),
      );
    },
  };
}

/**
 * @param {KindOfChannel[]} kinds
 * @param {() => void} again
 */
const top = (kinds, again) =>
  h(
    "div",
    { class: "headline" },
    h("h1", {}, "Channels"),
    h(
      "span",
      { class: "row actions" },
      h("button", { type: "button", class: "main", onclick: () => askChannel(null, kinds, again) }, "Add a channel"),
      h("button", { type: "button", onclick: askTestAlert }, "Test alert to all"),
    ),
  );

/**
 * @param {Channel} it
 * @param {KindOfChannel[]} kinds
 */
const kindOf = (it, kinds) => kinds.find(({ kind }) => kind === it.kind);

/**
 * @param {Channel} it
 * @param {KindOfChannel[]} kinds
 * @param {() => void} again
 */
function row(it, kinds, again) {
  /**
   * @param {string} word
   * @param {Listener} act
   */
  const tool = (word, act) =>
    h(
      "button",
      {
        type: "button",
        class: "link small",
        "data-keep": `${word}-${it.id}`,
        "aria-label": `${word} ${it.name}`,
        onclick: act,
      },
      word,
    );
  return h(
    "tr",
    { "data-row": true },
    h(
      "td",
      { class: "address" },
      h("strong", {}, it.name),
      h(
        "div",
        { class: "small whose" },
        h("span", { class: "muted" }, kindOf(it, kinds)?.title ?? it.kind),
        it.enabled ? null : h("span", { class: "chip" }, "off"),
      ),
    ),
    h("td", { class: "cause" }, of(it)),
    h("td", { class: "cause" }, works(it)),
    h(
      "td",
      { class: "number nowrap" },
      tool("Test", (event) => tryOut(it, event.currentTarget, again)),
      " ",
      tool("Edit", () => askChannel(it, kinds, again)),
      " ",
      tool("Remove", () => askRemove(it, again)),
    ),
  );
}

/**
 * Say which notices it gets.
 * @param {Channel} it
 */
function of(it) {
  const what = it.severities.length ? it.severities.map((name) => SEVERITIES[name] ?? name).join(", ") : "everything";
  return [
    what,
    it.customer ? ` of ${it.customer}` : "",
    it.tags.length ? `, with the tag ${it.tags.join(" or ")}` : "",
    it.reminders ? "" : ", without reminders",
  ];
}

/** @param {Channel} it */
function works(it) {
  if (it.failing_since)
    return [
      h("strong", { class: "said-bad" }, it.broken ? "Broken" : "Failing"),
      " since ",
      ago(it.failing_since),
      h("div", { class: "small kept" }, it.problem),
    ];
  return it.last_ok
    ? ["Last delivered ", ago(it.last_ok)]
    : h("span", { class: "muted" }, "No notice has gone there yet");
}

/**
 * @param {Channel} it
 * @param {HTMLButtonElement} button
 * @param {() => void} again
 */
async function tryOut(it, button, again) {
  button.disabled = true;
  try {
    await showTest(it);
  } catch (problem) {
    toast(messageOf(problem), "bad");
  } finally {
    button.disabled = false;
  }
  again();
}

/**
 * Send a test through a channel, and show what its service says to it.
 * @param {Channel} it
 */
async function showTest(it) {
  const { taken, answers, confirms } = await post(`${path(it)}/test`);
  show(`${it.name}: ${taken ? "the test was accepted" : "the test was refused"}`, [
    h("p", {}, "A simulated failure was sent, and its recovery. The service answered:"),
    h(
      "ul",
      { class: "plain kept" },
      answers.map((/** @type {string} */ answer) => h("li", {}, answer || "nothing")),
    ),
    taken && !confirms
      ? h("p", { class: "notice warn" }, "This service does not confirm delivery: check that the messages arrived.")
      : null,
  ]);
}

// --- adding and changing ---------------------------------------------------------------------------------------------

/**
 * @param {Channel | null} it
 * @param {KindOfChannel[]} kinds
 * @param {() => void} again
 */
function askChannel(it, kinds, again) {
  const kind = h(
    "select",
    { name: "kind", disabled: Boolean(it), onchange: () => fit() },
    kinds.map((each) => h("option", { value: each.kind, selected: each.kind === it?.kind }, each.title)),
  );
  /** @returns {KindOfChannel} */
  const chosen = () => kinds.find((each) => each.kind === kind.value) ?? kinds[0];
  const told = h("div", { class: "part" });
  const codes = customerCodes();
  const severities = Object.entries(SEVERITIES).map(([name, word]) =>
    h(
      "label",
      { class: "check" },
      h("input", {
        type: "checkbox",
        name: `severity-${name}`,
        checked: it ? it.severities.some((each) => each === name) : false,
      }),
      word,
    ),
  );
  /**
   * @param {string} name
   * @param {boolean} checked
   * @param {string} word
   */
  const box = (name, checked, word) =>
    h("label", { class: "check" }, h("input", { type: "checkbox", name, checked }), word);
  function fit() {
    put(
      told,
      chosen().fields.map((each) => fieldOf(each, it)),
    );
  }
  fit();
  ask({
    title: it ? it.name : "Add a channel",
    yes: it ? "Save" : "Add and test",
    or: it ? null : "Add",
    body: [
      field("Service", kind),
      told,
      field(
        "Name",
        h("input", { name: "name", maxlength: 60, value: it?.name ?? "" }),
        "Your name for it. Can be empty.",
      ),
      h(
        "fieldset",
        { class: "part" },
        h("legend", {}, "Only these severities"),
        h("div", { class: "row" }, severities),
        h("small", { class: "muted" }, "None: any severity."),
      ),
      h(
        "div",
        { class: "grid" },
        field(
          "Customer (code)",
          h("input", {
            name: "customer",
            list: codes.id,
            value: it?.customer ?? "",
            autocapitalize: "none",
            spellcheck: "false",
          }),
          "Empty: all.",
        ),
        field("Tags", h("input", { name: "tags", value: it?.tags.join(", ") ?? "" }), "Only domains with one of them."),
      ),
      codes.list,
      h(
        "div",
        { class: "row" },
        box("reminders", it?.reminders ?? true, "Reminders, too"),
        it ? box("enabled", it.enabled, "Switched on") : null,
      ),
    ],
    save: async (form, untested) => {
      const body = typed(form, chosen(), it);
      const sent = it ? patch(path(it), body, it.version) : post(PATH, { kind: kind.value, ...body });
      const kept = await sent.catch((problem) => {
        if (form.elements[`told-${problem.field}`]) problem.field = `told-${problem.field}`;
        throw problem;
      });
      toast(it ? "Saved." : untested ? "The channel is added; test it." : "The channel is added.");
      if (!it && !untested) await showTest(kept).catch((problem) => toast(problem.message, "bad"));
      again();
    },
  });
}

/**
 * A field of the service. A secret is never shown, and stays unchanged if its field is left empty.
 * @param {ChannelField} given
 * @param {Channel | null} it
 */
function fieldOf({ name, note, secret, default: usual }, it) {
  const known = it?.settings.find((each) => each.name === name)?.value ?? "";
  return field(
    name[0].toUpperCase() + name.slice(1).replaceAll("_", " "),
    h("input", {
      name: `told-${name}`,
      value: known,
      maxlength: 2_000,
      autocapitalize: "none",
      spellcheck: "false",
      autocomplete: "off",
      placeholder: it && secret ? "as it is" : usual,
    }),
    note,
  );
}

/**
 * @param {Form} form
 * @param {KindOfChannel} given
 * @param {Channel | null} it
 */
function typed(form, { fields }, it) {
  /** @param {string} name */
  const at = (name) => form.elements[name].value.trim();
  const told = Object.fromEntries(fields.map(({ name }) => [name, at(`told-${name}`)]).filter(([, value]) => value));
  const secret = fields.filter((each) => each.secret);
  const same =
    it && secret.every(({ name }) => !told[name]) && it.settings.every(({ name, value }) => told[name] === value);
  if (it && !same && secret.some(({ name }) => !told[name]))
    throw new Error("Type the secrets again, too: they are stored where nobody can read them.");
  return {
    ...(at("name") ? { name: at("name") } : {}),
    ...(same ? {} : { settings: told }),
    customer: at("customer"),
    severities: Object.keys(SEVERITIES).filter((name) => form.elements[`severity-${name}`].checked),
    tags: at("tags")
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean),
    reminders: form.elements.reminders.checked,
    ...(it ? { enabled: form.elements.enabled.checked } : {}),
  };
}

/**
 * @param {Channel} it
 * @param {() => void} again
 */
function askRemove(it, again) {
  sureToRemove(it.name, "It gets no more notices, and its key is deleted.", () => remove(path(it), it.version), again);
}

function askTestAlert() {
  ask({
    title: "Send a test alert to all?",
    body: h("p", {}, "A simulated failure goes out by mail, SNS and every channel, marked as a test."),
    yes: "Send it",
    save: async () => {
      const { taken, channels: them } = await post("api/v3/test-alert");
      show(
        taken ? "Every channel accepted it" : "Not every channel accepted it",
        h(
          "ul",
          { class: "plain kept" },
          them.map((/** @type {Taken} */ { channel, problem }) =>
            h(
              "li",
              {},
              `${channel.replace(/^mailto:/, "")}: `,
              problem ? h("span", { class: "said-bad" }, problem) : "taken",
            ),
          ),
        ),
      );
    },
  });
}
