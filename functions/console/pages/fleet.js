// Bringing domains and customers in: one by one, or as a CSV file that is looked over first.

import { go, write } from "../address.js";
import { file, get, patch, post, remove, send } from "../api.js";
import { h, put, refresh, refreshRows } from "../dom.js";
import { ask, field, nothing, toast } from "../parts.js";
import { may } from "../session.js";
import { many } from "../words.js";

const HEADER = "Customer.friendlyname,Customer.codename,MailDomain.testuser,MailDomain.domainname";
const MEGABYTES = 2.9;
const PAGE = 100;

/** Show the customers, and the ways to bring in more. */
export function fleet(place, _path, query, again) {
  let after = query.after ?? "";
  const rows = h("tbody", {});
  const table = h("div", { class: "list" }, h("table", { class: "cards" }, h("caption", { class: "hidden-label" }, "Customers"),
    h("thead", {}, h("tr", {}, ["Customer", "Code", "Alerts also go to", ""].map((word) => h("th", { scope: "col" }, word || h("span", { class: "hidden-label" }, "Changes"))))), rows));
  const below = h("div", {});
  let drawn = false;
  return {
    every: () => 60,
    changed: (other) => {
      after = other.after ?? "";
    },
    load: async (signal) => {
      const asked = after;
      const data = await get("api/v3/customers", { limit: PAGE, after }, signal);
      if (asked !== after) return;
      if (!drawn) {
        put(place, head(again), table, below);
        document.title = "Customers · MXTRAX";
        drawn = true;
      }
      refreshRows(rows, data.items, (it) => it.codename, (it) => row(it, again));
      table.hidden = data.items.length === 0;
      refresh(below, [data.items.length, data.next, after], () => [
        data.items.length || after ? null : nothing("No customers yet.", h("p", {}, "Bring them in with their domains as a CSV file, or add the first one by hand.")),
        pager(data, after),
      ]);
    },
  };
}

function head(again) {
  const tools = may("operator") ? [
    h("button", { type: "button", class: "main", onclick: () => askImport(again) }, "Import CSV"),
    h("button", { type: "button", onclick: () => askDomain() }, "Add a domain"),
    h("button", { type: "button", onclick: () => askCustomer(null, again) }, "Add a customer"),
  ] : null;
  return h("div", { class: "headline" }, h("h1", {}, "Customers"), h("span", { class: "row pulse" }, tools, h("button", { type: "button", onclick: takeOut }, "Export CSV")));
}

const row = (it, again) => h("tr", {},
  h("td", { class: "address" }, h("a", { href: write(["overview"], { customer: it.codename }), "data-keep": `customer-${it.codename}` }, it.friendlyname)),
  h("td", { "data-name": "code" }, it.codename),
  h("td", { class: "cause" }, it.alertuser.join(", ")),
  h("td", { class: "number nowrap" }, may("operator") ? [
    h("button", { type: "button", class: "link small", "data-keep": `edit-${it.codename}`, "aria-label": `Edit ${it.friendlyname}`, onclick: () => askCustomer(it, again) }, "Edit"), " ",
    h("button", { type: "button", class: "link small", "data-keep": `remove-${it.codename}`, "aria-label": `Remove ${it.friendlyname}`, onclick: () => askRemove(it, again) }, "Remove"),
  ] : null));

function pager(data, after) {
  const next = data.next && new URLSearchParams(data.next.split("?")[1]).get("after");
  if (!after && !next) return null;
  return h("nav", { class: "pages", "aria-label": "Pages of the list" },
    after ? h("a", { class: "button", href: write(["customers"]) }, "First page") : null,
    next ? h("a", { class: "button", href: write(["customers"], { after: next }) }, "Next page") : null);
}

const addresses = (text) => text.split(/[\s,;]+/).filter(Boolean);

function askCustomer(it, again) {
  ask({
    title: it ? it.friendlyname : "Add a customer",
    yes: it ? "Save" : "Add",
    body: [
      it ? null : field("Code", h("input", { name: "codename", autocapitalize: "none", spellcheck: "false" }), "A short one; it stays for good."),
      field("Name", h("input", { name: "friendlyname", value: it?.friendlyname ?? "" })),
      field("Alerts also go to", h("input", { name: "alertuser", value: it?.alertuser.join(", ") ?? "" }), "Mail addresses, with commas between. They are told of this customer's domains alone."),
    ],
    save: async (form) => {
      const parts = { friendlyname: form.elements.friendlyname.value.trim(), alertuser: addresses(form.elements.alertuser.value) };
      if (it) await patch(`api/v3/customers/${encodeURIComponent(it.codename)}`, parts, it.version);
      else await post("api/v3/customers", { codename: form.elements.codename.value.trim(), ...parts });
      toast(it ? "Saved." : `${parts.friendlyname} is added.`);
      again();
    },
  });
}

function askRemove(it, again) {
  ask({
    title: `Remove ${it.friendlyname}?`,
    body: h("p", {}, "Only a customer without domains can be removed."),
    yes: "Remove",
    danger: true,
    save: async () => {
      await remove(`api/v3/customers/${encodeURIComponent(it.codename)}`, it.version);
      toast(`${it.friendlyname} is removed.`);
      again();
    },
  });
}

function askDomain() {
  ask({
    title: "Add a domain",
    yes: "Add",
    body: [
      field("Test mailbox", h("input", { name: "domainname", type: "text", inputmode: "email", autocapitalize: "none", spellcheck: "false", placeholder: "test@customer.example" }),
        "The mailbox that is to send each test back."),
      field("Customer (code)", h("input", { name: "customer", autocapitalize: "none", spellcheck: "false" }), "May stay empty."),
      field("Tags", h("input", { name: "tags" }), "With commas between."),
    ],
    save: async (form) => {
      const [testuser, domainname, ...more] = form.elements.domainname.value.trim().split("@");
      if (!testuser || !domainname || more.length) {
        throw Object.assign(new Error("Test mailbox: this should be an address like test@customer.example."), { field: "domainname" });
      }
      const tags = form.elements.tags.value.split(",").map((tag) => tag.trim()).filter(Boolean);
      const added = await post("api/v3/maildomains", { testuser, domainname, customer: form.elements.customer.value.trim() || null, tags });
      toast(`${added.address} is added; its first test goes out within minutes.`);
      go(write(["domains", String(added.id)]));
    },
  });
}

// --- a file -----------------------------------------------------------------------------------------------------------

function askImport(again) {
  const input = h("input", { type: "file", name: "file", accept: ".csv,text/csv", onchange: () => look() });
  const result = h("div", { "aria-live": "polite" });
  let looked = null;

  async function look() {
    looked = null;
    const chosen = input.files[0];
    if (!chosen) return put(result);
    if (chosen.size > MEGABYTES * 1_000_000) {
      return put(result, h("p", { class: "wrong" }, `This file is larger than ${MEGABYTES} MB. Cut it in two, or use mxtrax import-domains.`));
    }
    put(result, h("p", { class: "muted" }, `Looking through ${chosen.name} …`));
    try {
      const outcome = await send("api/v3/maildomains/import", chosen, { dry_run: true });
      if (input.files[0] !== chosen) return undefined;
      looked = outcome;
      return put(result, preview(outcome));
    } catch (error) {
      return put(result, h("p", { class: "wrong" }, error.message));
    }
  }

  ask({
    title: "Import CSV",
    yes: "Import",
    body: [
      h("p", {}, "Choose a file, and see what it would do before anything is done. Its first line is ", h("code", {}, HEADER), ". It may be imported again and again: what is there stays as it is."),
      h("label", { class: "field" }, "File", input), result,
    ],
    save: async () => {
      if (!input.files[0]) throw new Error("Choose a file first.");
      if (!looked) throw new Error("Wait until the file has been looked through.");
      if (!looked.imported) throw new Error("There is nothing new in this file.");
      put(result, h("p", { class: "muted" }, `Importing ${many(looked.imported, "domain")} …`));
      try {
        const done = await send("api/v3/maildomains/import", input.files[0]);
        toast(`${many(done.imported, "domain")} imported; ${done.already_there.toLocaleString()} were there, ${done.problematic.toLocaleString()} could not be taken.`);
      } catch (error) {
        put(result, preview(looked));
        throw error;
      }
      again();
    },
  });
}

function preview(outcome) {
  const facts = [["Rows", outcome.rows], ["New", outcome.imported], ["There already", outcome.already_there], ["Cannot be taken", outcome.problematic]];
  return [
    h("dl", { class: "facts" }, facts.map(([name, number]) => h("div", {}, h("dt", {}, name), h("dd", {}, h("strong", {}, number.toLocaleString()))))),
    outcome.bad.length ? h("details", { open: true }, h("summary", {}, "What cannot be taken, and why"),
      h("ul", {}, outcome.bad.slice(0, 100).map((bad) => h("li", {}, `Line ${bad.line}: ${bad.reason}`))),
      outcome.problematic > 100 ? h("p", { class: "muted" }, `and ${(outcome.problematic - 100).toLocaleString()} more`) : null) : null,
  ];
}

async function takeOut(event) {
  const button = event.target;
  button.disabled = true;
  try {
    const parts = [];
    let next = "api/v3/maildomains/export";
    while (next) {
      const part = await file(next);
      parts.push(part.blob);
      next = part.next?.replace(/^\//, "") ?? null;
    }
    await save(parts);
  } catch (error) {
    toast(error.message, "bad");
  } finally {
    button.disabled = false;
  }
}

async function save(parts) {
  const texts = await Promise.all(parts.map((part) => part.text()));
  const whole = texts.map((text, place) => (place ? text.slice(text.indexOf("\n") + 1) : text)).join("");
  const url = URL.createObjectURL(new Blob([whole], { type: "text/csv" }));
  const link = h("a", { href: url, download: "maildomains.csv" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
