/** Checks that an answer is the one asked for, by the fields that tell. The server is ours and of the same build. */
import type { CountAnswer, ExperimentsAnswer, SearchAnswer, SkeletonAnswer, SpanAnswer } from '@clew/core/api';
import { isRecord } from './request.ts';

export function isExperimentsAnswer(body: unknown): body is ExperimentsAnswer {
  return isRecord(body) && Array.isArray(body['experiments']);
}

export function isSearchAnswer(body: unknown): body is SearchAnswer {
  return isRecord(body) && Array.isArray(body['traces']);
}

export function isCountAnswer(body: unknown): body is CountAnswer {
  return isRecord(body) && typeof body['count'] === 'number';
}

export function isSkeletonAnswer(body: unknown): body is SkeletonAnswer {
  return (
    isRecord(body) &&
    isRecord(body['columns']) &&
    typeof body['columns']['spanIds'] === 'string' &&
    isRecord(body['trace'])
  );
}

export function isSpanAnswer(body: unknown): body is SpanAnswer {
  return isRecord(body) && typeof body['spanId'] === 'string' && isRecord(body['attributes']);
}
