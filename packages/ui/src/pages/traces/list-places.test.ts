import { expect, test } from 'vitest';
import { neighboursOf, rememberOpenedList } from './list-places.ts';

test('a trace has neighbours only in the list it was opened from', () => {
  const list = {
    query: { f: 'status:error' },
    experimentId: '1',
    traceIds: ['a', 'b', 'c'],
    total: 40,
  };
  rememberOpenedList(list);
  expect(neighboursOf('b')).toEqual({ list, position: 2, previous: 'a', next: 'c' });
  expect(neighboursOf('a')?.previous).toBeUndefined();
  expect(neighboursOf('c')?.next).toBeUndefined();
  expect(neighboursOf('z')).toBeUndefined();
});
