// Routes addresses to pages, keeps the page up to date, and knows who is signed in.

import { Problem, SignedOut } from "./api/calls.js";
import { may, restore, SignInFailed, signOut, who } from "./api/session.js";
import { now } from "./pages/now.js";
import { signInPage } from "./pages/sign-in.js";
import { h, put } from "./shared/dom.js";
import { listen } from "./shared/keys.js";
import { nothing, sure, trouble } from "./shared/parts.js";
import { shell } from "./shell.js";
import { read, write } from "./values/address.js";

/** @import { FindPage, Page, Query, Shown } from "./types.js" */

/**
 * The pages by the first part of their path. All but the first are loaded when they are opened.
 * @type {Record<string, FindPage>}
 */
const PAGES = {
  now: async () => now,
  domains: async ([name]) =>
    name ? (await import("./pages/domain.js")).domain : (await import("./pages/domains.js")).domains,
  tests: async () => (await import("./pages/test.js")).test,
  incidents: async () => (await import("./pages/incidents.js")).incidents,
  customers: async () => (await import("./pages/customers.js")).fleet,
  "set-up": async () => (await import("./pages/set-up.js")).setUpList,
  maintenance: async () => (await import("./pages/maintenance.js")).maintenance,
  unmatched: async () => (await import("./pages/unmatched.js")).unmatched,
  config: async () => (await import("./pages/config.js")).config,
  channels: async () => (await import("./pages/channels.js")).channels,
  users: async () => (await import("./pages/users.js")).users,
  audit: async () => (await import("./pages/audit.js")).audit,
  wall: async () => (await import("./pages/wall.js")).wall,
};

/** Pages with restricted access: for admins, and for people who are not limited to one customer. */
const ADMIN = new Set(["channels", "users", "audit"]);
const UNBOUND = new Set(["maintenance", "unmatched", "config"]);

/** @param {string} name */
const allowed = (name) => (ADMIN.has(name) ? may("admin") : !UNBOUND.has(name) || !who()?.customer);

const home = () => h("a", { href: write([]) }, "Back to the start");

const app = /** @type {HTMLElement} */ (document.getElementById("app"));

/** @type {{ key: string, page: Shown } | null} */
let current = null;
let refused = "";
let place = "";

/** Show the page that the address names. */
function show() {
  // The list of domains was called overview once.
  if (read().path[0] === "overview") history.replaceState(null, "", write(["domains"], read().query));
  const { path, query } = read();
  const person = who();
  place = location.hash;
  if (!person) {
    leave();
    put(app, signInPage(show, refused));
    refused = "";
    document.title = "Sign in · MXTRAX";
    return;
  }
  const name = path[0] ?? "now";
  const key = [name, ...path.slice(1)].join("/");
  if (current?.key === key && current.page.changes()) {
    current.page.changed(query);
    return;
  }
  leave();
  const main = h("main", { id: "main", tabindex: "-1" });
  document.body.classList.toggle("wall", name === "wall");
  put(app, shell(person, name, main, allowed, leaveForGood));
  if (!person.role) {
    put(
      main,
      nothing(
        "You do not have access to anything yet.",
        h("p", {}, `An admin can put ${person.name} into the group viewer, operator or admin.`),
      ),
    );
    return;
  }
  const make = PAGES[name];
  if (!make) {
    put(main, nothing("There is no such page.", home()));
    return;
  }
  if (!allowed(name)) {
    put(
      main,
      nothing(
        "You do not have access to this page.",
        h("p", {}, ADMIN.has(name) ? "It is for admins." : "It is about all customers, and you see only one."),
        home(),
      ),
    );
    return;
  }
  current = { key, page: start(make, main, path.slice(1), query) };
  scrollTo(0, 0);
}

/**
 * Start a page. It has `load`, which reads and draws, and says how often. In a hidden tab nothing is read, unless the
 * page shows something in the title (`unseen`). If reading fails, what was drawn stays, with a notice above it.
 * `unsaved` tells whether input would be lost.
 * @param {FindPage} find
 * @param {HTMLElement} main
 * @param {string[]} path
 * @param {Query} query
 * @returns {Shown}
 */
function start(find, main, path, query) {
  const content = h("div", { class: "page" });
  content.style.display = "contents";
  const notice = h("div", {});
  notice.style.display = "contents";
  put(main, notice, content);
  let timer = 0;
  let stopped = new AbortController();
  let wanted = query;
  /** @type {Page | null} */
  let page = null;
  let over = false;
  put(content, h("p", { class: "waiting" }, "Loading …"));

  async function begin() {
    let make;
    try {
      make = await find(path);
    } catch {
      if (over) return;
      put(content);
      put(
        notice,
        trouble(
          new Error(
            "This page could not be loaded. The console may have been updated meanwhile, or the network is down.",
          ),
          () => location.reload(),
        ),
      );
      return;
    }
    if (over) return;
    page = make(content, path, wanted, () => run());
    put(content, h("p", { class: "waiting" }, "Loading …"));
    document.addEventListener("visibilitychange", woke);
    run();
  }

  async function run() {
    clearTimeout(timer);
    stopped.abort();
    const mine = new AbortController();
    stopped = mine;
    try {
      await page?.load(mine.signal);
      if (mine.signal.aborted) return;
      put(notice);
    } catch (error) {
      if (mine.signal.aborted) return;
      if (error instanceof SignedOut) {
        show();
        return;
      }
      const known = error instanceof Problem || error instanceof SignInFailed;
      if (!known) console.error(error);
      if (content.querySelector(".waiting")) put(content);
      put(
        notice,
        error instanceof Problem && error.status === 404
          ? nothing("There is nothing here (any more).", h("p", {}, error.message), home())
          : trouble(
              known ? error : new Error("Something went wrong on this page. What is shown may not be up to date."),
              run,
            ),
      );
    }
    wait();
  }

  function wait() {
    clearTimeout(timer);
    if (page?.every && (!document.hidden || page.unseen)) timer = setTimeout(run, page.every() * 1000);
  }

  function woke() {
    if (document.hidden) wait();
    else run();
  }

  begin();
  return {
    changes: () => !page || Boolean(page.changed),
    changed: (now) => {
      wanted = now;
      if (!page) return;
      page.changed?.(now);
      run();
    },
    unsaved: () => Boolean(page?.unsaved?.()),
    stop: () => {
      over = true;
      clearTimeout(timer);
      stopped.abort();
      document.removeEventListener("visibilitychange", woke);
    },
  };
}

function leave() {
  current?.page.stop();
  current = null;
  for (const dialog of document.querySelectorAll("dialog")) dialog.remove();
}

/**
 * Ask before unsaved input is discarded, then go on.
 * @param {() => unknown} goOn
 */
function freely(goOn) {
  if (!current?.page.unsaved()) {
    goOn();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  sure("Leave without saving?", "What you have changed on this page is not saved.", "Leave", async () => {
    leave();
    goOn();
  });
}

function leaveForGood() {
  freely(async () => {
    leave();
    await signOut();
    show();
  });
}

/** Handle a changed address. If input would be lost, restore the old address until that question is answered. */
function moved() {
  const there = location.hash;
  if (there === place || !current?.page.unsaved()) {
    show();
    return;
  }
  history.replaceState(null, "", place || "#/");
  freely(() => {
    location.hash = there;
  });
}

addEventListener("hashchange", moved);
addEventListener("beforeunload", (event) => {
  if (current?.page.unsaved()) event.preventDefault();
});
listen();
refused = await restore();
show();
