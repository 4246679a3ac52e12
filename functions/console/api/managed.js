// Signing in on the user pool's own pages: OAuth 2.0 with a code (RFC 6749) and PKCE (RFC 7636). There are passkeys,
// second factors, a forgotten password, and whatever a company signs in with. This page sees a code and tokens, never a
// password.

/** @import { Pool } from "../types.js" */

const KEPT = "mxtrax.signing-in";
const SECONDS = 20;
const SCOPE = "openid email";
const ADDED = "passkeys/add"; // whoever comes back from there is signed in already, and brings nothing

/** Signing in there did not work; the message says why, and what to do. */
class NotSignedIn extends Error {}

const here = () => `${location.origin}${location.pathname}`;

/** @param {Uint8Array} bytes */
const text64 = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const made = () => text64(crypto.getRandomValues(new Uint8Array(32)));

/**
 * Go to the user pool's pages and return to this page afterwards: to sign in, to add a passkey, or to set a new
 * password with a code that is mailed to the user's address.
 * @param {Pool} it
 * @param {"oauth2/authorize" | "forgotPassword" | "passkeys/add"} [page]
 * @param {string} [provider] the identity provider of a company, whose pages come next
 */
export async function begin({ login, client }, page = "oauth2/authorize", provider = "") {
  const verifier = made();
  const state = made();
  sessionStorage.setItem(KEPT, JSON.stringify({ verifier, state, page, hash: location.hash }));
  const challenge = text64(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
  location.assign(
    `${login}/${page}?${new URLSearchParams({
      response_type: "code",
      client_id: client,
      redirect_uri: here(),
      scope: SCOPE,
      state,
      code_challenge: challenge,
      code_challenge_method: "S256",
      ...(provider ? { identity_provider: provider } : {}),
    })}`,
  );
}

/**
 * Take the code from the address after a return from there, and restore the address; null if this is no return.
 * @param {Pool} pool
 */
export async function finish(pool) {
  const given = new URLSearchParams(location.search);
  const begun = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  sessionStorage.removeItem(KEPT);
  const answered = given.has("code") || given.has("error");
  if (answered || (begun?.page === ADDED && !location.hash))
    history.replaceState(null, "", `${location.pathname}${begun?.hash ?? ""}`);
  if (!answered) return null;
  if (!begun || given.get("state") !== begun.state)
    throw new NotSignedIn("This sign-in was not started in this window. Sign in again.");
  if (given.has("error"))
    throw new NotSignedIn(
      given.get("error") === "access_denied"
        ? "Access was denied. Sign in again, or ask an admin."
        : `Signing in did not work: ${given.get("error_description") ?? given.get("error")}`,
    );
  return tokens(pool, {
    grant_type: "authorization_code",
    code: given.get("code") ?? "",
    redirect_uri: here(),
    code_verifier: begun.verifier,
  });
}

/**
 * Give fresh tokens for a refresh token, which is then used up.
 * @param {Pool} pool
 * @param {string} refresh
 */
export const renewed = (pool, refresh) => tokens(pool, { grant_type: "refresh_token", refresh_token: refresh });

/**
 * Revoke the refresh token and sign out of the user pool's pages as well, so that the next user has to sign in.
 * @param {Pool} it
 * @param {string | null} refresh
 */
export async function leave({ login, client }, refresh) {
  // If this fails, the token expires by itself.
  if (refresh) await ask(`${login}/oauth2/revoke`, { token: refresh, client_id: client }).catch(() => null);
  location.assign(`${login}/logout?${new URLSearchParams({ client_id: client, logout_uri: here() })}`);
}

/**
 * @param {Pool} it
 * @param {Record<string, string>} asked
 */
async function tokens({ login, client }, asked) {
  const answer = await ask(`${login}/oauth2/token`, { ...asked, client_id: client });
  const read = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const passing = answer.status >= 500 || answer.status === 429;
    throw Object.assign(
      new NotSignedIn(
        passing
          ? "The sign-in service is in trouble. Try again in a minute."
          : "This sign-in has expired. Sign in again.",
      ),
      { passing },
    );
  }
  return { AccessToken: read.access_token, RefreshToken: read.refresh_token, ExpiresIn: read.expires_in };
}

/**
 * @param {string} url
 * @param {Record<string, string>} form
 */
async function ask(url, form) {
  try {
    return await fetch(url, {
      method: "POST",
      body: new URLSearchParams(form),
      credentials: "omit",
      signal: AbortSignal.timeout(SECONDS * 1_000),
    });
  } catch {
    throw Object.assign(new NotSignedIn("The sign-in service cannot be reached. Check the network and try again."), {
      passing: true,
    });
  }
}
