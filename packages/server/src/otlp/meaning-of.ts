import type { SpanMeaning } from '@clew/core';

type Draft = { readonly [key in keyof SpanMeaning]?: SpanMeaning[key] | undefined };

/** A partial meaning without the fields that turned out to be unknown. */
export function meaningOf(draft: Draft): Partial<SpanMeaning> {
  const meaning: { [key: string]: unknown } = {};
  for (const key in draft) {
    const value = draft[key as keyof Draft];
    if (value !== undefined) meaning[key] = value;
  }
  return meaning;
}
