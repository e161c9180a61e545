import { describe, expect, test } from 'vitest';
import type { AttributeValue } from '@clew/core';
import { attributes, newExperimentId, sampleSpan } from '../contract/samples.ts';
import { prepareSpan, toSpanLine } from './span-row.ts';

describe('prepareSpan()', () => {
  test.each<{ why: string; value: AttributeValue; cell: string }>([
    { why: 'text', value: 'say "hi"', cell: `'say "hi"` },
    { why: 'text with the mark itself', value: "'quoted'", cell: "''quoted'" },
    { why: 'text with half a character', value: 'a\ud800', cell: String.raw`"a\ud800"` },
    { why: 'a number', value: 3n, cell: '3' },
    { why: 'a map', value: attributes([['q', 'why?']]), cell: '{"q":"why?"}' },
  ])('stores an attribute that is $why as $cell', ({ value, cell }) => {
    const span = sampleSpan({ attributes: attributes([['key', value]]) });
    const line = toSpanLine(prepareSpan({ span, experimentId: newExperimentId() }), 7n);
    expect(JSON.parse(line)).toMatchObject({ version: '7', attributes: { key: cell } });
  });
});
