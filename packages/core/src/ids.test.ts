import { describe, expect, test } from 'vitest';
import {
  fromHex,
  parseExperimentId,
  parseMlflowTraceId,
  parseSpanId,
  parseTraceId,
  spanIdFromBytes,
  toHex,
  traceIdFromBytes,
} from './ids.ts';

const ID = 'ab'.repeat(16);

describe('parseTraceId()', () => {
  test.each([
    { why: 'lower case', text: ID, id: ID },
    { why: 'upper case', text: ID.toUpperCase(), id: ID },
    { why: 'reserved zero', text: '0'.repeat(32), id: undefined },
    { why: 'a span id', text: 'ab'.repeat(8), id: undefined },
    { why: 'not hex', text: 'xy'.repeat(16), id: undefined },
  ])('$why', ({ text, id }) => {
    expect(parseTraceId(text)).toBe(id);
  });
});

describe('parseMlflowTraceId()', () => {
  test.each([
    { why: 'with its prefix', text: `tr-${ID}`, id: ID },
    { why: 'the bare digits of older clients', text: ID, id: ID },
    { why: 'another prefix', text: `xx-${ID}`, id: undefined },
    { why: 'a Databricks location', text: `trace:/catalog.schema/${ID}`, id: undefined },
  ])('$why', ({ text, id }) => {
    expect(parseMlflowTraceId(text)).toBe(id);
  });
});

describe('parseSpanId()', () => {
  test.each([
    { why: 'lower case', text: 'cd'.repeat(8), id: 'cd'.repeat(8) },
    { why: 'reserved zero', text: '0'.repeat(16), id: undefined },
    { why: 'a trace id', text: ID, id: undefined },
  ])('$why', ({ text, id }) => {
    expect(parseSpanId(text)).toBe(id);
  });
});

describe('parseExperimentId()', () => {
  test.each([
    { why: 'a number', text: '0', isId: true },
    { why: 'a word', text: 'team_a-7', isId: true },
    { why: 'empty', text: '', isId: false },
    { why: 'a path', text: '../x', isId: false },
    { why: 'too long', text: 'a'.repeat(65), isId: false },
  ])('$why', ({ text, isId }) => {
    expect(parseExperimentId(text) !== undefined).toBe(isId);
  });
});

describe('ids from bytes', () => {
  test('need exactly 16 and 8 bytes', () => {
    expect(traceIdFromBytes(new Uint8Array(16).fill(171))).toBe(ID);
    expect(traceIdFromBytes(new Uint8Array(8).fill(171))).toBeUndefined();
    expect(traceIdFromBytes(new Uint8Array(16))).toBeUndefined();
    expect(spanIdFromBytes(new Uint8Array(8).fill(171))).toBe('ab'.repeat(8));
    expect(spanIdFromBytes(new Uint8Array(0))).toBeUndefined();
  });
});

describe('hex', () => {
  test('goes both ways, and refuses what is no hex', () => {
    expect(fromHex('00ff10')).toEqual(new Uint8Array([0, 255, 16]));
    expect(toHex(new Uint8Array([0, 255, 16]))).toBe('00ff10');
    expect(fromHex('abc')).toBeUndefined();
    expect(fromHex('zz')).toBeUndefined();
  });
});
