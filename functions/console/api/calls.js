// Calls the JSON API with the user's token. Whatever goes wrong becomes a sentence (RFC 9457).

import { wordsOf } from "../values/address.js";
import { setClock } from "../values/times.js";
import { forget, token } from "./session.js";

/** @import { Answer, Given, Query } from "../types.js" */

/** The API refused, or could not be reached. `message` is for people; `field` names what to change. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   * @param {any} more
   */
  constructor(status, detail, more = {}) {
    super(detail);
    this.status = status;
    /** @type {string | null} */
    this.field = more.field ?? null;
    this.more = more;
  }
}

/** Nobody is signed in any more. */
export class SignedOut extends Error {
  constructor() {
    super("You are signed out. Sign in again, then do this once more.");
  }
}

const SECONDS = 30;

/**
 * Read a path below the console's own address.
 * @template {string} P
 * @param {P} path
 * @param {Given} [query]
 * @param {AbortSignal} [signal]
 * @returns {Promise<Answer<P>>}
 */
export const get = (path, query, signal) => call("GET", path, { query, signal });

/**
 * @param {string} path
 * @param {object} [body]
 */
export const post = (path, body = {}) => call("POST", path, { body });

/**
 * Change a record, in the version that was read.
 * @param {string} path
 * @param {object} body
 * @param {number} [version]
 */
export const patch = (path, body, version) => call("PATCH", path, { body, version });

/**
 * @param {string} path
 * @param {object} body
 * @param {number} [version]
 */
export const put = (path, body, version) => call("PUT", path, { body, version });

/**
 * @param {string} path
 * @param {number} [version]
 */
export const remove = (path, version) => call("DELETE", path, { version });

/**
 * Give where the next page of a list begins, as `after` takes it; null on the last page.
 * @param {{ next: string | null }} list
 */
export const afterOf = ({ next }) => next && new URLSearchParams(next.split("?")[1]).get("after");

/**
 * Send a file as it is.
 * @param {string} path
 * @param {Blob} file
 * @param {Given} [query]
 */
export const send = (path, file, query) => call("POST", path, { query, file, media: "text/csv", seconds: 120 });

/**
 * Read a file that the API gives out.
 * @param {string} path
 */
export async function file(path) {
  const answer = await asked("GET", path, {});
  return {
    blob: await answer.blob(),
    next: /<([^>]+)>; rel="next"/.exec(answer.headers.get("Link") ?? "")?.[1] ?? null,
  };
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Request} given
 * @returns {Promise<any>}
 */
async function call(method, path, given) {
  const answer = await asked(method, path, given);
  const date = answer.headers.get("Date");
  if (date) setClock(date);
  return answer.json().catch(() => null);
}

/**
 * The options of a request.
 * @typedef {object} Request
 * @property {Given} [query]
 * @property {object} [body]
 * @property {Blob} [file]
 * @property {string} [media]
 * @property {number} [version]
 * @property {AbortSignal} [signal]
 * @property {number} [seconds]
 */

/**
 * @param {string} method
 * @param {string} path
 * @param {Request} given
 */
async function asked(
  method,
  path,
  { query = {}, body, file, media = "application/json", version, signal, seconds = SECONDS },
) {
  const given = wordsOf(query);
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (body !== undefined || file) headers["Content-Type"] = media;
  if (version !== undefined) headers["If-Match"] = `"${version}"`;
  const time = AbortSignal.timeout(seconds * 1000);
  /** @param {string | null} bearer */
  const sent = async (bearer) => {
    if (!bearer) throw new SignedOut();
    try {
      return await fetch(`${path}${given.length ? `?${new URLSearchParams(given)}` : ""}`, {
        method,
        headers: { ...headers, Authorization: `Bearer ${bearer}` },
        body: file ?? (body === undefined ? undefined : JSON.stringify(body)),
        signal: signal ? AbortSignal.any([signal, time]) : time,
        credentials: "omit",
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Problem(
        0,
        error instanceof Error && error.name === "TimeoutError"
          ? `No answer within ${seconds} seconds.`
          : "The server cannot be reached. Check the network.",
      );
    }
  };
  const bearer = await token();
  let answer = await sent(bearer);
  // A role that has just been changed makes a token void: whoever may still sign in has another at once.
  if (answer.status === 401) answer = await sent(await token(bearer));
  if (answer.status === 401) {
    forget();
    throw new SignedOut();
  }
  if (answer.ok) return answer;
  const read = await answer.json().catch(() => null);
  throw new Problem(
    answer.status,
    read?.detail ?? `The server answered ${answer.status} without a reason.`,
    read ?? {},
  );
}
