import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import {
  flush,
  getActiveTraceId,
  getCurrentActiveSpan,
  getLastActiveTraceId,
  init,
  startSpan,
  stats,
  trace,
  updateCurrentTrace,
  withSpan,
} from './api.ts';
import { createMemoryExporter, type MemoryExporter } from './export-memory.ts';
import type { Span as SpanRecord } from '@clew/core';

let memory: MemoryExporter;

beforeEach(() => {
  memory = createMemoryExporter();
  init({ exporter: memory });
});

afterEach(async () => {
  await flush();
});

async function ended(): Promise<readonly SpanRecord[]> {
  await flush();
  return memory.spans;
}

async function endedOne(): Promise<SpanRecord> {
  const [span, ...others] = await ended();
  if (span === undefined || others.length > 0) throw new Error(`expected one span, got ${others.length + 1}`);
  return span;
}

describe('withSpan()', () => {
  test('a sync function stays sync, and its result is the outputs', async () => {
    const result = withSpan({ name: 'add', spanType: 'TOOL', inputs: { a: 1 } }, () => 42);
    expectTypeOf(result).toEqualTypeOf<number>();
    expect(result).toBe(42);
    expect(await endedOne()).toMatchObject({
      name: 'add',
      status: { code: 'ok' },
      attributes: { 'mlflow.spanType': 'TOOL', 'mlflow.spanInputs': { a: 1 }, 'mlflow.spanOutputs': 42 },
    });
  });

  test('a promise keeps the span open until it settles', async () => {
    const promise = withSpan((span) => Promise.resolve(span.spanId));
    expectTypeOf(promise).toEqualTypeOf<Promise<string>>();
    const spanId = await promise;
    expect(await endedOne()).toMatchObject({ spanId, attributes: { 'mlflow.spanOutputs': spanId } });
  });

  test('what it throws is recorded and thrown on, the same object', async () => {
    const error = new RangeError('too far', { cause: new Error('no map') });
    expect(() =>
      withSpan({ name: 'walk' }, () => {
        throw error;
      }),
    ).toThrow(error);
    const span = await endedOne();
    expect(span.status).toEqual({ code: 'error', message: 'too far' });
    expect(span.events).toMatchObject([
      { name: 'exception', attributes: { 'exception.type': 'RangeError', 'exception.message': 'too far' } },
    ]);
    expect(span.events[0]?.attributes['exception.stacktrace']).toContain('Caused by: Error: no map');
  });

  test('a rejection is recorded and stays the same', async () => {
    const error = new Error('late');
    await expect(withSpan({ name: 'walk' }, () => Promise.reject(error))).rejects.toBe(error);
    expect(await endedOne()).toMatchObject({ status: { code: 'error', message: 'late' } });
  });

  test('a lazy thenable is not started by us', async () => {
    let starts = 0;
    const then = (onFulfilled: (rows: readonly number[]) => unknown): Promise<unknown> => {
      starts += 1;
      return Promise.resolve([1, 2]).then(onFulfilled);
    };
    const query = {} as PromiseLike<readonly number[]>;
    Reflect.set(query, 'then', then);
    const result = withSpan({ name: 'query' }, () => query);
    expect(result).toBe(query);
    await flush();
    expect({ starts, spans: memory.spans.length }).toEqual({ starts: 0, spans: 0 });
    expect(await result).toEqual([1, 2]);
    expect({ starts, outputs: (await endedOne()).attributes['mlflow.spanOutputs'] }).toEqual({
      starts: 1,
      outputs: [1, 2],
    });
  });

  test('outputs set by hand win, also over undefined', async () => {
    withSpan({ name: 'a' }, (span) => {
      span.setOutputs('mine');
      return 'returned';
    });
    expect(await endedOne()).toMatchObject({ attributes: { 'mlflow.spanOutputs': 'mine' } });
  });

  test('inputs are those of the call, not of later', async () => {
    const messages = ['hi'];
    withSpan({ name: 'a', inputs: messages }, () => messages.push('changed'));
    expect(await endedOne()).toMatchObject({ attributes: { 'mlflow.spanInputs': ['hi'] } });
  });
});

describe('nesting', () => {
  test('follows awaits and parallel branches', async () => {
    await withSpan({ name: 'root' }, async () => {
      await Promise.all(
        ['a', 'b'].map((name) =>
          withSpan({ name }, async () => {
            await new Promise((resolve) => setImmediate(resolve));
            withSpan({ name: `${name}.child` }, () => {});
          }),
        ),
      );
    });
    const spans = await ended();
    const nameOf = (spanId: string | undefined): string => spans.find((one) => one.spanId === spanId)?.name ?? 'none';
    expect(Object.fromEntries(spans.map((span) => [span.name, nameOf(span.parentSpanId)]))).toEqual({
      'a.child': 'a',
      'b.child': 'b',
      a: 'root',
      b: 'root',
      root: 'none',
    });
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(1);
  });

  test('two thousand roots at once keep their children apart', async () => {
    await Promise.all(
      Array.from({ length: 2000 }, (_, at) =>
        withSpan({ name: `root ${at}` }, async () => {
          await Promise.resolve();
          withSpan({ name: `child ${at}` }, () => {});
        }),
      ),
    );
    const spans = await ended();
    const roots = new Map<string, string>(
      spans.filter((span) => span.parentSpanId === undefined).map((span) => [span.spanId, span.name]),
    );
    const children = spans.filter((span) => span.parentSpanId !== undefined);
    expect(children).toHaveLength(2000);
    expect(
      children.every((child) => roots.get(String(child.parentSpanId)) === child.name.replace('child', 'root')),
    ).toBe(true);
  });

  test('nothing is active outside', () => {
    withSpan({ name: 'a' }, () => {
      expect(getCurrentActiveSpan()?.name).toBe('a');
    });
    expect([getCurrentActiveSpan(), getActiveTraceId()]).toEqual([null, undefined]);
  });
});

describe('startSpan()', () => {
  test('is not active, and takes a parent', async () => {
    const parent = startSpan({ name: 'parent', startTime: 1_700_000_000_000 });
    expect(getCurrentActiveSpan()).toBeNull();
    const child = startSpan({ name: 'child', parent });
    const grandchild = child.run(() => startSpan({ name: 'grandchild' }));
    grandchild.end();
    child.end();
    parent.end({ outputs: 0, status: 'ERROR', endTime: 1_700_000_001_000 });
    const spans = await ended();
    expect(spans.map((span) => [span.name, span.parentSpanId])).toEqual([
      ['grandchild', child.spanId],
      ['child', parent.spanId],
      ['parent', undefined],
    ]);
    expect(spans[2]).toMatchObject({
      start: 1_700_000_000_000_000_000n,
      end: 1_700_000_001_000_000_000n,
      status: { code: 'error' },
      attributes: { 'mlflow.spanOutputs': 0 },
    });
  });

  test('null forces a new trace inside an active span', () => {
    withSpan({ name: 'outer' }, (outer) => {
      expect(startSpan({ parent: null }).traceId).not.toBe(outer.traceId);
      expect(startSpan().traceId).toBe(outer.traceId);
    });
  });

  test('a remote parent is joined, and its trace is not ours to sum up', async () => {
    const remote = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: 1 };
    startSpan({ name: 'here', parent: remote }).end();
    expect(await endedOne()).toMatchObject({ traceId: remote.traceId, parentSpanId: remote.spanId });
    expect(memory.traces).toEqual([]);
  });

  test('a second end and changes after the end are ignored', async () => {
    const span = startSpan({ name: 'once' });
    span.end({ outputs: 1 });
    span.setOutputs(2).updateName('twice');
    span.end({ outputs: 3 });
    expect(await endedOne()).toMatchObject({ name: 'once', attributes: { 'mlflow.spanOutputs': 1 } });
  });
});

describe('trace()', () => {
  test('keeps this, name, length, own properties and the type', () => {
    const add = Object.assign(
      function add(this: { base: number }, a: number, b: number) {
        return this.base + a + b;
      },
      { tag: 'x' },
    );
    const traced = trace(add);
    expectTypeOf(traced).toEqualTypeOf<typeof add>();
    expect(traced.call({ base: 1 }, 2, 3)).toBe(6);
    expect([traced.name, traced.length, traced.tag]).toEqual(['add', 2, 'x']);
    expect(trace(traced)).toBe(traced);
  });

  test.each([
    { why: 'one object is taken as it is', args: [{ q: 1 }], options: {}, inputs: { q: 1 } },
    { why: 'a falsy argument is one', args: [0], options: {}, inputs: { args: [0] } },
    { why: 'several go into a list', args: ['a', 'b'], options: {}, inputs: { args: ['a', 'b'] } },
    { why: 'names are taken in order', args: ['a', 'b'], options: { argNames: ['x'] }, inputs: { x: 'a', arg1: 'b' } },
    { why: 'none', args: [], options: {}, inputs: {} },
    { why: 'own inputs', args: ['a'], options: { inputs: () => 'secret' }, inputs: 'secret' },
  ])('inputs: $why', async ({ args, options, inputs }) => {
    trace((..._args: readonly unknown[]) => undefined, options)(...args);
    expect((await endedOne()).attributes['mlflow.spanInputs']).toEqual(inputs);
  });

  test('a generator: one span around its body, and only its body', async () => {
    const count = trace(function* count(to: number): Generator<number, string> {
      for (let at = 1; at <= to; at += 1) {
        withSpan({ name: `inside ${at}` }, () => {});
        yield at;
      }
      return 'done';
    });
    withSpan({ name: 'outer' }, () => {
      for (const item of count(2)) withSpan({ name: `between ${item}` }, () => {});
    });
    const spans = await ended();
    const generator = spans.find((span) => span.name === 'count');
    const outer = spans.find((span) => span.name === 'outer');
    expect(generator).toMatchObject({
      parentSpanId: outer?.spanId,
      attributes: { 'mlflow.spanOutputs': { items: [1, 2], returned: 'done' }, 'clew.stream.items': 2 },
    });
    const parents = spans.map((span) => [span.name, span.parentSpanId]);
    expect(parents).toContainEqual(['inside 2', generator?.spanId]);
    expect(parents).toContainEqual(['between 2', outer?.spanId]);
  });

  test.each([
    {
      why: 'exhausted',
      leave: false,
      fails: false,
      is: { status: { code: 'ok' }, attributes: { 'mlflow.spanOutputs': 'ab' } },
    },
    {
      why: 'left early',
      leave: true,
      fails: false,
      is: { status: { code: 'ok' }, attributes: { 'mlflow.spanOutputs': 'a', 'clew.stream.abandoned': true } },
    },
    {
      why: 'failed',
      leave: false,
      fails: true,
      is: { status: { code: 'error', message: 'cut' }, attributes: { 'mlflow.spanOutputs': 'a' } },
    },
  ])('an async generator, $why', async ({ leave, fails, is }) => {
    const stream = trace(
      async function* stream() {
        yield 'a';
        if (fails) throw new Error('cut');
        yield 'b';
      },
      { outputReducer: (items) => items.join('') },
    );
    const read = async (): Promise<void> => {
      for await (const _item of stream()) if (leave) break;
    };
    await read().catch(() => {});
    expect(await endedOne()).toMatchObject(is);
  });

  test('a generator nobody starts leaves no span', async () => {
    trace(function* never() {
      yield 1;
    })();
    expect(await ended()).toEqual([]);
  });
});

describe('the trace as a whole', () => {
  test('updateCurrentTrace() reaches header and root, from any depth', async () => {
    withSpan({ name: 'root', inputs: { messages: [{ role: 'user', content: 'Hello?' }] } }, () => {
      withSpan({ name: 'child' }, () => {
        updateCurrentTrace({
          session: 's-1',
          user: 'ada',
          tags: { env: 'prod', n: 3 },
          metadata: { build: 'x' },
          clientRequestId: 'req-1',
          requestPreview: 'A greeting',
        });
      });
      return { choices: [{ message: { role: 'assistant', content: 'Hi.' } }] };
    });
    await flush();
    expect(memory.traces).toMatchObject([
      {
        name: 'root',
        state: 'OK',
        clientRequestId: 'req-1',
        requestPreview: 'A greeting',
        metadata: {
          'mlflow.trace_schema.version': '3',
          'mlflow.trace.session': 's-1',
          'mlflow.trace.user': 'ada',
          build: 'x',
        },
        tags: { 'mlflow.traceName': 'root', env: 'prod', n: '3' },
      },
    ]);
    expect(memory.spans.find((span) => span.name === 'root')?.attributes).toMatchObject({
      'session.id': 's-1',
      'user.id': 'ada',
      'mlflow.traceTag.env': 'prod',
    });
  });

  test('the state may differ from the root span', async () => {
    withSpan({ name: 'root' }, () => updateCurrentTrace({ state: 'ERROR' }));
    await flush();
    expect([memory.traces[0]?.state, memory.spans[0]?.status]).toEqual(['ERROR', { code: 'ok' }]);
  });

  test('a child that ends after its root is not lost', async () => {
    const late = withSpan({ name: 'root' }, () => startSpan({ name: 'late' }));
    expect(getLastActiveTraceId()).toBe(late.traceId);
    late.end();
    expect((await ended()).map((span) => span.name)).toEqual(['root', 'late']);
  });
});

describe('switched off', () => {
  test.each([{ options: { enabled: false } }, { options: { samplingRatio: 0 } }])('$options', async ({ options }) => {
    init({ ...options, exporter: memory });
    expect(withSpan({ name: 'a' }, (span) => span.isRecording())).toBe(false);
    expect(await ended()).toEqual([]);
    expect(stats()).toMatchObject({ sent: 0, dropped: 0, queued: 0 });
  });
});
