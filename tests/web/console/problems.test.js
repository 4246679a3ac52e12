import assert from "node:assert/strict";
import { test } from "node:test";

import { fieldOf, isPassing, messageOf } from "../../../functions/console/values/problems.js";

test("a problem says its own sentence, and which field it is about", () => {
  class Problem extends Error {}
  const problem = Object.assign(new Problem("limit: this should be a number."), { field: "limit" });
  assert.equal(messageOf(problem), "limit: this should be a number.");
  assert.equal(fieldOf(problem), "limit");
  assert.equal(fieldOf(Object.assign(new Error("no"), { field: null })), undefined);
});

test("a fault of the console shows nobody its words, and goes to the log", (t) => {
  const { mock } = t.mock.method(console, "error", () => undefined);
  for (const thrown of [new TypeError("x is undefined"), "a word", undefined]) {
    assert.equal(messageOf(thrown), "Something went wrong on this page. Reload it and try again.");
    assert.equal(fieldOf(thrown), undefined);
    assert.equal(isPassing(thrown), false);
  }
  assert.equal(mock.callCount(), 3);
});

test("only what says so may be tried again", () => {
  assert.equal(isPassing(Object.assign(new Error("in trouble"), { passing: true })), true);
  assert.equal(isPassing(new Error("wrong password")), false);
});
