import assert from "node:assert/strict";
import { test } from "node:test";

import { clockNote, momentOf, nextOf, ownZone, wallAt, wallLater } from "../../../functions/console/values/zones.js";

/** @param {number | null} at */
const iso = (at) => (at === null ? null : new Date(at).toISOString());

/** @type {[string, string, string | null][]} */
const CLOCKS = [
  ["2026-11-22T22:00", "Europe/Berlin", "2026-11-22T21:00:00.000Z"],
  ["2026-07-01T12:00", "America/New_York", "2026-07-01T16:00:00.000Z"],
  ["2026-03-29T03:30", "Europe/Berlin", "2026-03-29T01:30:00.000Z"], // just after the hour that is left out
  ["2026-10-25T01:30", "Europe/Berlin", "2026-10-24T23:30:00.000Z"], // just before the hour that comes twice
  ["2026-01-01T00:00", "Asia/Kathmandu", "2025-12-31T18:15:00.000Z"],
  ["2026-01-01T00:00", "Nowhere/Land", null],
  ["soon", "UTC", null],
];

for (const [wall, zone, moment] of CLOCKS) {
  test(`${wall} by the clock of ${zone} is ${moment}`, () => {
    const at = momentOf(wall, zone);
    assert.equal(iso(at), moment);
    if (at !== null) assert.equal(wallAt(at, zone), wall);
  });
}

test("a weekly window keeps to its clock, also once summer time has ended", () => {
  const window = { start: "2026-06-05T20:00", end: "2026-06-06T02:00", zone: "Europe/Berlin", weekly: true };
  /** @param {string} now */
  const start = (now) => iso(nextOf(window, Date.parse(now))?.start ?? null);
  assert.equal(start("2026-06-01T00:00:00Z"), "2026-06-05T18:00:00.000Z");
  assert.equal(start("2026-10-20T00:00:00Z"), "2026-10-23T18:00:00.000Z");
  assert.equal(start("2026-10-24T12:00:00Z"), "2026-10-30T19:00:00.000Z");
  assert.equal(nextOf({ ...window, weekly: false }, Date.parse("2026-06-07T00:00:00Z")), null);
  assert.equal(nextOf({ ...window, zone: "Nowhere/Land" }, 0), null);
});

test("a time on the wall some days later is the same time", () => {
  assert.equal(wallLater("2026-02-27T23:30", 2), "2026-03-01T23:30");
});

test("a sentence with times says by which clock, unless it is the reader's own", () => {
  assert.equal(clockNote("Down since 10:02.", ownZone()), "");
  assert.equal(clockNote("Down since yesterday.", "Asia/Kathmandu"), "");
  assert.match(clockNote("Down since 10:02.", "Asia/Kathmandu"), /^Times in this sentence are in Asia\/Kathmandu/);
});
