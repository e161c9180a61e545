import { describe, expect, test } from 'vitest';
import { toLimitError } from './engine-failure.ts';

describe('toLimitError()', () => {
  test.each([
    ['Code: 241. DB::Exception: Query memory limit exceeded: (MEMORY_LIMIT_EXCEEDED)', 'more memory'],
    ['Timeout exceeded: elapsed 60.1 seconds, maximum: 60 seconds. (TIMEOUT_EXCEEDED)', '60 seconds'],
    ['Max query size exceeded (can be increased with the `max_query_size` setting)', '64 MiB'],
  ])('names the limit: %s', (reason, limit) => {
    const error = toLimitError(new Error(reason));
    expect(error?.code).toBe('too_expensive');
    expect(error?.message).toContain(limit);
  });

  test('is silent about everything else', () => {
    expect(toLimitError(new Error('Code: 60. DB::Exception: Unknown table (UNKNOWN_TABLE)'))).toBeUndefined();
  });
});
