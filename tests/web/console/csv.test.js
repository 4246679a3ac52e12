import assert from "node:assert/strict";
import { test } from "node:test";

import { bytesOf, partsOf } from "../../../functions/console/values/csv.js";

/** @param {{ blob: Blob }[]} parts */
const texts = (parts) => Promise.all(parts.map(({ blob }) => blob.text()));

test("a file is cut between its rows, whatever its line ends and quotes are", async () => {
  const text = 'head,er\r\n"a\r\nb",1\n"say ""hi""\n",2\r5" disk,3\n\n"last",4';
  const parts = partsOf(new TextEncoder().encode(text), 2, new Set([5]));
  assert.deepEqual(await texts(parts), ['head,er\r\n"a\r\nb",1\n5" disk,3\n', 'head,er\r\n"last",4']);
  assert.deepEqual(
    parts.map(({ rows }) => rows),
    [2, 1],
  );
});

test("UTF-16 becomes UTF-8, and anything else stays as it is", async () => {
  const wide = new Uint8Array([0xff, 0xfe, ...new Uint8Array(new Uint16Array([0xfc, 10]).buffer)]);
  assert.equal(new TextDecoder().decode(await bytesOf(new Blob([wide]))), "ü\n");
  const latin = new Uint8Array([0xfc, 10]);
  assert.deepEqual(await bytesOf(new Blob([latin])), latin);
});
