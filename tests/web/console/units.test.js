import assert from "node:assert/strict";
import { test } from "node:test";

import { duration, number, plain, written } from "../../../functions/console/values/units.js";

test("a duration is read as people write it, with or without units; what is none is none", () => {
  assert.deepEqual(
    ["5", "300 s", "5 min", "2h30m", "1,5 hours", "90 s", "2 Days", "0"].map((text) => duration(text, "min")),
    [5, 5, 5, 150, 90, 1.5, 2_880, 0],
  );
  for (const text of ["soon", "5 minuets", "-5 min", "", "1e9"]) assert.equal(duration(text, "s"), null, text);
});

test("a duration that is written is read as the same, to the last second", () => {
  for (const unit of /** @type {const} */ (["s", "min", "h", "d"])) {
    for (const value of [0, 1, 59, 60, 61, 300, 3_599, 3_661, 86_399, 86_400, 90_061, 2_592_000]) {
      assert.equal(duration(written(value, unit), unit), value);
    }
  }
});

test("a duration is said in its own unit only where it is written in another", () => {
  assert.equal(plain(300, "s"), `${(300).toLocaleString()} seconds`);
  assert.equal(plain(60, "s"), "60 seconds");
  assert.equal(plain(45, "s"), "");
});

test("a number is read with a point or a comma, with or without %", () => {
  assert.deepEqual(["5", "2,5", "10 %", "-1", "five", ""].map(number), [5, 2.5, 10, -1, null, null]);
});
