/**
 * What the index of words can tell about a condition on text. The index knows every word of a span: runs of characters
 * other than ASCII punctuation and blanks, ASCII letters in lower case. A text that fits a pattern holds the pattern's
 * own runs, whole where both sides are closed, otherwise as a part of a longer word.
 */
import { contentPatterns, type SpanCondition } from '@clew/core';

/** A run of ASCII letters and digits, in lower case. */
export interface WordRun {
  readonly text: string;
  /** Whether the word may go on before the run, and after it. */
  readonly opensLeft: boolean;
  readonly opensRight: boolean;
}

/** At least one of these holds: every run of it is part of some word. An empty list of runs tells nothing. */
export type WordChoices = readonly (readonly WordRun[])[];

/** What must be among a span's words if it matches; `undefined` when the words tell nothing. */
export function wordsOfCondition(condition: SpanCondition): WordChoices | undefined {
  const choices = choicesOf(condition);
  return choices === undefined || choices.some((runs) => runs.length === 0) ? undefined : choices;
}

function choicesOf({ on, test }: SpanCondition): WordChoices | undefined {
  if (on !== 'content' && on !== 'attribute') return undefined;
  switch (test.op) {
    case 'like':
    case 'ilike':
      return (on === 'content' ? contentPatterns(test.pattern) : attributePatterns(test.pattern)).map(runsOfPattern);
    case '=':
      return on === 'attribute' ? attributePatterns(test.value).map(runsOfText) : undefined;
    case 'in':
      return on === 'attribute' ? test.values.flatMap(attributePatterns).map(runsOfText) : undefined;
    default:
      return undefined;
  }
}

/** A text with half a character stands as JSON text, with escapes. */
function attributePatterns(text: string): readonly string[] {
  return contentPatterns(text);
}

/** Those of a pattern: `%` and `_` open what stands beside them. */
export function runsOfPattern(pattern: string): readonly WordRun[] {
  return runs(pattern.toLowerCase(), /[%_\u0080-\uffff]/);
}

/** Those of a whole text. */
export function runsOfText(text: string): readonly WordRun[] {
  return runs(text.toLowerCase(), /[\u0080-\uffff]/);
}

function runs(text: string, opener: RegExp): readonly WordRun[] {
  return [...text.matchAll(/[a-z0-9]+/g)].map((match) => ({
    text: match[0],
    opensLeft: opener.test(text.charAt(match.index - 1)),
    opensRight: opener.test(text.charAt(match.index + match[0].length)),
  }));
}
