import { afterEach, describe, expect, test, vi } from 'vitest';
import { flush, init, startSpan, stats } from './api.ts';
import type { ExportBatch, SpanExporter } from './exporter.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('bounds', () => {
  /** Takes a batch and never answers until told to. */
  function createStuckExporter(): SpanExporter & { readonly batches: ExportBatch[]; release(): void } {
    const batches: ExportBatch[] = [];
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    return {
      batches,
      release: () => release(),
      async export(batch) {
        batches.push(batch);
        await gate;
        return { sentSpans: batch.spans.length, retries: 0, lost: [] };
      },
    };
  }

  test.each([
    { why: 'by count', options: { maxQueuedSpans: 10 }, inputs: 'x' },
    { why: 'by memory', options: { maxQueuedBytes: 20_000 }, inputs: 'x'.repeat(1000) },
  ])('$why: what does not fit is dropped, counted and told', async ({ options, inputs }) => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const exporter = createStuckExporter();
    init({ exporter, ...options });
    for (let at = 0; at < 50; at += 1) startSpan({ name: 'a', parent: null, inputs }).end();
    const { queued, dropped, lastError } = stats();
    expect(queued + dropped).toBe(50);
    expect(queued).toBeGreaterThan(5);
    expect(queued).toBeLessThan(15);
    expect(lastError).toContain('queue full');
    exporter.release();
    expect(await flush()).toMatchObject({ sent: queued, dropped });
  });

  test('a flush stops waiting when its time is up', async () => {
    const exporter = createStuckExporter();
    init({ exporter });
    startSpan({ name: 'a' }).end();
    expect(await flush(1)).toEqual({ sent: 0, dropped: 0, pending: 1 });
    exporter.release();
    expect(await flush()).toEqual({ sent: 1, dropped: 0, pending: 0 });
  });

  test('five thousand spans leave in batches', async () => {
    const exporter = createStuckExporter();
    exporter.release();
    init({ exporter });
    for (let at = 0; at < 5000; at += 1) startSpan({ name: 'a', parent: null }).end();
    expect(await flush()).toMatchObject({ sent: 5000, dropped: 0 });
    expect(Math.max(...exporter.batches.map(({ spans }) => spans.length))).toBeLessThanOrEqual(512);
  });

  test('an exporter that throws loses its batch and nothing else', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    init({ exporter: { export: () => Promise.reject(new Error('broken')) } });
    startSpan({ name: 'a' }).end();
    expect(await flush()).toEqual({ sent: 0, dropped: 1, pending: 0 });
    expect(stats().lastError).toBe('internal error: broken');
  });

  test('after shutdown nothing is taken', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const handle = init({ exporter: createStuckExporter() });
    expect(await handle.shutdown()).toMatchObject({ pending: 0 });
    startSpan({ name: 'late' }).end();
    expect(handle.stats()).toMatchObject({ dropped: 1, queued: 0 });
  });
});
