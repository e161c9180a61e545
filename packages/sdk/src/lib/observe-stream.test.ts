import { describe, expect, test } from 'vitest';
import { isAnyStream, observeStream, type AnyStream, type StreamEnd } from './observe-stream.ts';

interface Heard {
  readonly items: readonly unknown[];
  readonly ends: readonly StreamEnd[];
}

function listen(stream: AnyStream): Heard {
  const items: unknown[] = [];
  const ends: StreamEnd[] = [];
  observeStream(stream, (fn) => fn(), { onItem: (item) => items.push(item), onEnd: (how) => ends.push(how) });
  return { items, ends };
}

async function* numbers(): AsyncGenerator<number> {
  yield 1;
  yield 2;
  yield 3;
}

async function* breaking(): AsyncGenerator<number> {
  yield 1;
  throw new Error('gone');
}

/** Iterates through `this.getReader()`, as some vendors' streams do. */
class OwnStream extends ReadableStream<number> {
  override async *[Symbol.asyncIterator](): AsyncGenerator<number, undefined> {
    const reader = this.getReader();
    for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
    return undefined;
  }
}

function webStream(): ReadableStream<number> {
  return ReadableStream.from<number>(numbers());
}

function ownStream(): OwnStream {
  let next = 1;
  return new OwnStream({
    pull(controller) {
      if (next > 3) controller.close();
      else controller.enqueue(next++);
    },
  });
}

async function readAll(stream: AnyStream): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const KINDS = [
  { kind: 'a generator', create: (): AnyStream => numbers() },
  { kind: 'an iterable', create: (): AnyStream => ({ [Symbol.asyncIterator]: numbers }) },
  { kind: 'a web stream', create: (): AnyStream => webStream() },
  { kind: 'a web stream that iterates through its reader', create: (): AnyStream => ownStream() },
];

describe.each(KINDS)('$kind', ({ create }) => {
  test('read to its end: each item once, and one end', async () => {
    const stream = create();
    const heard = listen(stream);
    expect(isAnyStream(stream)).toBe(true);
    expect(await readAll(stream)).toEqual([1, 2, 3]);
    expect(heard).toEqual({ items: [1, 2, 3], ends: [{ kind: 'complete' }] });
  });

  test('left early', async () => {
    const stream = create();
    const heard = listen(stream);
    for await (const _item of stream) break;
    expect(heard).toEqual({ items: [1], ends: [{ kind: 'left' }] });
  });
});

test('a generator stays the object it was', async () => {
  const stream = numbers();
  const prototype: unknown = Object.getPrototypeOf(stream);
  listen(stream);
  expect(Object.getPrototypeOf(stream)).toBe(prototype);
  expect([Object.keys(stream), await stream.next()]).toEqual([[], { value: 1, done: false }]);
});

test('a stream that breaks passes the very error on', async () => {
  const stream = breaking();
  const heard = listen(stream);
  await expect(readAll(stream)).rejects.toThrow('gone');
  expect(heard.ends).toEqual([{ kind: 'failed', error: new Error('gone') }]);
});

describe('a web stream', () => {
  test('through a reader', async () => {
    const stream = webStream();
    const heard = listen(stream);
    const reader = stream.getReader();
    expect(await reader.read()).toEqual({ done: false, value: 1 });
    await reader.cancel();
    expect(heard).toEqual({ items: [1], ends: [{ kind: 'left' }] });
  });

  test('through tee() and pipeThrough(), items count once', async () => {
    const teed = webStream();
    const heard = listen(teed);
    const [left, right] = teed.tee();
    expect([await readAll(left), await readAll(right)]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(heard).toEqual({ items: [1, 2, 3], ends: [{ kind: 'complete' }] });
    const piped = webStream();
    const heardToo = listen(piped);
    expect(await readAll(piped.pipeThrough(new TransformStream()))).toEqual([1, 2, 3]);
    expect(heardToo.ends).toEqual([{ kind: 'complete' }]);
  });
});

describe('a controller', () => {
  function withController(create: () => AsyncIterator<unknown>): AnyStream & { readonly controller: AbortController } {
    return { controller: new AbortController(), [Symbol.asyncIterator]: create };
  }

  test('aborted while nobody reads ends the stream at once', () => {
    const stream = withController(numbers);
    const heard = listen(stream);
    stream.controller.abort();
    expect(heard.ends).toEqual([{ kind: 'aborted' }]);
  });

  test('aborted by the client because its connection broke: the error is the reason', async () => {
    const stream: ReturnType<typeof withController> = withController(async function* () {
      yield 1;
      stream.controller.abort();
      throw new Error('connection lost');
    });
    const heard = listen(stream);
    await expect(readAll(stream)).rejects.toThrow('connection lost');
    expect(heard.ends).toEqual([{ kind: 'failed', error: new Error('connection lost') }]);
  });
});
