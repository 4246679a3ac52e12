// The address holds the view, filters included: #/domains?status=down&search=acme. So it can be sent to a colleague.

/** @import { Given } from "../types.js" */

/**
 * Read the address: the parts of its path, and its parameters.
 * @param {string} hash
 */
export function read(hash = location.hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean).map(plain), query: Object.fromEntries(new URLSearchParams(query)) };
}

/** @param {string} part */
function plain(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * Give parameters as text; those that are empty are left out.
 * @param {Given} query
 */
export const wordsOf = (query) =>
  Object.entries(query)
    .filter(([, value]) => value !== "" && value !== null && value !== undefined)
    .map(([name, value]) => [name, String(value)]);

/**
 * Write an address; parameters that are empty are left out.
 * @param {string[]} path
 * @param {Given} query
 */
export function write(path, query = {}) {
  const given = wordsOf(query);
  const parts = path.map((part) => encodeURIComponent(part).replaceAll("%40", "@"));
  return `#/${parts.join("/")}${given.length ? `?${new URLSearchParams(given)}` : ""}`;
}

/**
 * Go to an address; `replace` adds no entry to the history.
 * @param {string} to
 * @param {{replace?: boolean}} it
 */
export function go(to, { replace = false } = {}) {
  if (to === location.hash) return;
  if (replace) {
    history.replaceState(null, "", to);
    dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = to;
  }
}
