/** A tiny vector search: notes and query become vectors in one request, the nearest notes come back. */
import { SpanType, withSpan } from '@clew/sdk';
import type OpenAI from 'openai';

export interface FoundNote {
  readonly page_content: string;
  readonly metadata: { readonly doc_uri: string; readonly score: number };
}

/** Beside what OpenAI's API knows, Voyage wants to hear what the texts are. */
const VOYAGE_OPTIONS = { input_type: 'document', truncation: true, output_dtype: null, output_dimension: null };

/** @returns Notes in the order of their nearness to `query`. */
export function searchNotes(client: OpenAI, query: string, notes: readonly string[]): Promise<readonly FoundNote[]> {
  return withSpan({ name: 'search notes', spanType: SpanType.RETRIEVER, inputs: { query } }, async () => {
    const { data } = await client.embeddings.create({
      model: 'voyage-3-lite',
      input: [query, ...notes],
      encoding_format: 'base64',
      ...VOYAGE_OPTIONS,
    });
    const [queryVector = new Float32Array(), ...noteVectors] = data.map(({ embedding }) => decodeVector(embedding));
    const found = notes.map((note, at) => ({
      page_content: note,
      metadata: { doc_uri: `notes/${at + 1}`, score: cosine(queryVector, noteVectors[at] ?? new Float32Array()) },
    }));
    return found.sort((a, b) => b.metadata.score - a.metadata.score);
  });
}

/** The client's types promise numbers; with `base64` it hands on what the server sent. */
function decodeVector(embedding: unknown): Float32Array {
  if (typeof embedding !== 'string') return Float32Array.from(embedding as readonly number[]);
  const bytes = Buffer.from(embedding, 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4));
}

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let squareA = 0;
  let squareB = 0;
  for (let at = 0; at < a.length; at += 1) {
    const [x, y] = [a[at] ?? 0, b[at] ?? 0];
    dot += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  return dot / (Math.sqrt(squareA * squareB) || 1);
}
