// The frame: who is signed in, which page is shown, and that it stays up to date.

import { read, write } from "./address.js";
import { Problem, SignedOut } from "./api.js";
import { h, put } from "./dom.js";
import { nothing, toast, trouble } from "./parts.js";
import { domain } from "./pages/domain.js";
import { fleet } from "./pages/fleet.js";
import { incidents } from "./pages/incidents.js";
import { overview } from "./pages/overview.js";
import { signInPage } from "./pages/sign-in.js";
import { test } from "./pages/test.js";
import { wall } from "./pages/wall.js";
import { signOut, who } from "./session.js";

const PAGES = { overview, domains: domain, tests: test, incidents, customers: fleet, wall };
const MENU = [["overview", "Overview"], ["incidents", "Incidents"], ["customers", "Customers"], ["wall", "Wallboard"]];

const app = document.getElementById("app");
let current = null;

/** Show the page that the address names. */
function show() {
  const { path, query } = read();
  const person = who();
  if (!person) {
    leave();
    put(app, signInPage(show));
    document.title = "Sign in · MXTRAX";
    return;
  }
  const name = path[0] ?? "overview";
  const key = [name, ...path.slice(1)].join("/");
  if (current?.key === key && current.page.changed) {
    current.page.changed(query);
    return;
  }
  leave();
  const main = h("main", { id: "main", tabindex: "-1" });
  document.body.classList.toggle("wall", name === "wall");
  put(app, frame(person, name, main), h("div", { id: "announcements", class: "hidden-label", "aria-live": "polite" }));
  if (!person.role) {
    put(main, nothing("You may not see anything yet.", h("p", {}, `An admin can put ${person.name} into the group viewer, operator or admin.`)));
    return;
  }
  const make = PAGES[name];
  if (!make) {
    put(main, nothing("There is no such page.", h("a", { href: write(["overview"]) }, "To the overview")));
    return;
  }
  current = { key, page: start(make, main, path.slice(1), query) };
  scrollTo(0, 0);
}

/**
 * Begin a page. It gives `load`, which reads and draws, and how often; while nobody looks, nothing is read. What cannot be
 * read leaves standing what was there, with a notice above it.
 */
function start(make, main, path, query) {
  const content = h("div", { class: "page" });
  content.style.display = "contents";
  const notice = h("div", {});
  notice.style.display = "contents";
  put(main, notice, content);
  let timer = null;
  let stopped = new AbortController();
  const page = make(content, path, query, () => run());
  put(content, h("p", { class: "waiting" }, "Loading …"));

  async function run() {
    clearTimeout(timer);
    stopped.abort();
    const mine = new AbortController();
    stopped = mine;
    try {
      await page.load(mine.signal);
      if (mine.signal.aborted) return;
      put(notice);
    } catch (error) {
      if (mine.signal.aborted) return;
      if (error instanceof SignedOut) {
        show();
        return;
      }
      if (!(error instanceof Problem)) console.error(error);
      if (content.querySelector(".waiting")) put(content);
      put(notice, error.status === 404 ? nothing("There is nothing here (any more).", h("p", {}, error.message),
        h("a", { href: write(["overview"]) }, "To the overview")) : trouble(error, run));
    }
    if (page.every) timer = setTimeout(run, page.every() * 1000);
  }

  function woke() {
    if (document.hidden) clearTimeout(timer);
    else run();
  }

  document.addEventListener("visibilitychange", woke);
  run();
  return {
    changed: page.changed && ((now) => {
      page.changed(now);
      run();
    }),
    stop: () => {
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

function frame(person, name, main) {
  const links = MENU.map(([each, word]) => h("a", { href: write([each]), "aria-current": each === name ? "page" : null }, word));
  const skip = h("a", { class: "skip", href: "#main", onclick: (event) => {
    event.preventDefault();
    main.focus();
  } }, "To the content");
  const role = person.customer ? `${person.role} of ${person.customer}` : person.role || "no role";
  const top = h("header", { class: "top" }, h("div", {},
    h("a", { class: "brand", href: write(["overview"]) }, "MXTRAX"),
    h("nav", { "aria-label": "Pages" }, links),
    h("div", { class: "person small" }, theme(), h("span", {}, person.name, " ", h("span", { class: "muted" }, `(${role})`)),
      h("button", { type: "button", class: "bare", onclick: leaveForGood }, "Sign out"))));
  return [skip, name === "wall" ? null : top, main];
}

async function leaveForGood() {
  leave();
  await signOut();
  show();
}

function theme() {
  const root = document.documentElement;
  const select = h("select", { "aria-label": "Colours", onchange: () => {
    if (select.value) root.dataset.theme = select.value;
    else delete root.dataset.theme;
    try {
      localStorage.setItem("mxtrax.theme", select.value);
    } catch {
      toast("This browser keeps nothing, so the choice holds until you leave.", "warn");
    }
  } }, [["", "As the system"], ["light", "Light"], ["dark", "Dark"]].map(([value, word]) =>
    h("option", { value, selected: (root.dataset.theme ?? "") === value }, word)));
  return select;
}

addEventListener("hashchange", show);
show();
