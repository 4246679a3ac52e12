// What public pages show of the operator: name, contact and logo.

import { get, patch } from "../api/calls.js";
import { overwriting } from "./both.js";
import { h, put } from "./dom.js";
import { ask, field, toast } from "./parts.js";

/** @import { Branding } from "../types.js" */

const PATH = "api/v3/branding";
const WORDS = { name: "Name", contact: "Contact", logo: "Logo", note: "Note to all customers" };

/**
 * Tell all customers something on their public pages.
 * @param {() => void} again
 */
export async function askNoteToAll(again) {
  const it = await get(PATH);
  const conflict = h("div", {});
  const save = overwriting(conflict, it.version, WORDS, (version, parts) => patch(`${PATH}/note`, parts, version));
  ask({
    title: "Note to all customers",
    yes: "Save",
    body: [
      field(
        "Note",
        h("textarea", { name: "note", maxlength: 1_000, value: it.note }),
        "It stands on top of every public page until you empty it, such as what was found, and when mail will be back.",
      ),
      conflict,
    ],
    save: async (form) => {
      const note = form.elements.note.value;
      await save({ note });
      toast(note.trim() ? "Every public page says it within a minute." : "No public page says it any more.");
      again();
    },
  });
}

/** Edit what all public pages show of the operator. */
export async function askBranding() {
  const it = await get(PATH);
  let logo = it.logo;
  const shown = h("div", { class: "row" });
  const conflict = h("div", {});
  const save = overwriting(conflict, it.version, WORDS, (version, parts) => patch(PATH, parts, version));
  const draw = () =>
    put(
      shown,
      logo
        ? [
            h("img", { src: `data:image/png;base64,${logo}`, alt: "The logo", class: "logo" }),
            h(
              "button",
              {
                type: "button",
                onclick: () => {
                  logo = "";
                  draw();
                },
              },
              "Remove the logo",
            ),
          ]
        : h("span", { class: "muted" }, "No logo."),
    );
  const file = h("input", {
    type: "file",
    name: "logo",
    accept: "image/png",
    onchange: async () => {
      const [chosen] = file.files ?? [];
      if (!chosen) return;
      logo = inBase64(await chosen.arrayBuffer());
      draw();
    },
  });
  draw();
  ask({
    title: "Public pages",
    yes: "Save",
    body: [
      h("p", { class: "muted" }, "All public status pages show this."),
      field("Name", h("input", { name: "name", value: it.name, maxlength: 80 }), "Who the page is from."),
      field(
        "Contact",
        h("input", { name: "contact", value: it.contact, maxlength: 200, autocapitalize: "none", spellcheck: "false" }),
        "A mail address, the whole address of a web page, or a telephone number.",
      ),
      field("Logo", file, "A PNG of at most 800 x 400 pixels and 32 KB."),
      shown,
      conflict,
    ],
    save: async (form) => {
      await save({ name: form.elements.name.value.trim(), contact: form.elements.contact.value.trim(), logo });
      toast("Saved. Public pages show it within a minute.");
    },
  });
}

/** @param {ArrayBuffer} octets */
const inBase64 = (octets) => btoa(Array.from(new Uint8Array(octets), (octet) => String.fromCharCode(octet)).join(""));
