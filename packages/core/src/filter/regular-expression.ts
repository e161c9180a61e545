/**
 * The regular expressions a filter may hold: those that mean the same in RE2 (ClickHouse) and in JavaScript, so that
 * every store searches in linear time and all agree. No backreferences, no lookaround.
 *
 * A search finds the pattern anywhere; `.` matches line breaks too (as ClickHouse's `match` has it, and as `%` does);
 * `^` and `$` stand for the two ends of the text; `\s` is the five ASCII blanks, `\w` and `\d` are ASCII.
 */
import { fail, ok, type Result } from '../errors.ts';

/** RE2's limit for one `{n,m}`, and for the product of nested ones. */
const MAX_REPEATS = 1000;
const MAX_DEPTH = 100;
/** What `\s` and `\S` hold, as the inside of a class: JavaScript's hold more. */
const BLANKS = String.raw`\t\n\f\r `;
const NO_BLANKS = String.raw`\0-\x08\x0b\x0e-\x1f!-\u{10ffff}`;

/** Why a pattern was refused, and where in it. */
export interface PatternError {
  readonly offset: number;
  readonly reason: string;
}

/** Compiles a pattern, or says why it is not one. A leading `(?i)` folds case. */
export function compilePattern(pattern: string): Result<RegExp, PatternError> {
  const flags = /^\(\?([is]{1,2})\)/.exec(pattern);
  const start = flags === null ? 0 : flags[0].length;
  const source = translate(pattern, start);
  if (!source.ok) return source;
  try {
    return ok(new RegExp(source.value, flags?.[1]?.includes('i') === true ? 'isu' : 'su'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const reason = error.message.slice(error.message.lastIndexOf(': ') + 2).toLowerCase();
    return fail({ offset: start, reason: `the regular expression is invalid: ${reason}` });
  }
}

/** A pattern that finds exactly this text. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

/** RE2's spelling to JavaScript's with the `u` flag, which knows fewer escapes and fewer literal characters. */
function translate(pattern: string, start: number): Result<string, PatternError> {
  let source = '';
  let at = start;
  /** The product of repeats around each open group, and of those inside it. */
  const groups: { repeats: number }[] = [{ repeats: 1 }];
  let last = 1;
  while (at < pattern.length) {
    const char = pattern.charAt(at);
    if (char === '\\') {
      const escape = translateEscape(pattern, at, false);
      if (escape === undefined) return unsupported(pattern, at);
      source += escape.source;
      at = escape.end;
      last = 1;
    } else if (char === '[') {
      const set = translateClass(pattern, at);
      if (!set.ok) return set;
      source += set.value.source;
      at = set.value.end;
      last = 1;
    } else if (char === '(') {
      const opening = /^\((?:\?:)?(?!\?)/.exec(pattern.slice(at, at + 4))?.[0];
      if (opening === undefined) {
        return fail({ offset: at, reason: `"${pattern.slice(at, at + 4)}" is not supported in regular expressions` });
      }
      if (groups.length > MAX_DEPTH) return fail({ offset: at, reason: 'the regular expression nests too deeply' });
      groups.push({ repeats: 1 });
      source += '(?:';
      at += opening.length;
    } else if (char === ')') {
      const closed = groups.pop();
      const outer = groups.at(-1);
      if (closed === undefined || outer === undefined) return fail({ offset: at, reason: 'a ")" closes nothing' });
      last = closed.repeats;
      outer.repeats = Math.max(outer.repeats, last);
      source += char;
      at += 1;
    } else if (char === '{') {
      const repeat = /^\{(\d+)(?:,(\d*))?\}/.exec(pattern.slice(at));
      if (repeat === null) {
        source += String.raw`\{`;
        at += 1;
        last = 1;
        continue;
      }
      const count = Math.max(1, Number(repeat[1]), Number(repeat[2] ?? 0));
      last *= count;
      const group = groups.at(-1);
      if (group !== undefined) group.repeats = Math.max(group.repeats, last);
      if (last > MAX_REPEATS) return fail({ offset: at, reason: `more than ${MAX_REPEATS} repetitions` });
      source += repeat[0];
      at += repeat[0].length;
    } else {
      source += char === '}' || char === ']' ? `\\${char}` : char;
      if (!'*+?|^$'.includes(char)) last = 1;
      at += 1;
    }
  }
  return groups.length > 1 ? fail({ offset: start, reason: 'a "(" is not closed' }) : ok(source);
}

function translateClass(
  pattern: string,
  start: number,
): Result<{ readonly source: string; readonly end: number }, PatternError> {
  let at = start + 1;
  let source = '[';
  if (pattern.charAt(at) === '^') {
    source += '^';
    at += 1;
  }
  const first = at;
  while (at < pattern.length) {
    const char = pattern.charAt(at);
    if (char === ']' && at > first) return ok({ source: `${source}]`, end: at + 1 });
    if (char === '\\') {
      const escape = translateEscape(pattern, at, true);
      if (escape === undefined || isRangeEnd(pattern, first, at)) return unsupported(pattern, at);
      source += escape.source;
      at = escape.end;
    } else if (pattern.startsWith('[:', at)) {
      return fail({ offset: at, reason: '"[:" is not supported in regular expressions' });
    } else {
      source += char === ']' || char === '[' ? `\\${char}` : char;
      at += 1;
    }
  }
  return fail({ offset: start, reason: 'a "[" is not closed' });
}

/** Whether the escape at `at` is `\s` or `\S` next to a hyphen that would make a range of what it holds. */
function isRangeEnd(pattern: string, first: number, at: number): boolean {
  if (pattern.charAt(at + 1).toLowerCase() !== 's') return false;
  const follows = pattern.charAt(at - 1) === '-' && at - 1 > first;
  return follows || (pattern.charAt(at + 2) === '-' && pattern.charAt(at + 3) !== ']');
}

interface Escape {
  readonly source: string;
  readonly end: number;
}

/** `undefined` for an escape that RE2 and JavaScript do not share. */
function translateEscape(pattern: string, at: number, inClass: boolean): Escape | undefined {
  const [whole = '', name = ''] =
    /^\\(x\{[0-9A-Fa-f]{1,6}\}|x[0-9A-Fa-f]{2}|[pP]\{[A-Z][a-z]?\}|[pP][A-Z]|[\s\S])/u.exec(pattern.slice(at)) ?? [];
  if (whole === '') return undefined;
  const source = escapeSource(name, inClass);
  return source === undefined ? undefined : { source, end: at + whole.length };
}

function escapeSource(name: string, inClass: boolean): string | undefined {
  if (/^[dDwWnrtfv]$/.test(name) || /^x[0-9A-Fa-f]{2}$/.test(name)) return `\\${name}`;
  if (name.startsWith('x{')) return `\\u${name.slice(1)}`;
  if (/^[pP]\{/.test(name)) return `\\${name}`;
  if (/^[pP][A-Z]$/.test(name)) return `\\${name.charAt(0)}{${name.charAt(1)}}`;
  if (name === 's') return inClass ? BLANKS : `[${BLANKS}]`;
  if (name === 'S') return inClass ? NO_BLANKS : `[^${BLANKS}]`;
  if (inClass) return isPunctuation(name) ? escapeLiteral(name) : undefined;
  if (name === 'b' || name === 'B') return `\\${name}`;
  if (name === 'A') return '^';
  if (name === 'z') return '$';
  return isPunctuation(name) ? escapeLiteral(name) : undefined;
}

/** RE2 lets any ASCII character but letters, digits and `_` stand for itself behind a backslash. */
function isPunctuation(char: string): boolean {
  return char.length === 1 && char.charCodeAt(0) < 0x80 && !/\w/.test(char);
}

function escapeLiteral(char: string): string {
  return /[\^$\\.*+?()[\]{}|/-]/.test(char) ? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}` : char;
}

function unsupported(pattern: string, offset: number): Result<never, PatternError> {
  const escape = pattern.slice(offset, offset + 2);
  const reason =
    escape.length === 1
      ? 'a backslash at the end escapes nothing'
      : `"${escape}" is not supported in regular expressions`;
  return fail({ offset, reason });
}
