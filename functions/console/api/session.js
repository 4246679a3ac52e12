// Who is signed in. On the user pool's own pages (managed.js), where the stack has them: then the access token is in
// memory alone, and what renews it is gone with the window. Otherwise by its API, from a form of ours.

import { isPassing, messageOf } from "../values/problems.js";
import { begin, finish, leave, renewed } from "./managed.js";

/** @import { Challenge, Session } from "../types.js" */

const KEPT_THERE = "mxtrax.refresh";
const KEPT = "mxtrax.session";
const MARGIN = 60_000;
const ROLES = ["viewer", "operator", "admin"];

/** Signing in did not work; the message says why, and what to do. */
export class SignInFailed extends Error {}

/** @param {string} name */
const told = (name) => document.querySelector(`meta[name="${name}"]`)?.getAttribute("content") ?? "";

const POOL = { login: told("login"), client: told("client") };

/** Tell whether people sign in on the user pool's own pages. */
export const isManaged = Boolean(POOL.login);

/** Tell whether people may sign in with a passkey. */
export const hasPasskeys = isManaged && Boolean(told("passkeys"));

const [names, known = ""] = told("local-people").split(" ");

/** The users who sign in with one press, and their password; only in the local world. */
export const localPeople = { names: isManaged ? [] : names.split(",").filter(Boolean), password: known };

const OWN = "COGNITO";
const offered = told("identity-providers").split(",").filter(Boolean);

/** The names of the identity providers of companies that people sign in with. */
export const identityProviders = offered.filter((name) => name !== OWN);

/** Tell whether people sign in with a password or a passkey of the user pool, too. */
export const hasOwnSignIn = !offered.length || offered.includes(OWN);

/** @type {Session | null} */
let session = load();

/** @type {Promise<string | null> | null} */
let renewing = null;

addEventListener("storage", (event) => {
  if (event.key !== KEPT || isManaged) return;
  const before = session?.access;
  session = load();
  if (!session || !before) location.reload(); // signed out or in elsewhere
});

/** @returns {Session | null} */
function load() {
  try {
    if (isManaged) return { access: null, refresh: sessionStorage.getItem(KEPT_THERE), until: 0 };
    return JSON.parse(localStorage.getItem(KEPT) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {{ AccessToken: string, RefreshToken?: string, ExpiresIn: number }} result
 * @param {string | null | undefined} [refresh]
 */
function keep(result, refresh = session?.refresh) {
  session = {
    access: result.AccessToken,
    refresh: result.RefreshToken ?? refresh ?? null,
    until: Date.now() + result.ExpiresIn * 1000,
  };
  if (isManaged) sessionStorage.setItem(KEPT_THERE, session.refresh ?? "");
  else localStorage.setItem(KEPT, JSON.stringify(session));
}

/** Forget who is signed in. */
export function forget() {
  session = null;
  localStorage.removeItem(KEPT);
  sessionStorage.removeItem(KEPT_THERE);
}

/**
 * Tell who is signed in, their role and the one customer they may be limited to; null if nobody is. The server decides.
 */
export function who() {
  if (!session?.access) return null;
  try {
    const middle = session.access.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(middle), (c) => c.charCodeAt(0))));
    /** @type {string[]} */
    const groups = claims["cognito:groups"] ?? [];
    const customer = groups.find((group) => group.startsWith("customer:"))?.slice("customer:".length) ?? "";
    const role = ROLES.findLast((each) => groups.includes(each)) ?? "";
    return {
      name: claims.username ?? claims["cognito:username"] ?? "",
      role: customer ? "viewer" : role,
      customer,
    };
  } catch {
    return null;
  }
}

/**
 * Tell whether the user has at least this role.
 * @param {string} role
 */
export const may = (role) => ROLES.indexOf(who()?.role ?? "none") >= ROLES.indexOf(role);

/**
 * Give an access token that is still valid for a while; null if the user has to sign in first.
 * @param {string | null} [refused] what the API has just refused: it is void, however long it might have lasted
 */
export async function token(refused = null) {
  if (!session) return null;
  if (Date.now() < session.until - MARGIN && session.access !== refused) return session.access;
  if (!session.refresh) return null;
  renewing ??= renew(session.refresh).finally(() => {
    renewing = null;
  });
  return renewing;
}

/** @param {string} refresh */
async function renew(refresh) {
  try {
    if (isManaged) {
      keep(await renewed(POOL, refresh));
      return session?.access ?? null;
    }
    const answer = await ask("InitiateAuth", {
      AuthFlow: "REFRESH_TOKEN_AUTH",
      ClientId: told("client"),
      AuthParameters: { REFRESH_TOKEN: refresh },
    });
    keep(answer.AuthenticationResult);
    return session?.access ?? null;
  } catch (error) {
    if (isPassing(error)) throw error instanceof SignInFailed ? error : passing(messageOf(error));
    forget();
    return null;
  }
}

/**
 * Restore the session, after a return from the user pool's pages or a reload. Gives why that failed; "" if it did not.
 */
export async function restore() {
  if (!isManaged) return "";
  try {
    const given = await finish(POOL);
    if (given) keep(given, null);
    else if (session?.refresh) await token();
    return "";
  } catch (error) {
    forget();
    return messageOf(error);
  }
}

/** Leave for the user pool's pages, to have a new password: the console has no token that could change one. */
export const newPassword = () => begin(POOL, "forgotPassword");

/** Leave for the user pool's pages, to add a passkey. */
export const newPasskey = () => begin(POOL, "passkeys/add");

/**
 * Leave for the user pool's pages, or through them for those of a company's identity provider.
 * @param {string} [provider]
 */
export const signInThere = (provider) => begin(POOL, "oauth2/authorize", provider);

/**
 * Sign in. Gives null once done, or the challenge that is to be answered.
 * @param {string} name
 * @param {string} password
 */
export async function signIn(name, password) {
  const answer = await ask("InitiateAuth", {
    AuthFlow: "USER_PASSWORD_AUTH",
    ClientId: told("client"),
    AuthParameters: { USERNAME: name, PASSWORD: password },
  });
  return settle(answer, name);
}

/**
 * What the user pool may ask for beyond name and password, and under which name it takes the answer.
 * @type {Record<string, string>}
 */
const CHALLENGES = { NEW_PASSWORD_REQUIRED: "NEW_PASSWORD", SOFTWARE_TOKEN_MFA: "SOFTWARE_TOKEN_MFA_CODE" };

/**
 * Answer a challenge. Gives null once done, or the next challenge.
 * @param {Challenge} challenge
 * @param {string} value
 */
export async function respond(challenge, value) {
  const answer = await ask("RespondToAuthChallenge", {
    ChallengeName: challenge.name,
    ClientId: told("client"),
    Session: challenge.session,
    ChallengeResponses: { USERNAME: challenge.user, [CHALLENGES[challenge.name]]: value },
  });
  return settle(answer, challenge.user);
}

/**
 * @param {any} answer
 * @param {string} name
 * @returns {Challenge | null}
 */
function settle(answer, name) {
  if (answer.AuthenticationResult) {
    keep(answer.AuthenticationResult, null);
    return null;
  }
  if (!CHALLENGES[answer.ChallengeName]) {
    throw new SignInFailed(
      `This account requires ${answer.ChallengeName}, which the console does not support; ask an admin.`,
    );
  }
  return {
    name: answer.ChallengeName,
    session: answer.Session,
    user: answer.ChallengeParameters?.USER_ID_FOR_SRP ?? name,
  };
}

/** Sign out here, and make the token that would renew the session void. */
export async function signOut() {
  const refresh = session?.refresh;
  forget();
  if (isManaged) {
    await leave(POOL, refresh ?? null);
    return;
  }
  if (!refresh) return;
  try {
    await ask("RevokeToken", { ClientId: told("client"), Token: refresh });
  } catch {
    // The console has forgotten it; it expires by itself.
  }
}

/** @type {Record<string, string>} */
const SENTENCES = {
  CodeMismatchException: "This is not the current code; wait for the next one.",
  ExpiredCodeException: "The code has expired; wait for the next one.",
  NotAuthorizedException: "Wrong user name or password.",
  UserNotFoundException: "Wrong user name or password.",
  PasswordResetRequiredException: "An admin has asked for a new password; ask them for a temporary one.",
  UserNotConfirmedException: "This account is not confirmed yet; ask an admin.",
  TooManyRequestsException: "That was too many attempts; wait a minute and try again.",
  LimitExceededException: "That was too many attempts; wait a minute and try again.",
};

/**
 * @param {string} action
 * @param {object} body
 */
async function ask(action, body) {
  let answer;
  try {
    answer = await fetch(told("sign-in"), {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": `AWSCognitoIdentityProviderService.${action}`,
      },
      body: JSON.stringify(body),
      credentials: "omit",
      signal: AbortSignal.timeout(20_000),
    });
  } catch {
    throw passing("The sign-in service cannot be reached. Check the network and try again.");
  }
  const read = await answer.json().catch(() => ({}));
  if (answer.ok) return read;
  if (answer.status >= 500) throw passing("The sign-in service is in trouble. Try again in a minute.");
  const kind = String(read.__type ?? "")
    .split("#")
    .at(-1);
  if (kind === "InvalidPasswordException" || kind === "InvalidParameterException") {
    throw new SignInFailed(read.message ?? "This password is not accepted.");
  }
  if (kind === "NotAuthorizedException" && /expired/i.test(read.message ?? "")) {
    throw new SignInFailed(
      "This took too long, or the temporary password has expired. Sign in again, or ask an admin for a new one.",
    );
  }
  throw new SignInFailed(SENTENCES[kind ?? ""] ?? read.message ?? "Signing in did not work.");
}

/** @param {string} sentence */
function passing(sentence) {
  return Object.assign(new SignInFailed(sentence), { passing: true });
}
