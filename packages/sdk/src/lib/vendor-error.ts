/** What the errors of vendors' clients say of a failed request: each keeps it elsewhere. */
import { isMap, mapAt, numberAt, textAt } from './integrations/json-shape.ts';

export interface VendorFailure {
  /** The class of the error, or its own name where the class says nothing. */
  readonly type: string;
  readonly status: number | undefined;
  /** What the server said, parsed if the client parsed it. */
  readonly body: unknown;
}

export function describeVendorError(error: Error): VendorFailure {
  const { name } = error.constructor;
  return { type: UNTELLING.has(name) ? error.name : name, status: statusOf(error), body: bodyOf(error) };
}

/** Somebody cut the request off: a signal, a controller, `abort()`. Running out of time is not that. */
export function isAbort(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'AbortError' || error.constructor.name === 'APIUserAbortError' || isAbort(error.cause);
}

const UNTELLING: ReadonlySet<string> = new Set(['', 'Error', 'ServiceException', 'DOMException']);

/** In this order: Stainless and Gemini; Cohere and Mistral; Ollama; AWS; Hugging Face. */
function statusOf(error: Error): number | undefined {
  return (
    numberAt(error, 'status') ??
    numberAt(error, 'statusCode') ??
    numberAt(error, 'status_code') ??
    numberAt(mapAt(error, '$metadata'), 'httpStatusCode') ??
    numberAt(mapAt(error, 'httpResponse'), 'status')
  );
}

function bodyOf(error: Error): unknown {
  const { error: parsed, body } = error as Error & { readonly error?: unknown; readonly body?: unknown };
  if (isMap(parsed)) return parsed;
  if (body !== undefined) return parseText(body);
  return parsed ?? textAt(mapAt(error, 'httpResponse'), 'body') ?? mapAt(error, 'httpResponse')['body'];
}

function parseText(body: unknown): unknown {
  if (typeof body !== 'string' || !body.startsWith('{')) return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
