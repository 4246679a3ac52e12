// Customers and their domains, added and changed by hand.

import { patch, post, remove } from "../api/calls.js";
import { go, write } from "../values/address.js";
import { overwriting } from "./both.js";
import { h } from "./dom.js";
import { customerCodes } from "./lists.js";
import { ask, field, sureToRemove, toast } from "./parts.js";

/** @import { Customer } from "../types.js" */
/** @type {Record<string, string>} */
const WORDS = { friendlyname: "Name", alertuser: "Alerts also go to", public_note: "Note on its public page" };
const NOTE = 2_000;
const plain = { autocapitalize: "none", spellcheck: "false" };

/** @param {string} text */
const addresses = (text) => text.split(/[\s,;]+/).filter(Boolean);

/**
 * The path of a customer in the API.
 * @param {{ codename: string }} it
 */
export const pathOf = (it) => `api/v3/customers/${encodeURIComponent(it.codename)}`;

/**
 * Add a customer, or change one.
 * @param {Customer | null} it
 * @param {() => void} again
 */
export function askCustomer(it, again) {
  const conflict = h("div", {});
  const path = it ? pathOf(it) : "";
  const save = overwriting(conflict, it?.version, WORDS, (version, parts) => patch(path, parts, version));
  ask({
    title: it ? it.friendlyname : "Add a customer",
    yes: it ? "Save" : "Add",
    body: [
      it ? null : field("Code", h("input", { name: "codename", ...plain }), "A short one; it cannot be changed later."),
      field("Name", h("input", { name: "friendlyname", value: it?.friendlyname ?? "" })),
      field(
        "Alerts also go to",
        h("input", { name: "alertuser", value: it?.alertuser.join(", ") ?? "" }),
        "Mail addresses, separated by commas. They are notified of this customer's domains only.",
      ),
      field(
        "Note on its public page",
        h("textarea", { name: "public_note", maxlength: NOTE, value: it?.public_note ?? "" }),
        "Your message to this customer, such as what was found and when mail will be back. Anybody who has the link can read it.",
      ),
      conflict,
    ],
    save: async (form) => {
      const parts = {
        friendlyname: form.elements.friendlyname.value.trim(),
        alertuser: addresses(form.elements.alertuser.value),
        public_note: form.elements.public_note.value,
      };
      if (it) await save(parts);
      else await post("api/v3/customers", { codename: form.elements.codename.value.trim(), ...parts });
      toast(it ? "Saved." : `${parts.friendlyname} is added.`);
      again();
    },
  });
}

/**
 * Remove a customer.
 * @param {Customer} it
 * @param {() => void} then
 */
export function askRemove(it, then) {
  sureToRemove(
    it.friendlyname,
    "Only a customer without domains can be removed. Users limited to it will no longer see anything; " +
      "its maintenance windows and channels are removed as well.",
    () => remove(pathOf(it), it.version),
    then,
  );
}

/**
 * Add a domain, of a customer where one is named.
 * @param {string} customer
 */
export function askDomain(customer) {
  const codes = customerCodes();
  ask({
    title: "Add a domain",
    yes: "Add",
    body: [
      field(
        "Test mailbox",
        h("input", {
          name: "domainname",
          type: "text",
          inputmode: "email",
          ...plain,
          placeholder: "test@customer.example",
        }),
        "The mailbox that has to send each test back.",
      ),
      field(
        "Customer (code)",
        h("input", { name: "customer", value: customer, list: codes.id, ...plain }),
        "Can be empty.",
      ),
      codes.list,
      field("Tags", h("input", { name: "tags" }), "Separated by commas."),
    ],
    save: async (form) => {
      const [testuser, domainname, ...more] = form.elements.domainname.value.trim().split("@");
      if (!testuser || !domainname || more.length) {
        throw Object.assign(new Error("Test mailbox: this should be an address like test@customer.example."), {
          field: "domainname",
        });
      }
      const tags = form.elements.tags.value
        .split(",")
        .map((tag) => tag.trim())
        .filter(Boolean);
      const added = await post("api/v3/maildomains", {
        testuser,
        domainname,
        customer: form.elements.customer.value.trim() || null,
        tags,
      });
      toast(`${added.address} is added; its first test goes out within minutes.`);
      go(write(["domains", String(added.id)]));
    },
  });
}
