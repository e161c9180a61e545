import { describe, expect, test } from 'vitest';
import { openHttpStore } from './connect-http.ts';

describe('openHttpStore()', () => {
  test('says when nobody answers', async () => {
    // Port 1 is reserved and closed.
    await expect(openHttpStore({ url: 'http://127.0.0.1:1' })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('Cannot reach ClickHouse: ') as string,
    });
  });

  test.each(['', 'a b', '1st', 'clew; DROP DATABASE clew', 'a'.repeat(65)])(
    'refuses "%s" as a database name',
    async (database) => {
      await expect(openHttpStore({ url: 'http://127.0.0.1:1', database })).rejects.toMatchObject({
        code: 'invalid_argument',
      });
    },
  );
});
