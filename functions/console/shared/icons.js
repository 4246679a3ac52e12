// Our own icons: lines on a grid of 24, in the colour of the surrounding text. A word beside or on them says the same.

import { s } from "./dom.js";

/** @type {Record<string, string>} */
const LINES = {
  now: "M3 12h4l2.5-7 5 14 2.5-7h4",
  customers: "M4 20.5V9.5l8-6 8 6v11M3 20.5h18M9.5 20.5v-6h5v6",
  domains: "M3.5 5.5h17v13h-17zM4 6.5l8 6.5 8-6.5",
  incidents: "M12 3.5l9 16.5H3zM12 10v4.5M12 17.2v.2",
  maintenance: "M20 14.2A8.3 8.3 0 0 1 9.8 4 8.3 8.3 0 1 0 20 14.2z",
  "set-up": "M4 6.5l1.6 1.6L8.5 5M4 12.5l1.6 1.6L8.5 11M4 18.5l1.6 1.6L8.5 17M12 6.5h8.5M12 12.5h8.5M12 18.5h8.5",
  unmatched: "M3.5 13.5l3-8.5h11l3 8.5V19h-17zM3.5 13.5h5l1.5 2.5h4l1.5-2.5h5",
  wall: "M3 4.5h18v12H3zM8.5 20.5h7M12 16.5v4",
  config: "M3.5 7.5h9M17.5 7.5h3M3.5 16.5h3M11.5 16.5h9M15 5v5M9 14v5",
  channels: "M6 16.5V10a6 6 0 0 1 12 0v6.5l2 1.5H4zM10 21h4",
  users: "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.5-4 3.6-6 7.5-6s7 2 7.5 6",
  audit: "M12 7.5V12l3 2M4 9.5A8.5 8.5 0 1 1 3.6 13.5M4 4.5v5h5",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5l5 5",
  more: "M4.5 7h15M4.5 12h15M4.5 17h15",
  out: "M13 4H5v16h8M10 12h11M17.5 8.5L21 12l-3.5 3.5",
  keys: "M2.5 6.5h19v11h-19zM6.5 10.5h.01M10.2 10.5h.01M13.9 10.5h.01M17.5 10.5h.01M8 14h8",
  password: "M6.5 11h11v9h-11zM9 11V8a3 3 0 0 1 6 0v3M12 14.5v2",
  passkey: "M8 15.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM12.5 11H21v4M17 11v3",
  add: "M12 5v14M5 12h14",
  month: "M4 6h16v14H4zM4 10.5h16M8.5 3.5V7M15.5 3.5V7",
  check: "M4.5 12.5l5 5 10-11",
  copy: "M9 9h11v11H9zM5.5 15H4V4h11v1.5",
  theme: "M12 3.5a8.5 8.5 0 1 0 0 17zM12 3.5a8.5 8.5 0 0 1 0 17",
  link: "M9 15l6-6M10.5 6.5l2-2a5 5 0 0 1 7 7l-2 2M13.5 17.5l-2 2a5 5 0 0 1-7-7l2-2",
};

/**
 * Draw an icon.
 * @param {string} name
 */
export const icon = (name) =>
  s("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, s("path", { d: LINES[name] }));

/** Draw the logo: an arrow that goes out and comes back. */
export const mark = () =>
  s(
    "svg",
    { class: "mark", viewBox: "0 0 32 32", "aria-hidden": "true" },
    s("rect", { width: 32, height: 32, rx: 8, fill: "currentColor" }),
    s("path", { d: "M8 10h11.5a5.5 5.5 0 0 1 0 11H9M13 16.5L8.5 21l4.5 4.5" }),
  );
