// Wallboard links, for screens that nobody signs in on: created, shown once, and ended.

import { get, post, remove } from "../api/calls.js";
import { h, put } from "./dom.js";
import { ago, ask, field, nothing, show, sure, toast } from "./parts.js";
import { addressOf, copied } from "./public.js";

/** @import { WallLink } from "../types.js" */

const PATH = "api/v3/wall-links";

/** Show the links that there are, and how to make one. */
export async function showWallLinks() {
  const place = h("div", { class: "part" });
  const draw = async () => {
    const { items } = await get(PATH);
    put(
      place,
      items.length
        ? h(
            "ul",
            { class: "plain" },
            items.map((it) => row(it, draw)),
          )
        : nothing("No links yet."),
    );
  };
  await draw();
  show("Wallboard links", [
    h(
      "p",
      { class: "muted" },
      "A screen with such a link shows the wallboard without signing in, and can change nothing.",
    ),
    place,
    h("div", {}, h("button", { type: "button", class: "main", onclick: () => askLink(draw) }, "Make a link")),
  ]);
}

/**
 * @param {WallLink} it
 * @param {() => Promise<void>} draw
 */
const row = (it, draw) =>
  h(
    "li",
    { class: "row" },
    h("strong", {}, it.name),
    h("span", { class: "muted" }, `by ${it.by}, `, ago(it.made)),
    h(
      "button",
      { type: "button", class: "link small", "aria-label": `End ${it.name}`, onclick: () => askEnd(it, draw) },
      "End",
    ),
  );

/** @param {() => Promise<void>} draw */
function askLink(draw) {
  ask({
    title: "Make a wallboard link",
    yes: "Make it",
    body: field("Name", h("input", { name: "name", maxlength: 60 }), "Such as where the screen hangs."),
    save: async (form) => {
      const { name, link } = await post(PATH, { name: form.elements.name.value.trim() });
      await draw();
      show(`Link for ${name}`, [
        h("p", { class: "notice warn" }, "It is shown only this once: copy it to the screen now."),
        copied("Link", addressOf(link)),
      ]);
    },
  });
}

/**
 * @param {WallLink} it
 * @param {() => Promise<void>} draw
 */
function askEnd(it, draw) {
  sure(`End the link for ${it.name}?`, "The screen that uses it goes blank within seconds.", "End it", async () => {
    await remove(`${PATH}/${encodeURIComponent(it.id)}`);
    toast(`The link for ${it.name} no longer works.`);
    await draw();
  });
}
