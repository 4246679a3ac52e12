// Signing in, and the new password that a first sign-in asks for.

import {
  hasOwnSignIn,
  identityProviders,
  isManaged,
  localPeople,
  newPassword,
  respond,
  signIn,
  signInThere,
} from "../api/session.js";
import { h, put } from "../shared/dom.js";
import { mark } from "../shared/icons.js";
import { messageOf } from "../values/problems.js";

/** @import { Challenge, Child } from "../types.js" */

/**
 * Give the page; `done` is called once somebody is signed in. `why` says why the last time did not work.
 * @param {() => void} done
 * @param {string} [why]
 */
export function signInPage(done, why = "") {
  const place = h("main", { class: "sign-in" });
  put(place, isManaged ? there(why) : first(place, done));
  return place;
}

/**
 * A button for each way in: the rest is on the pages of the user pool, or of a company's identity provider.
 * @param {string} why
 */
function there(why) {
  /**
   * @param {string} kind
   * @param {string} word
   * @param {() => void} leave
   */
  const way = (kind, word, leave) =>
    h(
      "button",
      {
        class: kind,
        type: "button",
        onclick: (event) => {
          event.currentTarget.disabled = true;
          leave();
        },
      },
      word,
    );
  return h(
    "section",
    { class: "sheet" },
    h("span", { class: "brand" }, mark(), "MXTRAX"),
    h("h1", {}, "Sign in"),
    why
      ? h("p", { class: "wrong", role: "alert" }, why)
      : h("p", { class: "muted" }, "You sign in on the next page, and come back to this one."),
    hasOwnSignIn ? way("main", "Sign in", () => signInThere()) : null,
    identityProviders.map((name) =>
      way(hasOwnSignIn ? "plain" : "main", `Sign in with ${name}`, () => signInThere(name)),
    ),
    hasOwnSignIn ? way("link small", "Forgotten your password?", () => newPassword()) : null,
  );
}

/**
 * @param {HTMLElement} place
 * @param {() => void} done
 */
function first(place, done) {
  const name = h("input", {
    name: "name",
    autocomplete: "username",
    autocapitalize: "none",
    spellcheck: "false",
    required: true,
  });
  const password = h("input", { name: "password", type: "password", autocomplete: "current-password", required: true });
  const it = form("Sign in", [labelled("Name", name), labelled("Password", password)], "Sign in", async () => {
    next(place, await signIn(name.value.trim(), password.value), done);
  });
  if (localPeople.names.length) it.append(atOnce(it, name, password));
  return it;
}

/**
 * In the local world, a button for each user: it fills in the form and submits it.
 * @param {HTMLFormElement} it
 * @param {HTMLInputElement} name
 * @param {HTMLInputElement} password
 */
const atOnce = (it, name, password) =>
  h(
    "div",
    { class: "row" },
    h("span", { class: "small muted" }, "On this machine, as"),
    localPeople.names.map((each) =>
      h(
        "button",
        {
          type: "button",
          onclick: () => {
            name.value = each;
            password.value = localPeople.password;
            it.requestSubmit();
          },
        },
        each,
      ),
    ),
  );

/**
 * @param {HTMLElement} place
 * @param {Challenge | null} challenge
 * @param {() => void} done
 */
function next(place, challenge, done) {
  if (!challenge) {
    done();
    return;
  }
  put(place, challenge.name === "NEW_PASSWORD_REQUIRED" ? fresh(place, challenge, done) : code(place, challenge, done));
  place.querySelector("input")?.focus();
}

/**
 * @param {HTMLElement} place
 * @param {Challenge} challenge
 * @param {() => void} done
 */
function fresh(place, challenge, done) {
  const once = h("input", { name: "new", type: "password", autocomplete: "new-password", required: true });
  const twice = h("input", { name: "again", type: "password", autocomplete: "new-password", required: true });
  const note = h(
    "p",
    { class: "muted" },
    "This is your first time here, or your password was reset. Choose one of your own.",
  );
  return form(
    "New password",
    [note, labelled("New password", once), labelled("Once more", twice)],
    "Set password",
    async () => {
      if (once.value !== twice.value) throw new Error("The two passwords are not the same.");
      next(place, await respond(challenge, once.value), done);
    },
  );
}

/**
 * @param {HTMLElement} place
 * @param {Challenge} challenge
 * @param {() => void} done
 */
function code(place, challenge, done) {
  const digits = h("input", {
    name: "code",
    inputmode: "numeric",
    autocomplete: "one-time-code",
    maxlength: 8,
    required: true,
  });
  return form("Code", [labelled("The six digits that your authenticator app shows", digits)], "Sign in", async () => {
    next(place, await respond(challenge, digits.value.replaceAll(/\s/g, "")), done);
  });
}

/**
 * @param {string} title
 * @param {Child} fields
 * @param {string} word
 * @param {() => Promise<void>} submit
 */
function form(title, fields, word, submit) {
  const wrong = h("p", { class: "wrong", role: "alert" });
  const button = h("button", { class: "main", type: "submit" }, word);
  const it = h(
    "form",
    { class: "sheet", novalidate: true },
    h("span", { class: "brand" }, mark(), "MXTRAX"),
    h("h1", {}, title),
    fields,
    wrong,
    button,
  );
  it.addEventListener("submit", async (event) => {
    event.preventDefault();
    const empty = [...it.querySelectorAll("input")].find((input) => !input.value);
    wrong.textContent = empty ? "Fill in everything." : "";
    if (empty) {
      empty.focus();
      return;
    }
    button.disabled = true;
    try {
      await submit();
    } catch (error) {
      wrong.textContent = messageOf(error);
    } finally {
      button.disabled = false;
    }
  });
  return it;
}

/**
 * @param {string} word
 * @param {HTMLInputElement} input
 */
const labelled = (word, input) => h("label", { class: "field" }, word, input);
