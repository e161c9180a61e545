/** A row as JSON text for `INSERT … FORMAT JSONEachRow`. */

/** What a column may hold on its way in; 64-bit integers go as text. */
export type Cell = string | number | boolean | null | readonly string[] | { readonly [key: string]: string };
export type OutgoingRow = { readonly [column: string]: Cell };

/**
 * One line of JSON. A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD.
 *
 * Numbers that JSON has no word for become null.
 */
export function encodeRow(row: OutgoingRow): string {
  const line = JSON.stringify(row);
  // Pairs are written as characters, so this escape is only ever half of one, or text that looks like it.
  return line.includes(String.raw`\ud`) ? JSON.stringify(row, replaceLoneSurrogates) : line;
}

function replaceLoneSurrogates(_: string, value: unknown): unknown {
  if (typeof value === 'string') return toUnicode(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [toUnicode(key), item as unknown]));
}

function toUnicode(text: string): string {
  return text.toWellFormed();
}
