import { describe, expect, test } from 'vitest';
import type { TraceId } from '@clew/core';
import { decodePageToken, encodePageToken } from './page-token.ts';

const cursor = { keys: ['ü', 2.5, null], startNanos: 1762161330250000001n, traceId: 'ab'.repeat(16) as TraceId };

describe('page tokens', () => {
  test('come back as they were, safe in a URL', () => {
    const token = encodePageToken(cursor);
    expect(token).toMatch(/^[\w-]+$/);
    expect(decodePageToken(token)).toEqual(cursor);
  });

  test.each([
    'garbage',
    '',
    Buffer.from('[]').toString('base64url'),
    Buffer.from('[[{}],"1","x"]').toString('base64url'),
  ])('"%s" is refused', (token) => {
    expect(() => decodePageToken(token)).toThrow('page_token');
  });
});
