// How a customer makes their test mailbox send tests back: a guide in three steps while it is set up, and to look up
// later.

import { may } from "../../api/session.js";
import { copyButton } from "../../shared/copy.js";
import { h } from "../../shared/dom.js";
import { ago, shape, verdictOf } from "../../shared/parts.js";
import { headed, sheet } from "../../shared/sheets.js";
import { span } from "../../values/times.js";
import { KINDS, sentence } from "../../values/words.js";
import { sendNow } from "./actions.js";

/** @import { Child, DomainRow, WholeDomain } from "../../types.js" */

const UNKNOWN = "the-address-that-tests-come-from";

/**
 * The guide for each provider of mail servers.
 * @type {[RegExp, string][]}
 */
const RUN_BY = [
  [/(^|[.])(outlook[.]com|office365[.]us|microsoft[.]com|mx[.]microsoft)$/, "Microsoft 365 (Exchange Online)"],
  [/(^|[.])(google|googlemail|gmail)[.]com$/, "Google Workspace"],
];

/**
 * Causes which show that the mailbox exists and accepts mail, so that step 2 is what is missing.
 * @type {Set<string | null>}
 */
const TAKEN = new Set([
  "accepted_then_lost",
  "forward_blocked",
  "returned_as_bounce",
  "slow_inside",
  "slow_return",
  "slow_outbound",
]);

/** @param {DomainRow} it */
const systemOf = (it) => RUN_BY.find(([pattern]) => pattern.test(it.provider ?? ""))?.[1] ?? null;

/** @param {DomainRow} it */
const mailbox = (it) => h("code", {}, it.address);

/** @param {string | undefined} inbox */
const back = (inbox) => (inbox ? h("code", {}, inbox) : "the address that the tests come from");

/**
 * Say in a few words what a domain in set-up still needs.
 * @param {DomainRow} it
 */
export function lacking(it) {
  if (!it.cause) return it.last ? "Its first test is under way" : "Waits for its first test";
  if (it.cause === "accepted_then_lost") return `The mailbox is there; the redirect is missing: ${it.why}`;
  if (TAKEN.has(it.cause)) return `The mailbox is there; the redirect does not work: ${it.why}`;
  return `The mailbox does not accept mail: ${it.why}`;
}

/**
 * The guide to the set-up. `inbox` is the address that tests return to; people who may not read the settings do not get
 * it.
 * @param {WholeDomain} it
 * @param {string | undefined} inbox
 */
export function guide(it, inbox) {
  const taken = TAKEN.has(it.cause);
  const told = it.cause
    ? h("p", { class: "notice warn" }, h("span", {}, h("strong", {}, `${sentence(it.why)}. `), it.meaning ?? ""))
    : null;
  const steps =
    told && it.next_steps.length
      ? h(
          "ol",
          { class: "next small" },
          it.next_steps.map((step) => h("li", {}, step)),
        )
      : null;
  return h(
    "section",
    { class: "sheet guide", "aria-labelledby": "guide" },
    headed("guide", "Set it up in three steps", h("span", { class: "row" }, byMail(it, inbox))),
    h("p", { class: "muted" }, "Until its first test is back it is not in any figures, and nobody is notified."),
    h(
      "ol",
      { class: "steps-3" },
      step(
        1,
        taken ? "done" : it.cause ? "wrong" : "open",
        "The mailbox is there",
        h("p", {}, "Create this mailbox, or make sure that it accepts mail:"),
        h("p", { class: "copied" }, mailbox(it), copyButton(it.address, "the address")),
        taken ? null : [told, steps],
      ),
      step(
        2,
        taken && it.cause !== "accepted_then_lost" ? "wrong" : "open",
        "It redirects what it receives",
        h(
          "p",
          {},
          "It has to redirect every mail that it receives to the address below. An automatic reply is not enough: " +
            "most systems answer one sender only once a day.",
        ),
        h("p", { class: "copied" }, back(inbox), inbox ? copyButton(inbox, "the inbox address") : null),
        taken ? [told, steps] : null,
        h(
          "div",
          { class: "systems" },
          systems(
            it,
            inbox ?? UNKNOWN,
            () => mailbox(it),
            () => back(inbox),
          ),
        ),
      ),
      step(3, "open", "Its first test comes back", live(it)),
    ),
  );
}

/**
 * @param {number} number
 * @param {"done" | "wrong" | "open"} state
 * @param {string} title
 * @param {...Child} body
 */
function step(number, state, title, ...body) {
  const [kind, word] = { done: ["ok", "Done"], wrong: ["suspect", "To be fixed"], open: ["setup", "Open"] }[state];
  return h(
    "li",
    {},
    h(
      "span",
      { class: `status ${kind}`, title: word },
      state === "open" ? h("span", { class: "count-of" }, number) : shape(kind),
      h("span", { class: "hidden-label" }, word),
    ),
    h("div", { class: "part" }, h("h3", {}, title), body),
  );
}

/**
 * How the newest test is doing; the page refreshes itself.
 * @param {WholeDomain} it
 */
function live(it) {
  const newest = it.recent.at(-1);
  return [
    newest
      ? h(
          "p",
          { role: "status" },
          "The newest test, sent ",
          ago(newest.at),
          ": ",
          verdictOf(newest.verdict),
          newest.took === null ? "" : ` after ${span(newest.took)}`,
          ".",
        )
      : h("p", { role: "status" }, "No test has been sent yet, or the first one is under way."),
    h(
      "p",
      { class: "muted" },
      "This page updates itself. Once a test is back, it shows how it came and what could be better.",
    ),
    may("operator")
      ? h(
          "div",
          {},
          h(
            "button",
            {
              type: "button",
              class: "main",
              "data-keep": "send-guide",
              onclick: (event) => sendNow(it, event.currentTarget),
            },
            "Test it and watch",
          ),
        )
      : null,
  ];
}

/**
 * Give the link that writes a mail to the customer's admin, in the words of this guide.
 * @param {WholeDomain} it
 * @param {string | undefined} inbox
 */
function byMail(it, inbox) {
  if (!inbox) return null;
  const text =
    `Hello,\n\nto watch over your mail we send a test mail to ${it.address} every few minutes; your mail system ` +
    "sends it back, and we measure how long that took.\n\n" +
    `Please set up two things:\n\n1. A mailbox ${it.address} that accepts mail.\n2. A rule that redirects every ` +
    `mail it receives to ${inbox}. It has to be a redirect or a forward of each mail, not an automatic reply.\n\n` +
    "If a copy stays in the mailbox, please let it expire after a few days, so that the mailbox does not " +
    "fill up.\n\nThank you.\n";
  const mail = new URLSearchParams({ subject: `Test mailbox ${it.address}: please set up a redirect`, body: text });
  const href = `mailto:?${mail.toString().replaceAll("+", "%20")}`;
  return h("a", { class: "button", href }, "Send this to their admin");
}

/**
 * Show the same instructions for a domain that is already set up.
 * @param {WholeDomain} it
 * @param {string | undefined} inbox
 */
export function setUp(it, inbox) {
  const kind = it.returned_as ? (KINDS[it.returned_as]?.word ?? `as ${it.returned_as}`) : null;
  return sheet(
    "set-up",
    "How the mailbox sends tests back",
    h(
      "p",
      {},
      kind ? h("strong", {}, `The newest test that is back came ${kind}. `) : null,
      "Every mail that ",
      mailbox(it),
      " receives has to be redirected to ",
      back(inbox),
      ". A redirect is best: subject and headers stay as they are. An automatic reply is not enough, since most " +
        "systems answer one sender only once a day.",
    ),
    h(
      "div",
      {},
      systems(
        it,
        inbox ?? UNKNOWN,
        () => mailbox(it),
        () => back(inbox),
      ),
    ),
    h(
      "p",
      { class: "small muted" },
      "If a copy stays in the mailbox, let it expire after a few days, or the mailbox fills up and refuses tests. ",
      "Exempt it from greylisting and spam filters only if this customer's other mail is exempt, too: otherwise the " +
        "tests look better than reality. Then send a test with the button at the top; it should be back " +
        "within seconds.",
    ),
  );
}

/** @param {...Child} words */
const p = (...words) => h("p", {}, words);

/** @param {...string} lines */
const code = (...lines) =>
  h(
    "div",
    { class: "to-copy" },
    h("pre", { class: "source", tabindex: "0", role: "group", "aria-label": "To copy" }, lines.join("\n")),
    copyButton(lines.join("\n"), "this"),
  );

/**
 * @param {WholeDomain} it
 * @param {string} name
 * @param {...Child} steps
 */
const system = (it, name, ...steps) =>
  h(
    "details",
    { "data-keep": `set-up-${name}`, open: systemOf(it) === name && it.status === "setup" },
    h("summary", {}, name),
    h("div", { class: "part steps" }, steps),
  );

/**
 * @param {WholeDomain} it
 * @param {string} to
 * @param {() => Child} mailbox
 * @param {() => Child} back
 */
function systems(it, to, mailbox, back) {
  return [
    system(
      it,
      "Microsoft 365 (Exchange Online)",
      p(
        "By a mail flow rule: Exchange admin center, Mail flow, Rules, where the recipient is ",
        mailbox(),
        ", redirect the message to ",
        back(),
        ". Or by PowerShell:",
      ),
      code(`New-TransportRule -Name "Round trip tests" -SentTo ${it.address} -RedirectMessageTo ${to}`),
      p(
        "Or by forwarding of the mailbox itself. That is refused by default, and tests bounce with 5.7.520, " +
          "until an outbound spam policy allows it for this one mailbox: Defender portal, Policies & " +
          "rules, Threat policies, Anti-spam, outbound policy with automatic forwarding On. Or:",
      ),
      code(
        'New-HostedOutboundSpamFilterPolicy -Name "Round trip tests" -AutoForwardingMode On',
        `New-HostedOutboundSpamFilterRule -Name "Round trip tests" -HostedOutboundSpamFilterPolicy "Round trip ` +
          `tests" -From ${it.address}`,
        `Set-Mailbox ${it.address} -ForwardingSmtpAddress ${to} -DeliverToMailboxAndForward $false`,
      ),
    ),
    system(
      it,
      "Google Workspace",
      p(
        "Admin console, Apps, Google Workspace, Gmail, Default routing: add a setting for the single recipient ",
        mailbox(),
        " that replaces the envelope recipient with ",
        back(),
        ". It can take up to a day to take effect everywhere.",
      ),
      p(
        "Forwarding in the mailbox's own settings works, too, once the address is confirmed; Google's mail with " +
          "the link is then among the unmatched mail.",
      ),
    ),
    system(
      it,
      "Postfix and Dovecot (Sieve)",
      p("As the active Sieve script of the mailbox, so that storing is tested, too:"),
      code(`redirect ${JSON.stringify(to)};`),
      p(
        "Or in Postfix alone; nothing reaches Dovecot then. In the map that ",
        h("code", {}, "virtual_alias_maps"),
        " names, such as ",
        h("code", {}, "/etc/postfix/virtual"),
        ":",
      ),
      code(`${it.address}  ${to}`),
      code("postmap /etc/postfix/virtual && postfix reload"),
    ),
    system(
      it,
      "Exim",
      p("As a router before those for local users:"),
      code(
        "round_trip_tests:",
        "  driver = redirect",
        `  domains = ${it.domainname}`,
        `  local_parts = ${it.testuser}`,
        `  data = ${to}`,
      ),
      p("Where the domain has an aliases file, one line there does the same:"),
      code(`${it.testuser}: ${to}`),
    ),
    system(
      it,
      "cPanel",
      p(
        "Email, Forwarders, Add Forwarder: ",
        mailbox(),
        " forwards to ",
        back(),
        ". With no mailbox of that name nothing is stored; with one, it keeps a copy of each test.",
      ),
    ),
    system(
      it,
      "Plesk",
      p(
        "Mail, ",
        mailbox(),
        ", Forwarding: switch on mail forwarding to ",
        back(),
        ". Where the mailbox is switched on, too, it keeps a copy of each test.",
      ),
    ),
    system(
      it,
      "Any other",
      p(
        "Look for redirect, forwarding, or an alias to another host. Vacation notices and automatic replies will " +
          "not do.",
      ),
    ),
  ];
}
