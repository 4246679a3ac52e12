// How a customer makes their test mailbox send tests back, for the systems that are common.

import { h } from "../dom.js";
import { KINDS } from "../words.js";

const UNKNOWN = "the-address-that-tests-come-from";

/** Show what to set up; `inbox` is where tests are to come back to, unknown to who may not read the settings. */
export function setUp(it, inbox) {
  const back = () => (inbox ? h("code", {}, inbox) : "the address that the tests come from");
  const mailbox = () => h("code", {}, it.address);
  const kind = it.returned_as ? KINDS[it.returned_as]?.word ?? `as ${it.returned_as}` : null;
  return h("section", { class: "sheet", "aria-labelledby": "set-up" },
    h("h2", { id: "set-up" }, "How the mailbox sends tests back"),
    h("p", {}, kind ? h("strong", {}, `The newest test that is back came ${kind}. `) : null,
      "Every mail that ", mailbox(), " receives is to be redirected to ", back(),
      ". A redirect is best: subject and headers stay as they are. An automatic reply is not enough, since most systems answer one sender only once a day."),
    h("div", {}, systems(it, inbox ?? UNKNOWN, mailbox, back)),
    h("p", { class: "small muted" }, "Where a copy stays in the mailbox, have it expire after a few days, or the mailbox fills up and refuses tests. ",
      "Spare it greylisting and spam filters only if this customer's other mail is spared them, too: else the tests tell of a better world. Then send a test by the button at the top; it should be back within seconds."));
}

const p = (...words) => h("p", {}, words);
const code = (...lines) => h("pre", { class: "source", tabindex: "0", role: "group", "aria-label": "To copy" }, lines.join("\n"));
const system = (name, ...steps) => h("details", { "data-keep": `set-up-${name}` }, h("summary", {}, name), h("div", { class: "part steps" }, steps));

function systems(it, to, mailbox, back) {
  return [
    system("Microsoft 365 (Exchange Online)",
      p("By a mail flow rule: Exchange admin center, Mail flow, Rules, where the recipient is ", mailbox(), ", redirect the message to ", back(), ". Or by PowerShell:"),
      code(`New-TransportRule -Name "Round trip tests" -SentTo ${it.address} -RedirectMessageTo ${to}`),
      p("Or by forwarding of the mailbox itself. That is refused by default, and tests bounce with 5.7.520, until an outbound spam policy allows it for this one mailbox: Defender portal, Policies & rules, Threat policies, Anti-spam, outbound policy with automatic forwarding On. Or:"),
      code(
        "New-HostedOutboundSpamFilterPolicy -Name \"Round trip tests\" -AutoForwardingMode On",
        `New-HostedOutboundSpamFilterRule -Name "Round trip tests" -HostedOutboundSpamFilterPolicy "Round trip tests" -From ${it.address}`,
        `Set-Mailbox ${it.address} -ForwardingSmtpAddress ${to} -DeliverToMailboxAndForward $false`)),
    system("Google Workspace",
      p("Admin console, Apps, Google Workspace, Gmail, Default routing: add a setting for the single recipient ", mailbox(), " that replaces the envelope recipient with ", back(),
        ". It takes up to a day to hold everywhere."),
      p("Forwarding in the mailbox's own settings works, too, once the address is confirmed; Google's mail with the link is then among the unmatched mail.")),
    system("Postfix and Dovecot (Sieve)",
      p("As the active Sieve script of the mailbox, so that storing is tested, too:"),
      code(`redirect ${JSON.stringify(to)};`),
      p("Or in Postfix alone; nothing reaches Dovecot then. In the map that ", h("code", {}, "virtual_alias_maps"), " names, such as ", h("code", {}, "/etc/postfix/virtual"), ":"),
      code(`${it.address}  ${to}`),
      code("postmap /etc/postfix/virtual && postfix reload")),
    system("Exim",
      p("As a router before those for local users:"),
      code("round_trip_tests:", "  driver = redirect", `  domains = ${it.domainname}`, `  local_parts = ${it.testuser}`, `  data = ${to}`),
      p("Where the domain has an aliases file, one line there does the same:"), code(`${it.testuser}: ${to}`)),
    system("cPanel",
      p("Email, Forwarders, Add Forwarder: ", mailbox(), " forwards to ", back(), ". With no mailbox of that name nothing is stored; with one, it keeps a copy of each test.")),
    system("Plesk",
      p("Mail, ", mailbox(), ", Forwarding: switch on mail forwarding to ", back(), ". Where the mailbox is switched on, too, it keeps a copy of each test.")),
    system("Any other", p("Look for redirect, forwarding, or an alias to another host. Vacation notices and automatic replies will not do.")),
  ];
}
