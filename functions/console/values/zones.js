// Converts between moments and local times in a time zone.

/** The reader's own time zone. */
export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";

/**
 * Say which time zone a sentence of the monitor's uses, if it is not the reader's.
 * @param {string} sentence
 * @param {string | null | undefined} zone
 */
export function clockNote(sentence, zone) {
  if (!/\d\d:\d\d/.test(sentence) || zone === ownZone()) return "";
  return (
    `Times in this sentence are ${zone ? `in ${zone}` : "those of the monitor"}; all others on this page are in your ` +
    `time zone (${ownZone()}).`
  );
}

/** The names of all zones that the browser knows. */
export const zones = () => ["UTC", ...Intl.supportedValuesOf("timeZone").filter((name) => name !== "UTC")];

/** @type {Map<string, Intl.DateTimeFormat>} */
const clocks = new Map();

/** @param {string} zone */
function clockOf(zone) {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  clocks.set(zone, clock);
  return clock;
}

/**
 * The local time in a zone at a moment, like 2026-11-22T22:00.
 * @param {number} moment
 * @param {string} zone
 */
export function wallAt(moment, zone) {
  /** @type {Record<string, string>} */
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year.padStart(4, "0")}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/**
 * The moment at which that clock shows a time; null where time or zone is none. An hour that is left out in spring is
 * the one after it.
 * @param {string} wall
 * @param {string} zone
 */
export function momentOf(wall, zone) {
  const bare = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(wall) ? Date.parse(`${wall.slice(0, 16)}:00Z`) : NaN;
  if (Number.isNaN(bare)) return null;
  try {
    let at = bare;
    for (let turn = 0; turn < 2; turn += 1) at = bare - (Date.parse(`${wallAt(at, zone)}:00Z`) - at);
    return at;
  } catch {
    return null;
  }
}

/**
 * A local time, some days later.
 * @param {string} wall
 * @param {number} days
 */
export const wallLater = (wall, days) =>
  new Date(Date.parse(`${wall.slice(0, 16)}:00Z`) + days * 86_400_000).toISOString().slice(0, 16);

/**
 * Where a window is now, or comes next: its start and end as moments; null once it is over. A weekly one keeps to the
 * wall's clock.
 * @param {{ start: string, end: string, zone: string, weekly: boolean }} it
 * @param {number} now
 */
export function nextOf({ start, end, zone, weekly }, now) {
  const [first, last] = [momentOf(start, zone), momentOf(end, zone)];
  if (first === null || last === null) return null;
  if (last > now) return { start: first, end: last };
  if (!weekly) return null;
  const passed = Math.max(0, Math.floor((now - last) / (7 * 86_400_000)) - 1);
  for (let week = passed; week < passed + 4; week += 1) {
    const [from, to] = [start, end].map((wall) => momentOf(wallLater(wall, 7 * week), zone));
    if (from !== null && to !== null && to > now) return { start: from, end: to };
  }
  return null;
}
