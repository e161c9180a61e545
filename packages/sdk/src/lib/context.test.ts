import { AsyncLocalStorage } from 'node:async_hooks';
import {
  context,
  ROOT_CONTEXT,
  trace,
  type Context,
  type ContextManager,
  type Span as OtelSpan,
} from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { flush, getCurrentActiveSpan, init, startSpan, withSpan } from './api.ts';
import { createMemoryExporter, type MemoryExporter } from './export-memory.ts';

/** What every OpenTelemetry SDK for Node registers. */
function createContextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, fn, self, ...args) =>
      storage.run(active, () => fn.apply(self as ThisParameterType<typeof fn>, args)),
    bind: (_active, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}

const FOREIGN = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: 1 };

let memory: MemoryExporter;

beforeEach(() => {
  memory = createMemoryExporter();
  init({ exporter: memory });
});

afterEach(async () => {
  context.disable();
  await flush();
});

describe("beside another's OpenTelemetry", () => {
  beforeEach(() => {
    context.setGlobalContextManager(createContextManager());
  });

  test('our span is active there too, so their spans nest below it', async () => {
    await withSpan({ name: 'ours' }, async (span) => {
      expect(trace.getSpan(context.active())).toBe(span);
      await Promise.resolve();
      expect(trace.getSpanContext(context.active())).toMatchObject({ spanId: span.spanId });
    });
    expect(trace.getSpan(context.active())).toBeUndefined();
  });

  test('a root of ours stays a root below their span, and links to it', async () => {
    const foreign = trace.wrapSpanContext(FOREIGN);
    context.with(trace.setSpan(ROOT_CONTEXT, foreign), () => withSpan({ name: 'ours' }, () => {}));
    await flush();
    expect(memory.spans[0]?.parentSpanId).toBeUndefined();
    expect(memory.spans[0]?.links).toMatchObject([{ traceId: FOREIGN.traceId, spanId: FOREIGN.spanId }]);
  });

  test('their span between two of ours does not break our tree', async () => {
    withSpan({ name: 'outer' }, () => {
      const foreign = trace.wrapSpanContext(FOREIGN);
      context.with(trace.setSpan(context.active(), foreign), () => withSpan({ name: 'inner' }, () => {}));
    });
    await flush();
    const [inner, outer] = memory.spans;
    expect([inner?.parentSpanId, inner?.links]).toEqual([outer?.spanId, []]);
  });

  test('a span of theirs may be named as parent', async () => {
    startSpan({ name: 'ours', parent: trace.wrapSpanContext(FOREIGN) }).end();
    await flush();
    expect(memory.spans[0]).toMatchObject({ traceId: FOREIGN.traceId, parentSpanId: FOREIGN.spanId });
  });
});

test('our own requests are made outside of every trace', async () => {
  context.setGlobalContextManager(createContextManager());
  const active: (OtelSpan | null | undefined)[] = [];
  init({
    exporter: {
      async export({ spans }) {
        await Promise.resolve();
        active.push(getCurrentActiveSpan(), trace.getSpan(context.active()));
        return { sentSpans: spans.length, retries: 0, lost: [] };
      },
    },
  });
  await withSpan({ name: 'outer' }, async () => {
    startSpan({ name: 'a' }).end();
    await flush();
  });
  expect(active).toEqual([null, undefined]);
});

test('whatever is given as parent, a span starts', () => {
  const odd = [
    { traceId: 'x', spanId: 'y', traceFlags: 1 },
    {
      spanContext: () => {
        throw new Error('no');
      },
    },
  ];
  for (const parent of odd) expect(startSpan({ parent: parent as unknown as OtelSpan }).parentId).toBeNull();
});
