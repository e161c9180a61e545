import { describe, expect, test } from 'vitest';
import { describeVendorError, isAbort } from './vendor-error.ts';

class APIError extends Error {}
class ServiceException extends Error {
  override readonly name = 'ThrottlingException';
}

describe('describeVendorError()', () => {
  test.each([
    {
      why: 'Stainless: status, parsed body',
      error: Object.assign(new APIError('m'), { status: 429, error: { code: 'slow_down' } }),
      is: { type: 'APIError', status: 429, body: { code: 'slow_down' } },
    },
    {
      why: 'Mistral: body as text',
      error: Object.assign(new APIError('m'), { statusCode: 422, body: '{"detail":"no"}' }),
      is: { type: 'APIError', status: 422, body: { detail: 'no' } },
    },
    {
      why: 'a body that is no JSON stays text',
      error: Object.assign(new APIError('m'), { statusCode: 502, body: '{bad gateway' }),
      is: { type: 'APIError', status: 502, body: '{bad gateway' },
    },
    {
      why: 'Ollama: the body is the message',
      error: Object.assign(new APIError('m'), { status_code: 404, error: 'no such model' }),
      is: { type: 'APIError', status: 404, body: 'no such model' },
    },
    {
      why: 'AWS: a name of its own, status among the metadata',
      error: Object.assign(new ServiceException('m'), { $metadata: { httpStatusCode: 429 } }),
      is: { type: 'ThrottlingException', status: 429, body: undefined },
    },
    {
      why: 'Hugging Face: status and body in the response',
      error: Object.assign(new APIError('m'), { httpResponse: { status: 401, body: { error: 'who?' } } }),
      is: { type: 'APIError', status: 401, body: { error: 'who?' } },
    },
    { why: 'a plain error', error: new Error('m'), is: { type: 'Error', status: undefined, body: undefined } },
  ])('$why', ({ error, is }) => {
    expect(describeVendorError(error)).toEqual(is);
  });
});

test.each([
  { why: 'an abort', error: new DOMException('m', 'AbortError'), is: true },
  { why: 'one inside another error', error: new Error('m', { cause: new DOMException('m', 'AbortError') }), is: true },
  { why: 'out of time', error: new DOMException('m', 'TimeoutError'), is: false },
  { why: 'no error at all', error: 'AbortError', is: false },
])('isAbort(): $why is $is', ({ error, is }) => {
  expect(isAbort(error)).toBe(is);
});
