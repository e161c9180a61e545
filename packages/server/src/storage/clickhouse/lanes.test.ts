import { describe, expect, test } from 'vitest';
import { createLanes } from './lanes.ts';

/** A task that ends when it is told. */
function createGate() {
  let open: (() => void) | undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open?.() };
}

describe('createLanes()', () => {
  test('gives each task a resource of its own and lets the others wait in line', async () => {
    const lanes = createLanes(['a', 'b']);
    const gates = [createGate(), createGate(), createGate(), createGate()];
    const began: string[] = [];
    const tasks = gates.map((gate, index) =>
      lanes.use(async (resource) => {
        began.push(`${index} on ${resource}`);
        await gate.opened;
      }),
    );
    await Promise.resolve();
    expect(began).toEqual(['0 on b', '1 on a']);
    gates[1]?.open();
    await tasks[1];
    expect(began).toEqual(['0 on b', '1 on a', '2 on a']);
    for (const gate of gates) gate.open();
    await Promise.all(tasks);
    expect(began).toHaveLength(4);
  });

  test('frees the resource of a task that failed', async () => {
    const lanes = createLanes(['a']);
    await expect(lanes.use(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await lanes.use((resource) => Promise.resolve(resource))).toBe('a');
  });

  test('lets a task leave the line, and the next one have its place', async () => {
    const lanes = createLanes(['a']);
    const gate = createGate();
    const controller = new AbortController();
    const first = lanes.use(() => gate.opened);
    const leaver = lanes.use(() => Promise.resolve('ran'), controller.signal);
    const third = lanes.use(() => Promise.resolve('ran'));
    controller.abort(new Error('gave up'));
    await expect(leaver).rejects.toThrow('gave up');
    gate.open();
    await first;
    expect(await third).toBe('ran');
  });

  test('settle() waits for those in line too', async () => {
    const lanes = createLanes(['a']);
    const gate = createGate();
    const done: number[] = [];
    void lanes.use(() => gate.opened).then(() => done.push(1));
    void lanes.use(() => Promise.resolve()).then(() => done.push(2));
    const settled = lanes.settle();
    gate.open();
    await settled;
    expect(done).toEqual([1, 2]);
  });
});
