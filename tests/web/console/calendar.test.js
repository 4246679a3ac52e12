import assert from "node:assert/strict";
import { test } from "node:test";

import { daysOf } from "../../../functions/console/shared/calendar.js";

test("the days of a month are whole weeks from Monday on, also where summer time begins or ends", () => {
  for (const month of ["2026-02", "2026-03", "2026-10", "2027-02", "2026-11"]) {
    const days = daysOf(month);
    assert.equal(days.length % 7, 0);
    days.forEach((day, place) => {
      assert.deepEqual([day.getDay(), day.getHours()], [(place + 1) % 7, 0]);
    });
  }
});
