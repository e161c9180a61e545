import { describe, expect, test } from 'vitest';
import { climbs, readArtifactPath, readTracePath } from './artifact-path.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

describe('paths of files', () => {
  test.each([
    ['7/traces/x/artifacts/traces.json', '7/traces/x/artifacts/traces.json'],
    ['7/a%20b/%C3%BC', '7/a b/ü'],
    ['7/..name/x..', '7/..name/x..'],
  ])('%s is decoded once', (encoded, path) => {
    expect(readArtifactPath(encoded)).toBe(path);
  });

  test.each([
    '',
    '/a',
    'a//b',
    'a/',
    '..',
    'a/../b',
    './a',
    '..%2fa',
    '%2e%2e/a',
    '%252e%252e/a',
    'a%5cb',
    'a%00b',
    'C:/a',
    'a%',
    'x'.repeat(2001),
  ])('%j is refused', (encoded) => {
    expect(() => readArtifactPath(encoded)).toThrow('Invalid artifact path');
  });

  test.each([
    [`7/traces/tr-${TRACE}/artifacts/traces.json`, { traceId: TRACE, name: 'traces.json' }],
    [`custom/place/traces/${TRACE}/artifacts/attachments/a`, { traceId: TRACE, name: 'attachments/a' }],
    [`7/traces/nothing/artifacts/traces.json`, undefined],
    [`7/runs/${TRACE}/artifacts/model.bin`, undefined],
  ])('%s belongs to a trace or not', (path, place) => {
    expect(readTracePath(path)).toEqual(place);
  });

  test.each([
    ['/a/../b', true],
    ['/a/%2E%2e/b?x=1', true],
    ['/a/./b', true],
    ['/a/..b/c', false],
    ['/a?path=../b', false],
  ])('%s climbs: %s', (raw, expected) => {
    expect(climbs(raw)).toBe(expected);
  });
});
