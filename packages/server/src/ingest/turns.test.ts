import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

test('tasks of one key follow each other, whatever fails; other keys do not wait', async () => {
  const inTurn = createTurns<string>();
  const log: string[] = [];
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const first = inTurn('a', async () => {
    await gate;
    log.push('first');
    throw new Error('first failed');
  });
  const second = inTurn('a', async () => log.push('second'));
  await inTurn('b', async () => log.push('other'));
  open();
  await expect(first).rejects.toThrow('first failed');
  await second;
  expect(log).toEqual(['other', 'first', 'second']);
});
