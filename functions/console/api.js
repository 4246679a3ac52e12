// The JSON API, with the token of whoever is signed in. What goes wrong becomes a sentence (RFC 9457).

import { forget, token } from "./session.js";
import { setClock } from "./times.js";

/** The API said no, or could not be asked. `message` is for people; `field` names what to change. */
export class Problem extends Error {
  constructor(status, detail, more = {}) {
    super(detail);
    this.status = status;
    this.field = more.field ?? null;
    this.more = more;
  }
}

/** Nobody is signed in any more. */
export class SignedOut extends Error {}

const SECONDS = 30;

/** Read a path below the console's own address. */
export const get = (path, query, signal) => call("GET", path, { query, signal });
export const post = (path, body) => call("POST", path, { body });
export const patch = (path, body, version) => call("PATCH", path, { body, version });
export const del = (path, version) => call("DELETE", path, { version });

async function call(method, path, { query = {}, body, version, signal } = {}) {
  const bearer = await token();
  if (!bearer) throw new SignedOut();
  const given = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const headers = { Authorization: `Bearer ${bearer}`, Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (version !== undefined) headers["If-Match"] = `"${version}"`;
  const time = AbortSignal.timeout(SECONDS * 1000);
  let answer;
  try {
    answer = await fetch(`${path}${given.length ? `?${new URLSearchParams(given)}` : ""}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, time]) : time,
      credentials: "omit",
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, error.name === "TimeoutError"
      ? `No answer within ${SECONDS} seconds. It will be tried again.`
      : "The server cannot be reached. Check the network; it will be tried again.");
  }
  if (answer.status === 401) {
    forget();
    throw new SignedOut();
  }
  const read = await answer.json().catch(() => null);
  if (answer.ok) {
    if (read?.now) setClock(read.now);
    return read;
  }
  throw new Problem(answer.status, read?.detail ?? `The server answered with ${answer.status}, and no reason.`, read ?? {});
}
