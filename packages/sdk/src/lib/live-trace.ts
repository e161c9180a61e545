/**
 * What is known of a trace while it runs: its tags, metadata and the like.
 *
 * Every span holds its trace, so spans that end after their root still know where they belong, and nothing has to be
 * kept in a registry that could leak.
 */
import type { StringMap, TraceId } from '@clew/core';
import { MLFLOW_KEYS, OTEL_KEYS } from './keys.ts';

export interface TraceUpdate {
  /** Can be changed later, on the server too. Values become text. */
  readonly tags?: Readonly<Record<string, unknown>>;
  /** Frozen once the trace has ended. Values become text. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** The conversation this trace is a part of. */
  readonly sessionId?: string;
  /** Short for `sessionId`. */
  readonly session?: string;
  readonly user?: string;
  /** Shown in lists in place of the root's inputs. */
  readonly requestPreview?: string;
  /** Shown in lists in place of the root's outputs. */
  readonly responsePreview?: string;
  /** Your own id for the request. */
  readonly clientRequestId?: string;
  /** Overrides the state of the trace, not the status of a span. Default: from the root span's status. */
  readonly state?: 'OK' | 'ERROR';
}

/** A trace as it stands. */
export interface TraceFacts {
  readonly tags: StringMap;
  readonly metadata: StringMap;
  readonly sessionId?: string;
  readonly user?: string;
  readonly requestPreview?: string;
  readonly responsePreview?: string;
  readonly clientRequestId?: string;
  readonly state?: 'OK' | 'ERROR';
}

export interface LiveTrace {
  readonly traceId: TraceId;
  /** The wall clock and the monotonic clock at one moment: times of a trace all count from here. */
  readonly anchor: TimeAnchor;
  /** Its root span was made in another process, which will tell the server about the trace. */
  readonly isRemote: boolean;
  readonly isSampled: boolean;
  facts: TraceFacts;
}

interface TimeAnchor {
  readonly wallNanos: bigint;
  readonly monotonicNanos: bigint;
}

export const NO_FACTS: TraceFacts = { tags: {}, metadata: {} };

/** Later updates win, key by key. */
export function applyUpdate(facts: TraceFacts, update: TraceUpdate): TraceFacts {
  const { tags, metadata, session, sessionId = session, ...rest } = update;
  return {
    ...facts,
    ...rest,
    ...(sessionId === undefined ? {} : { sessionId }),
    tags: { ...facts.tags, ...toTexts(tags) },
    metadata: { ...facts.metadata, ...toTexts(metadata) },
  };
}

/** The same facts as attributes of the root span, for servers that only get spans. */
export function rootAttributes({ tags, sessionId, user }: TraceFacts): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (const [key, value] of Object.entries(tags)) attributes[MLFLOW_KEYS.traceTag + key] = value;
  if (sessionId !== undefined) attributes[OTEL_KEYS.session] = sessionId;
  if (user !== undefined) attributes[OTEL_KEYS.user] = user;
  return attributes;
}

function toTexts(values: Readonly<Record<string, unknown>> = {}): StringMap {
  return Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [key, toText(value)]));
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
