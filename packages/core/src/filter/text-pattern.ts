/** LIKE and ILIKE as every store evaluates them. */

/**
 * Whether the whole text fits the pattern: `%` is any run of characters, line breaks too; `_` is exactly one
 * character (code point); everything else is itself. There is no escape character.
 */
export function matchesLike(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('%');
  const last = rest.pop();
  const head = fit(text, 0, first);
  if (last === undefined) return head === text.length;
  if (head === -1) return false;
  let at = head;
  for (const piece of rest) {
    at = find(text, at, piece);
    if (at === -1) return false;
  }
  const tail = endingStart(text, last);
  return tail >= at && fit(text, tail, last) === text.length;
}

/**
 * LIKE after lower-casing both sides by Unicode's full mapping, whatever the locale: `lowerUTF8(text) LIKE pattern`
 * in ClickHouse, which agrees on every character; its own ILIKE has two implementations that disagree on a few.
 */
export function matchesIlike(text: string, pattern: string): boolean {
  return matchesLike(text.toLowerCase(), pattern.toLowerCase());
}

/**
 * The patterns a content condition stands for: itself, and itself as JSON text has it when it holds quotes,
 * backslashes or control characters, because JSON inside of text stands in `spanContent` as it was sent.
 */
export function contentPatterns(pattern: string): readonly string[] {
  const escaped = JSON.stringify(pattern).slice(1, -1);
  return escaped === pattern ? [pattern] : [pattern, escaped];
}

/** Where `piece` ends when it starts at `at`, or -1. */
function fit(text: string, at: number, piece: string): number {
  if (!piece.includes('_')) return text.startsWith(piece, at) ? at + piece.length : -1;
  let end = at;
  for (const char of piece) {
    if (end >= text.length) return -1;
    const size = sizeAt(text, end);
    if (char !== '_' && text.slice(end, end + size) !== char) return -1;
    end += size;
  }
  return end;
}

/** Where the first fit of `piece` at or after `from` ends, or -1. The first one leaves most for what follows. */
function find(text: string, from: number, piece: string): number {
  if (!piece.includes('_')) {
    const at = text.indexOf(piece, from);
    return at === -1 ? -1 : at + piece.length;
  }
  for (let at = from; at < text.length; at += sizeAt(text, at)) {
    const end = fit(text, at, piece);
    if (end !== -1) return end;
  }
  return -1;
}

/** Where as many characters as `piece` has start before the end of the text, or -1. */
function endingStart(text: string, piece: string): number {
  if (!piece.includes('_')) return text.length - piece.length;
  let at = text.length;
  for (const _ of piece) {
    if (at === 0) return -1;
    at -= at >= 2 && sizeAt(text, at - 2) === 2 ? 2 : 1;
  }
  return at;
}

function sizeAt(text: string, at: number): 1 | 2 {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
