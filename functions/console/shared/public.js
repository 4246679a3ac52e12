// The page and the badge that a customer may show to people who do not sign in, behind a link that nobody can guess.

import { get, post, remove } from "../api/calls.js";
import { may } from "../api/session.js";
import { messageOf } from "../values/problems.js";
import { many } from "../values/words.js";
import { pathOf } from "./customers.js";
import { h, put } from "./dom.js";
import { sure, toast } from "./parts.js";
import { sheet } from "./sheets.js";

/** @import { Customer } from "../types.js" */

const SHOWN = 8;

/** @type {Record<string, string>} */
const WORDS = {
  down: "down",
  slow: "slow",
  unknown: "not known",
  setup: "not tested yet",
  maintenance: "in maintenance",
  ok: "working",
};

/**
 * Show the public page of a customer: whether there is one, how it looks, and how to make or end it.
 * @param {Customer} it
 * @param {() => void} again
 */
export function publicPage(it, again) {
  if (!may("operator")) return [];
  return sheet("public", "Public status page", it.link ? there(it, it.link, again) : absent(it, again));
}

/**
 * @param {Customer} it
 * @param {() => void} again
 */
function absent(it, again) {
  return [
    h(
      "p",
      {},
      "There is none. With one, anybody who has its link sees this customer's mail status without signing in: " +
        "each domain with its state, and nothing else.",
    ),
    h(
      "div",
      {},
      h(
        "button",
        { type: "button", "data-keep": "link", onclick: (event) => make(it, event.target, again) },
        "Make a link",
      ),
    ),
  ];
}

/**
 * @param {Customer} it
 * @param {HTMLButtonElement} button
 * @param {() => void} again
 */
async function make(it, button, again) {
  button.disabled = true;
  try {
    await post(`${pathOf(it)}/link`);
    toast("The page is ready. Anybody who has its link can see it.");
    again();
  } catch (error) {
    toast(messageOf(error), "bad");
    button.disabled = false;
  }
}

/**
 * Give the full URL of a path.
 * @param {string} path
 */
export const addressOf = (path) => new URL(path.replace(/^\//, ""), location.href.split("#")[0]).href;

/**
 * @param {Customer} it
 * @param {string} link
 * @param {() => void} again
 */
function there(it, link, again) {
  const page = addressOf(link);
  const badge = `${page}/badge.svg`;
  return [
    h("p", {}, "Anybody who has this link sees this customer's mail status without signing in."),
    copied("Link", page),
    copied("Badge, for a web page", `<a href="${page}"><img src="${badge}" alt="Mail status"></a>`),
    h(
      "div",
      { class: "row" },
      h("span", { class: "muted" }, "The badge now:"),
      h("img", { src: badge, alt: "The badge as it is now", class: "badge" }),
      h("a", { class: "button", href: page, target: "_blank", rel: "noopener" }, "Open the page"),
    ),
    preview(link),
    h(
      "div",
      { class: "row" },
      h("button", { type: "button", "data-keep": "renew", onclick: () => askRenew(it, again) }, "Make another link"),
      h(
        "button",
        { type: "button", class: "danger", "data-keep": "end", onclick: () => askEnd(it, again) },
        "End the link",
      ),
    ),
  ];
}

/**
 * Show what the page says now, in few words.
 * @param {string} link
 */
function preview(link) {
  const place = h(
    "div",
    { class: "part preview", role: "group", "aria-label": "What the page says now" },
    h("p", { class: "muted" }, "Loading …"),
  );
  /** Of the public page, which is not in the API's document. */
  const path = `${link.replace(/^\//, "")}/status.json`;
  get(/** @type {string} */ (path))
    .then((it) =>
      put(
        place,
        h("strong", {}, it.name),
        h("p", {}, it.sentence),
        it.note ? h("p", { class: "kept" }, it.note) : null,
        it.domains.length
          ? h(
              "ul",
              { class: "plain" },
              it.domains
                .slice(0, SHOWN)
                .map((/** @type {{ domain: string, status: string }} */ each) =>
                  h("li", {}, each.domain, " ", h("span", { class: "muted" }, WORDS[each.status] ?? each.status)),
                ),
            )
          : null,
        it.domains.length + it.more > SHOWN
          ? h("p", { class: "small muted" }, `and ${many(it.domains.length + it.more - SHOWN, "more domain")}`)
          : null,
      ),
    )
    .catch((error) => put(place, h("p", { class: "wrong" }, error.message)));
  return place;
}

/**
 * Show a text with the button that copies it.
 * @param {string} label
 * @param {string} text
 */
export function copied(label, text) {
  /** @type {HTMLInputElement} */
  const shown = h("input", { value: text, readonly: true, onfocus: () => shown.select() });
  return h(
    "div",
    { class: "row end" },
    h("label", { class: "field grow" }, label, shown),
    h(
      "button",
      {
        type: "button",
        "aria-label": `Copy: ${label}`,
        onclick: async () => {
          try {
            await navigator.clipboard.writeText(text);
            toast("Copied.");
          } catch {
            shown.focus();
            toast("This browser does not allow copying; the text is selected, copy it by hand.", "warn");
          }
        },
      },
      "Copy",
    ),
  );
}

/**
 * @param {Customer} it
 * @param {() => void} again
 */
function askRenew(it, again) {
  sure("Create a new link?", "The current link stops working, wherever it was published.", "Make another", async () => {
    await post(`${pathOf(it)}/link`);
    toast("There is a new link now; the old one no longer works.");
    again();
  });
}

/**
 * @param {Customer} it
 * @param {() => void} again
 */
function askEnd(it, again) {
  sure("End the public page?", "Its link stops working. Another one can be made at any time.", "End it", async () => {
    await remove(`${pathOf(it)}/link`);
    toast("The link no longer works.");
    again();
  });
}
