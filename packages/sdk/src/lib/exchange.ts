/** What an integration knows of one kind of call, as pure functions over the vendor's shapes. */
import type { SpanType } from '@clew/core';

export interface Exchange {
  readonly spanType: SpanType;
  /** The operation's name in the GenAI conventions, such as `chat`. */
  readonly operation: string;
  /** What the request says. */
  describeRequest(request: unknown): SpanFields;
  /** What the whole answer says. */
  describeResponse(response: unknown): SpanFields;
  /** Where the stream is in what the client returned, when that is not the stream itself. */
  streamIn?(response: unknown): unknown;
  /**
   * Puts a streamed answer together again; absent when this kind of call is never streamed.
   *
   * @param response - What the client returned, in which the stream is.
   */
  createAssembler?(response?: unknown): StreamAssembler;
}

export interface SpanFields {
  readonly inputs?: unknown;
  readonly outputs?: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The vendor reports that the call failed although HTTP went well. */
  readonly failure?: string;
}

export interface StreamAssembler {
  /** @returns Whether the chunk carried something to read: the first one that does ends the waiting time. */
  add(chunk: unknown): boolean;
  /** The answer so far, in the shape of one that was not streamed. */
  build(): unknown;
}

/** Leaves out what is not there. */
export function defined(attributes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined && value !== null));
}
