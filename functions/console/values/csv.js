// Cuts a CSV file into parts at byte positions, so that its encoding is left as it is.

const [TAB, LF, CR, QUOTE, COMMA, SEMICOLON] = [9, 10, 13, 34, 44, 59];

/**
 * Give the bytes of a file. UTF-16, where a line end is two bytes, becomes UTF-8.
 * @param {Blob} file
 */
export async function bytesOf(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const [first, second] = bytes;
  if (!(first === 0xff && second === 0xfe) && !(first === 0xfe && second === 0xff)) return bytes;
  return new TextEncoder().encode(new TextDecoder(first === 0xff ? "utf-16le" : "utf-16be").decode(bytes));
}

/**
 * Find the rows: where each begins and ends, and the line that it ends on. A quoted cell may hold line ends.
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
function rowsOf(bytes) {
  const rows = [];
  let [from, line, quoted, fresh] = [0, 1, false, true];
  for (let place = 0; place <= bytes.length; place += 1) {
    const byte = bytes[place];
    const ends = place === bytes.length || byte === LF || (byte === CR && bytes[place + 1] !== LF);
    if (byte === QUOTE && (quoted || fresh)) {
      if (quoted && bytes[place + 1] === QUOTE) place += 1;
      else quoted = !quoted;
    }
    if (ends && (!quoted || place === bytes.length)) {
      if (place > from) rows.push({ from, to: Math.min(place + 1, bytes.length), line });
      from = place + 1;
    }
    if (ends) line += 1;
    fresh = ends || byte === COMMA || byte === SEMICOLON || byte === TAB;
  }
  return rows;
}

/**
 * Cut a file into parts of so many rows, each with the file's header; rows that end on one of the lines `without` are
 * left out.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} size
 * @param {Set<number>} without
 */
export function partsOf(bytes, size, without = new Set()) {
  const [head, ...rows] = rowsOf(bytes);
  const kept = rows.filter(({ line }) => !without.has(line));
  return Array.from({ length: Math.ceil(kept.length / size) }, (_, number) => {
    const own = kept.slice(number * size, number * size + size);
    return {
      rows: own.length,
      blob: new Blob(
        [head, ...own].map(({ from, to }) => bytes.subarray(from, to)),
        { type: "text/csv" },
      ),
    };
  });
}
