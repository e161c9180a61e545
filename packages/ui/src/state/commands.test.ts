import { describe, expect, test } from 'vitest';
import { beginsSequence, COMMANDS, commandsFor, keysOf, type KeyPress } from './commands.ts';

function press(key: string, more: Partial<KeyPress> = {}): KeyPress {
  return { key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more };
}

describe('keysOf()', () => {
  test.each([
    { why: 'a letter, and its place', event: press('j', { code: 'KeyJ' }), keys: ['j', 'KeyJ'] },
    { why: 'a capital letter', event: press('N', { code: 'KeyN', shiftKey: true }), keys: ['Shift+N'] },
    { why: 'a sign that needs Shift', event: press('?', { code: 'Slash', shiftKey: true }), keys: ['?'] },
    {
      why: 'an arrow with Alt',
      event: press('ArrowLeft', { code: 'ArrowLeft', altKey: true }),
      keys: ['Alt+ArrowLeft'],
    },
    {
      why: 'a digit that Option turns into a sign',
      event: press('¡', { code: 'Digit1', altKey: true }),
      keys: ['Alt+1'],
    },
    { why: 'the blank', event: press(' ', { code: 'Space' }), keys: ['Space'] },
    { why: "a browser's own shortcut", event: press('t', { code: 'KeyT', ctrlKey: true }), keys: [] },
    { why: 'W by its place on a French keyboard', event: press('z', { code: 'KeyW' }), keys: ['z', 'KeyW'] },
  ])('$why', ({ event, keys }) => {
    expect(keysOf(event)).toEqual(keys);
  });
});

test('a sequence needs its first key', () => {
  expect(beginsSequence(press('g', { code: 'KeyG' }))).toBe('g');
  expect(commandsFor(press('t', { code: 'KeyT' }), 'g')).toEqual(['app.traces']);
  expect(commandsFor(press('t', { code: 'KeyT' }), undefined)).toEqual([]);
});

test('within a scope no two commands share a key', () => {
  const seen = COMMANDS.flatMap(({ scope, keys }) => keys.map((key) => `${scope} ${key}`));
  expect(seen).toEqual([...new Set(seen)]);
});
