/**
 * From ended spans to an exporter, in the background.
 *
 * Who holds what: the queue holds what has ended; at most one batch is under way; the timer is set while something
 * waits and nothing is under way. Only a flush keeps the process alive.
 */
import type { Attributes, Scope } from '@clew/core';
import type { Drop, DropReason, Settings } from './config.ts';
import type { ExportReport, SpanExporter } from './exporter.ts';
import { finishTrace } from './finish-trace.ts';
import type { LiveSpan } from './live-span.ts';
import { createSpanQueue } from './span-queue.ts';

export interface DeliveryStats {
  /** Spans the destination has taken. */
  readonly sent: number;
  /** Spans that are lost, for whatever reason. */
  readonly dropped: number;
  /** Spans that wait or are under way. */
  readonly queued: number;
  /** Requests made again after a failure. */
  readonly retried: number;
  /** What went wrong last; empty when nothing did. */
  readonly lastError: string;
}

export interface FlushReport {
  readonly sent: number;
  readonly dropped: number;
  /** Not sent when the time was up. */
  readonly pending: number;
}

export interface Delivery {
  /** Takes an ended span. */
  accept(span: LiveSpan): void;
  /** Sends everything that has ended so far, or stops waiting after `timeoutMillis`. Never rejects. */
  flush(timeoutMillis: number): Promise<FlushReport>;
  /** A flush after which nothing more is taken. */
  shutdown(timeoutMillis: number): Promise<FlushReport>;
  /** The process wants to end: failures are not waited out any more. */
  hurry(): void;
  stats(): DeliveryStats;
}

export interface DeliveryParts {
  readonly exporter: SpanExporter;
  readonly settings: Pick<Settings, 'maxQueuedSpans' | 'maxQueuedBytes' | 'delayMillis' | 'onDrop'>;
  readonly scope: Scope;
  readonly resource: Attributes;
  /** Tells a person. */
  warn(message: string): void;
  /** Runs `fn` outside of every trace: our own requests are nobody's child. */
  runOutside<T>(fn: () => T): T;
}

const MAX_BATCH_SPANS = 512;
/** Servers take 16 MiB by default; text grows when it becomes JSON. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

export function createDelivery(parts: DeliveryParts): Delivery {
  const { exporter, settings, scope, resource } = parts;
  const queue = createSpanQueue({ maxSpans: settings.maxQueuedSpans, maxBytes: settings.maxQueuedBytes });
  const drops = createDropReport(parts);
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> | undefined;
  let accepted = 0;
  /** Of the accepted ones: sent or lost. */
  let settled = 0;
  let sent = 0;
  let retried = 0;
  let isShut = false;

  function schedule(): void {
    if (underWay !== undefined || queue.length === 0) return;
    if (queue.length >= MAX_BATCH_SPANS) {
      startSending();
    } else if (timer === undefined) {
      timer = parts.runOutside(() => setTimeout(startSending, settings.delayMillis));
      timer.unref();
    }
  }

  function startSending(): void {
    clearTimeout(timer);
    timer = undefined;
    underWay ??= parts.runOutside(sendBatches).finally(() => {
      underWay = undefined;
      schedule();
    });
  }

  /** Goes on while whole batches wait, and at least until what waited at its start is sent. */
  async function sendBatches(): Promise<void> {
    let due = queue.length;
    while (due > 0) {
      const spans = queue.take(MAX_BATCH_SPANS, MAX_BATCH_BYTES);
      if (spans.length === 0) return;
      due = Math.max(due - spans.length, queue.length >= MAX_BATCH_SPANS ? 1 : 0);
      count(await sendBatch(spans));
      settled += spans.length;
    }
  }

  async function sendBatch(spans: readonly LiveSpan[]): Promise<ExportReport> {
    try {
      const roots = spans.filter((span) => span.isRoot && !span.trace.isRemote);
      const batch = { spans: spans.map((span) => span.toSpan(scope, resource)), traces: roots.map(finishTrace) };
      return await exporter.export(batch);
    } catch (error) {
      // An exporter must not reject; a foreign one may.
      const detail = error instanceof Error ? error.message : String(error);
      return { sentSpans: 0, retries: 0, lost: [{ spans: spans.length, reason: 'internal error', detail }] };
    }
  }

  function count(report: ExportReport): void {
    sent += report.sentSpans;
    retried += report.retries;
    if (report.sentSpans > 0) drops.recovered();
    for (const { spans, reason, detail } of report.lost) drops.add(spans, reason, detail);
  }

  /** What ends meanwhile may be sent too, but is not waited for. */
  async function drain(): Promise<void> {
    const goal = accepted;
    const isDone = (): boolean => settled >= goal;
    while (!isDone()) {
      startSending();
      await underWay;
    }
  }

  async function flush(timeoutMillis: number): Promise<FlushReport> {
    let deadline: NodeJS.Timeout | undefined;
    const timeUp = new Promise<void>((resolve) => {
      // Not unref'd: it keeps the process alive while unref'd retry timers run, and no longer.
      deadline = setTimeout(resolve, timeoutMillis);
    });
    await Promise.race([drain(), timeUp]);
    clearTimeout(deadline);
    return { sent, dropped: drops.total(), pending: accepted - settled };
  }

  return {
    accept(span) {
      if (isShut) return drops.add(1, 'shut down', 'spans ended after shutdown()');
      if (!queue.push(span)) return drops.add(1, 'queue full', `${queue.length} spans are waiting`);
      accepted += 1;
      schedule();
    },
    flush,
    hurry: () => exporter.hurry?.(),
    async shutdown(timeoutMillis) {
      isShut = true;
      exporter.hurry?.();
      return flush(timeoutMillis);
    },
    stats: () => ({
      sent,
      dropped: drops.total(),
      queued: accepted - settled,
      retried,
      lastError: drops.last(),
    }),
  };
}

interface DropReport {
  add(spans: number, reason: DropReason, detail: string): void;
  /** Something got through: the next drop is a new episode. */
  recovered(): void;
  total(): number;
  last(): string;
}

/** Counts losses and tells of them: each to `onDrop`, the first of an episode to the console. */
function createDropReport(parts: DeliveryParts): DropReport {
  let total = 0;
  let last = '';
  let hasWarned = false;

  function tell(drop: Drop): void {
    try {
      parts.settings.onDrop?.(drop);
    } catch {
      // The user's own callback: its failure must not become ours.
    }
  }

  return {
    add(spans, reason, detail) {
      total += spans;
      last = `${reason}: ${detail}`;
      tell({ spans, reason, detail });
      if (hasWarned) return;
      hasWarned = true;
      parts.warn(`Cannot deliver ${spans === 0 ? 'a trace header' : `${spans} spans`}: ${last}`);
    },
    recovered() {
      hasWarned = false;
    },
    total: () => total,
    last: () => last,
  };
}
