// Turns anything that was thrown into a sentence for people, and finds the field that it is about.

const OUR_SLIPS = [TypeError, ReferenceError, RangeError, SyntaxError];

/**
 * Give the message of an error that was written for people. Any other error is a bug of this console: it goes to the
 * browser's log, and people do not see its message.
 * @param {unknown} error
 */
export function messageOf(error) {
  if (error instanceof Error && !OUR_SLIPS.some((kind) => error instanceof kind)) return error.message;
  console.error(error);
  return "Something went wrong on this page. Reload it and try again.";
}

/**
 * Name the field that an error is about, where it is about one.
 * @param {unknown} error
 */
export const fieldOf = (error) =>
  error instanceof Error && "field" in error && typeof error.field === "string" ? error.field : undefined;

/**
 * Tell whether trying again later can help.
 * @param {unknown} error
 */
export const isPassing = (error) => error instanceof Error && "passing" in error && Boolean(error.passing);
