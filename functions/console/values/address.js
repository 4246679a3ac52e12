// What is looked at stands in the address: #/domains?status=down&search=acme. So a view can be sent to a colleague.

/** Read the address: the parts of its path, and its parameters. */
export function read(hash = location.hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean).map(plain), query: Object.fromEntries(new URLSearchParams(query)) };
}

function plain(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Write an address; parameters that are empty are left out. */
export function write(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const parts = path.map((part) => encodeURIComponent(part).replaceAll("%40", "@"));
  return `#/${parts.join("/")}${given.length ? `?${new URLSearchParams(given)}` : ""}`;
}

/** Go to an address; `replace` leaves no trace in the history. */
export function go(to, { replace = false } = {}) {
  if (to === location.hash) return;
  if (replace) {
    history.replaceState(null, "", to);
    dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = to;
  }
}
