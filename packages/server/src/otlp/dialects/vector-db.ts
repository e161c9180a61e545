/** Queries of vector databases, as OpenLLMetry records them: one event per document found. */
import { createAttributes, type Attributes, type Span, type SpanMeaning } from '@clew/core';
import { toDocuments } from '../documents.ts';
import { meaningOf } from '../meaning-of.ts';
import { decodePayload } from '../payload.ts';

export function readVectorDb({ attributes, events }: Span): Partial<SpanMeaning> {
  const found = events.filter(({ name }) => name === 'db.query.result').map((event) => fieldsOf(event.attributes));
  return meaningOf({
    type: 'RETRIEVER',
    inputs: decodePayload(attributes['db.vector.query.content']),
    outputs: toDocuments(found) ?? decodePayload(attributes['db.vector.query.response.documents']),
  });
}

const PREFIX = 'db.query.result.';

function fieldsOf(event: Attributes): Attributes {
  const fields = createAttributes();
  for (const key in event) {
    if (key.startsWith(PREFIX)) fields[key.slice(PREFIX.length)] = event[key] ?? null;
  }
  return fields;
}
