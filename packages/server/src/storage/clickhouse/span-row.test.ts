import { describe, expect, test } from 'vitest';
import { attributes, newExperimentId, sampleMeaning, sampleSpan } from '../contract/samples.ts';
import { toSpanRow } from './span-row.ts';

const inputs = attributes([['q', 'why?']]);

describe('toSpanRow()', () => {
  test.each([
    { why: 'the inputs themselves', value: inputs, cell: '=' },
    { why: 'their JSON text', value: '{"q":"why?"}', cell: '"' },
    { why: 'their JSON text, spaced otherwise', value: '{"q": "why?"}', cell: String.raw`"{\"q\": \"why?\"}"` },
    { why: 'something else', value: 3n, cell: '3' },
  ])('stores a payload attribute that is $why as $cell', ({ value, cell }) => {
    const span = sampleSpan({
      attributes: attributes([['mlflow.spanInputs', value]]),
      meaning: sampleMeaning({ inputs }),
    });
    const row = toSpanRow({ span, experimentId: newExperimentId() }, 1n);
    expect(row['attributes']).toEqual(attributes([['mlflow.spanInputs', cell]]));
    expect(row['inputs']).toBe('{"q":"why?"}');
  });

  test('has no mark without inputs', () => {
    const span = sampleSpan({ attributes: attributes([['mlflow.spanInputs', '']]) });
    const row = toSpanRow({ span, experimentId: newExperimentId() }, 1n);
    expect(row['attributes']).toEqual(attributes([['mlflow.spanInputs', '""']]));
  });
});
