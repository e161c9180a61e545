import type { AttributeValue } from './attributes.ts';
import type { AssessmentId, SpanId, TraceId } from './ids.ts';
import type { UnixNanos } from './time.ts';

export const ASSESSMENT_SOURCES = ['HUMAN', 'LLM_JUDGE', 'CODE', 'SOURCE_TYPE_UNSPECIFIED'] as const;
export type AssessmentSourceType = (typeof ASSESSMENT_SOURCES)[number];

export interface AssessmentError {
  readonly code: string;
  readonly message?: string;
  readonly stackTrace?: string;
}

/** What was judged: how good it was, or what it should have been. */
export type AssessmentValue =
  | { readonly kind: 'feedback'; readonly value: AttributeValue; readonly error?: AssessmentError }
  /** `serialized` remembers that the client sent JSON text, so that it gets the same form back. */
  | { readonly kind: 'expectation'; readonly value: AttributeValue; readonly serialized: boolean };

/** A judgement on a trace or one of its spans, by a person, code or a model. */
export interface Assessment {
  readonly assessmentId: AssessmentId;
  readonly traceId: TraceId;
  /** Absent when the whole trace is judged. */
  readonly spanId?: SpanId;
  readonly name: string;
  readonly source: { readonly type: AssessmentSourceType; readonly id: string };
  readonly value: AssessmentValue;
  readonly rationale?: string;
  readonly metadata: { readonly [key: string]: string };
  readonly createTime: UnixNanos;
  readonly lastUpdateTime: UnixNanos;
  /** The older assessment this one replaces. */
  readonly overrides?: AssessmentId;
  /** `false` once another one overrides it; invalid ones are kept but match no filter. */
  readonly valid: boolean;
}
