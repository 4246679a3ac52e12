import assert from "node:assert/strict";
import { test } from "node:test";

import { read, write } from "../../../functions/console/values/address.js";
import { everyDay } from "../../../functions/console/values/days.js";
import { besides, headline } from "../../../functions/console/values/headline.js";
import { isNone, limitText, readLimit, twinNeeded, twinOf } from "../../../functions/console/values/pairs.js";
import { SETTINGS } from "../../../functions/console/values/settings.js";
import { span } from "../../../functions/console/values/times.js";
import { many, percent, sentence } from "../../../functions/console/values/words.js";

const NONE = { customers: 0, domains: 0 };
const COUNTS = { total: 5, down: 0, slow: 0, suspect: 0, setup: 1, ok: 4, paused: 0 };
const WELL = { counts: COUNTS, down: NONE, slow: NONE, held: NONE, quiet: NONE };

test("the headline counts what is gravest, of customers where there are some", () => {
  assert.deepEqual(headline(WELL), { kind: "good", number: 4, words: "mailboxes are tested, and none fails" });
  const down = { ...WELL, down: { customers: 1, domains: 3 }, slow: { customers: 1, domains: 1 } };
  assert.deepEqual(headline(down), { kind: "bad", number: 1, words: "customer cannot receive mail" });
  assert.deepEqual(headline(down, true), { kind: "bad", number: 3, words: "domains cannot receive mail" });
  assert.deepEqual(besides(down), ["1 domain is slow", "1 in set-up"]);
  assert.equal(headline({ ...WELL, held: { customers: 2, domains: 2 } }).kind, "warn");
  const quiet = { ...WELL, counts: { ...COUNTS, ok: 3, down: 1 }, quiet: { customers: 1, domains: 1 } };
  assert.deepEqual(headline(quiet), { kind: "calm", number: null, words: "Nothing needs attention" });
  assert.deepEqual(besides(quiet), ["1 failing, but quiet", "1 in set-up"]);
  assert.equal(headline({ ...WELL, counts: { ...COUNTS, total: 1 } }).words, "No domain is in service yet");
  assert.equal(headline({ ...WELL, counts: { ...COUNTS, total: 0, setup: 0 } }).words, "No domains yet");
});

test("an address that is written is read as the same, and empty parameters are left out", () => {
  const address = write(["domains", "ops@a/b.example"], { status: "down", search: "", customer: "a & b" });
  assert.equal(address, "#/domains/ops@a%2Fb.example?status=down&customer=a+%26+b");
  assert.deepEqual(read(address), {
    path: ["domains", "ops@a/b.example"],
    query: { status: "down", customer: "a & b" },
  });
  assert.deepEqual(read("#/%E0%A4%A/x").path, ["%E0%A4%A", "x"]);
});

test("each day of a stretch is there, those without figures as null", () => {
  const days = everyDay([{ day: "2026-03-01", total_num: 7 }], "2026-02-28", "2026-03-02");
  assert.deepEqual(
    days.map(({ key, figures }) => [key, figures?.total_num ?? null]),
    [
      ["2026-02-28", null],
      ["2026-03-01", 7],
      ["2026-03-02", null],
    ],
  );
});

test("a limit of a pair has an effect only once the other one is none", () => {
  assert.equal(twinOf("maxlatenumber"), "maxlatepercentage");
  assert.equal(twinOf("interval_minutes"), null);
  assert.equal(twinNeeded("maxfailnumber", 3, 0), 100);
  assert.equal(twinNeeded("maxfailnumber", 0, 0), null);
  assert.equal(twinNeeded("maxfailnumber", 3, 5), null);
  assert.equal(isNone("maxfailpercentage", 100), true);
  assert.equal(limitText(SETTINGS.maxfailnumber, 1_000_000), "none");
  assert.equal(limitText(SETTINGS.maxfailpercentage, 5), "5 %");
  assert.equal(readLimit(SETTINGS.maxfailnumber, " None "), 1_000_000);
  assert.equal(readLimit(SETTINGS.maxfailnumber, "three"), null);
});

test("a share is never rounded up to all nor down to nothing", () => {
  assert.deepEqual([100, 99.9999, 99.95, 0.01, 0, null].map(percent), [
    "100 %",
    "99.999 %",
    "99.95 %",
    "under 0.1 %",
    "0 %",
    null,
  ]);
});

test("durations, counts and sentences are said as people say them", () => {
  assert.deepEqual(
    [0.42, 42, 303, 7_500, 273_600, null].map((seconds) => span(seconds)),
    ["0.4 s", "42 s", "5 min 3 s", "2 h 5 min", "3 d 4 h", "–"],
  );
  assert.deepEqual([many(1, "test"), many(2, "test"), many(2, "reply", "replies")], ["1 test", "2 tests", "2 replies"]);
  assert.equal(sentence("no reply"), "No reply");
});
