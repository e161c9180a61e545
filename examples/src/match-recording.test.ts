import { describe, expect, test } from 'vitest';
import { findDifference, matchRecording, type ReplayRequest } from './match-recording.ts';
import type { Recording } from './recording.ts';

const BODY = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };

function recording(file: string, requestBody: unknown): Recording {
  const path = '/v1/chat/completions';
  return {
    file,
    provider: 'openai',
    method: 'POST',
    path,
    requestBody,
    status: 200,
    headers: {},
    body: Buffer.alloc(0),
    interaction: 0,
  };
}

const RECORDINGS = [
  recording('openai/a.json', BODY),
  recording('openai/b.json', BODY),
  recording('openai/c.json', { ...BODY, stream: true }),
];

describe('matchRecording()', () => {
  test.each<{ why: string; request: Partial<ReplayRequest>; files: readonly string[] }>([
    { why: 'every recording of the request, in order', request: {}, files: ['openai/a.json', 'openai/b.json'] },
    {
      why: 'whatever the order of keys',
      request: { body: { messages: BODY.messages, model: 'm' } },
      files: ['openai/a.json', 'openai/b.json'],
    },
    {
      why: 'below the provider’s folder',
      request: { path: '/openai/v1/chat/completions' },
      files: ['openai/a.json', 'openai/b.json'],
    },
    { why: 'not of another provider', request: { path: '/groq/v1/chat/completions' }, files: [] },
    { why: 'not by another method', request: { method: 'GET' }, files: [] },
    { why: 'not with another body', request: { body: { ...BODY, model: 'n' } }, files: [] },
  ])('$why', ({ request, files }) => {
    const match = matchRecording(RECORDINGS, { method: 'POST', path: '/v1/chat/completions', body: BODY, ...request });
    expect(match.kind === 'found' ? match.recordings.map(({ file }) => file) : []).toEqual(files);
  });

  test('tells what comes closest, and where it differs', () => {
    const body = { ...BODY, messages: [{ role: 'user', content: 'ho' }] };
    expect(matchRecording(RECORDINGS.slice(0, 1), { method: 'POST', path: '/v1/chat/completions', body })).toEqual({
      kind: 'none',
      closest: [{ file: 'openai/a.json', differsAt: 'body.messages[0].content' }],
    });
  });
});

test.each([
  { recorded: { a: 1 }, sent: { a: 1 }, is: undefined },
  { recorded: { a: 1 }, sent: {}, is: 'body.a' },
  { recorded: { a: [1, 2] }, sent: { a: [1, 3] }, is: 'body.a[1]' },
  { recorded: [1], sent: { 0: 1 }, is: 'body' },
  { recorded: null, sent: 'x', is: 'body' },
])('findDifference($recorded, $sent) is $is', ({ recorded, sent, is }) => {
  expect(findDifference(recorded, sent, 'body')).toBe(is);
});
