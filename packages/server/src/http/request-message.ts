/** A request as one message, by the transport rules of MLflow's contract (section 1.1.2). */
import { createAttributes, isAttributeMap, parseJsonText, TracingError, type AttributeValue } from '@clew/core';
import { EMPTY_MESSAGE, type Message } from '@clew/core/wire';

const decoder = new TextDecoder();

/** The parameters of a query; one that is repeated is a list. */
export function queryMessage(url: URL): Message {
  const message = createAttributes();
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name);
    message[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return message;
}

/**
 * The message in a JSON body. An empty or unreadable body is an empty message, as for MLflow.
 *
 * @throws {TracingError} `invalid_argument` when a POST or PUT is not labelled JSON.
 */
export function bodyMessage(request: Request, bytes: Uint8Array): Message {
  if (request.method === 'POST' || request.method === 'PUT') requireJsonType(request);
  const value = parseJsonText(decoder.decode(bytes));
  // MLflow's oldest clients encode twice.
  return asMessage(typeof value === 'string' ? parseJsonText(value) : value);
}

function asMessage(value: AttributeValue | undefined): Message {
  return isAttributeMap(value) ? value : EMPTY_MESSAGE;
}

function requireJsonType(request: Request): void {
  const type = mediaType(request);
  if (type === 'application/json') return;
  throw new TracingError('invalid_argument', `Unsupported Content-Type "${type}": expected application/json`);
}

/** The media type without parameters, in lower case; empty when there is none. */
export function mediaType(request: Request): string {
  return (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
