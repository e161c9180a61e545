import { describe, expect, test } from 'vitest';
import { must, type AttributeValue } from '@clew/core';
import { attributes, newExperimentId, sampleSpan } from '../contract/samples.ts';
import type { SpanWrite } from '../span-store.ts';
import { prepareSpans, withVersion } from './prepare-spans.ts';

function readLine(write: SpanWrite, version: bigint): unknown {
  const [prepared] = prepareSpans([write]);
  return JSON.parse(new TextDecoder().decode(withVersion(must(prepared, 'a span'), version)));
}

describe('prepareSpans()', () => {
  test.each<{ why: string; value: AttributeValue; cell: string }>([
    { why: 'text', value: 'say "hi"', cell: `'say "hi"` },
    { why: 'text with the mark itself', value: "'quoted'", cell: "''quoted'" },
    { why: 'text with half a character', value: 'a\ud800', cell: String.raw`"a\ud800"` },
    { why: 'a number', value: 3n, cell: '3' },
    { why: 'a map', value: attributes([['q', 'why?']]), cell: '{"q":"why?"}' },
  ])('stores an attribute that is $why as $cell', ({ value, cell }) => {
    const span = sampleSpan({ attributes: attributes([['key', value]]) });
    expect(readLine({ span, experimentId: newExperimentId() }, 7n)).toMatchObject({ attributes: { key: cell } });
  });

  test('leaves room for the largest version', () => {
    const version = 2n ** 64n - 1n;
    const span = sampleSpan({ name: 'größer 😀' });
    expect(readLine({ span, experimentId: newExperimentId() }, version)).toMatchObject({
      version: version.toString(),
      name: 'größer 😀',
    });
  });
});
