// How a customer makes their test mailbox send tests back, for the systems that are common.

import { h } from "../dom.js";

/** Show what to set up; `inbox` is where tests are to come back to, unknown to who may not read the settings. */
export function setUp(it, inbox) {
  const back = () => (inbox ? h("code", {}, inbox) : "the address that the tests come from");
  const system = (name, ...steps) => h("details", {}, h("summary", {}, name), steps);
  return h("section", { class: "sheet", "aria-labelledby": "set-up" },
    h("h2", { id: "set-up" }, "How the mailbox sends tests back"),
    h("p", {}, "Every mail that ", h("code", {}, it.address), " receives is to be redirected to ", back(),
      ". A redirect is best: subject and headers stay as they are. An automatic reply is not enough, since most systems answer one sender only once a day."),
    system("Sieve (Dovecot, Cyrus, Stalwart)", h("pre", {}, `require ["copy"];\nredirect ${JSON.stringify(inbox ?? "the inbox address")};`)),
    system("Postfix, on the server", h("pre", {}, `# /etc/postfix/virtual\n${it.address}  ${inbox ?? "the inbox address"}`), h("p", {}, "Then postmap the file and reload. Nothing is stored in the mailbox.")),
    system("Microsoft 365", h("p", {}, "In the Exchange admin center add a mail flow rule: the recipient is ", h("code", {}, it.address), ", redirect the message to ", back(),
      ". A forwarding rule of the mailbox itself is refused by default (5.7.520); an outbound spam policy would have to allow it.")),
    system("Google Workspace", h("p", {}, "In the Admin console, Apps, Gmail, Routing: for the recipient ", h("code", {}, it.address), " change the envelope recipient to ", back(), ".")),
    h("p", { class: "small muted" }, "Where a copy stays in the mailbox, have it expire after a few days, or the mailbox fills up and refuses tests."));
}
