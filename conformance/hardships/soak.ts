/**
 * Hours in miniature: first as much as the server takes, for a moment, to learn what that is; then half of it for as long
 * as asked. Memory and handles are read from outside, and `/health` is asked all the time.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { judgeRow, readSpanIds } from '../crash/compare-traces.ts';
import { createWorkload, type Request, type Workload } from '../crash/workload.ts';
import { searchAll } from '../support/rest.ts';
import { runServer } from '../support/run-server.ts';
import { measureFolder, quantileOf, readProcessFigures, slopeOf, type ProcessFigures } from './process-figures.ts';
import { send, sendSpans, startSending, type Reply } from './requests.ts';

export interface SoakReport {
  readonly seconds: number;
  readonly fullSpansASecond: number;
  readonly spansASecond: number;
  readonly acknowledgedSpans: number;
  /** Requests that were refused or got no answer; they were sent again. */
  readonly refused: number;
  readonly samples: readonly ProcessFigures[];
  /** Of the resident memory, over the second half. */
  readonly megabytesAMinute: number;
  readonly health: { readonly asked: number; readonly medianMillis: number; readonly p99Millis: number };
  /** Of this process's own loop: what it adds to the answer times above. */
  readonly ownDelayP99Millis: number;
  readonly cpuMicrosASpan: number;
  readonly diskMegabytes: number;
  readonly sentTraces: number;
  readonly storedTraces: number;
  /** As the rows of all traces say. */
  readonly storedSpans: number;
  readonly wrongHeaders: number;
  /** Traces that were read back span by span, and what was amiss with those spans. */
  readonly looked: { readonly traces: number; readonly lost: number; readonly doubled: number };
}

export interface SoakOptions {
  readonly seconds: number;
  /** For how long as much as possible is sent. */
  readonly fullSeconds: number;
  readonly sampleEverySeconds: number;
  readonly onSample?: (sample: ProcessFigures, acknowledgedSpans: number) => void;
}

/** Requests on their way at once while as much as possible is sent. */
const RUSHING_SENDERS = 32;
const HEALTH_EVERY_MILLIS = 100;
/** Traces that are read back span by span at the end. */
const LOOKED_TRACES = 500;

export async function soak(dataFolder: string, options: SoakOptions): Promise<SoakReport> {
  const { seconds, fullSeconds, sampleEverySeconds, onSample } = options;
  const workload = createWorkload();
  const samples: ProcessFigures[] = [];
  const healthMillis: number[] = [];
  const ownDelay = monitorEventLoopDelay({ resolution: 10 });
  let refused = 0;
  const onReply = (request: Request, reply: Reply | undefined): void => {
    if (reply?.status === 200) {
      workload.acknowledge(request);
      return;
    }
    workload.giveBack(request);
    refused += 1;
  };
  const server = await runServer(dataFolder, '--no-demo');
  try {
    const { url } = server;
    const rush = startSending(url, RUSHING_SENDERS, { next: () => workload.next(), onReply });
    await setTimeout(fullSeconds * 1000);
    await rush.stop();
    const fullSpansASecond = workload.acknowledgedSpans() / fullSeconds;

    const spansBefore = workload.acknowledgedSpans();
    const cpuBefore = readProcessFigures(server).cpuMillis;
    const began = performance.now();
    const elapsed = (): number => (performance.now() - began) / 1000;
    ownDelay.enable();
    const asking = askHealth(url, healthMillis, () => elapsed() >= seconds);
    const sending = sendSteadily(url, workload, fullSpansASecond / 2, onReply, () => elapsed() >= seconds);
    while (elapsed() < seconds) {
      await setTimeout(Math.min(sampleEverySeconds, Math.max(0, seconds - elapsed())) * 1000);
      const sample = readProcessFigures(server);
      samples.push(sample);
      onSample?.(sample, workload.acknowledgedSpans());
    }
    await Promise.all([asking, sending]);
    ownDelay.disable();
    const sentSteadily = workload.acknowledgedSpans() - spansBefore;
    const cpuMillis = readProcessFigures(server).cpuMillis - cpuBefore;
    for (const request of workload.unacknowledged()) onReply(request, await sendSpans(url, request.body));
    const resident = samples.map((sample) => sample.residentMegabytes);
    return {
      seconds,
      fullSpansASecond: Math.round(fullSpansASecond),
      spansASecond: Math.round(sentSteadily / seconds),
      acknowledgedSpans: workload.acknowledgedSpans(),
      refused,
      samples,
      megabytesAMinute: round(slopeOf(resident.slice(resident.length / 2)) * (60 / sampleEverySeconds)),
      health: {
        asked: healthMillis.length,
        medianMillis: round(quantileOf(healthMillis, 0.5)),
        p99Millis: round(quantileOf(healthMillis, 0.99)),
      },
      ownDelayP99Millis: round(ownDelay.percentile(99) / 1e6),
      cpuMicrosASpan: Math.round((cpuMillis * 1000) / sentSteadily),
      diskMegabytes: measureFolder(dataFolder),
      ...(await lookAtTraces(url, workload)),
    };
  } finally {
    await server.kill();
  }
}

/** A request whenever one is due, whether those before were answered or not. */
async function sendSteadily(
  url: string,
  workload: Workload,
  spansASecond: number,
  onReply: (request: Request, reply: Reply | undefined) => void,
  isOver: () => boolean,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const began = performance.now();
  for (let sent = 0; !isOver();) {
    const due = (spansASecond * (performance.now() - began)) / 1000;
    while (sent < due) {
      const request = workload.next();
      sent += request.spans.length;
      const task = sendSpans(url, request.body).then((reply) => onReply(request, reply));
      underWay.add(task);
      void task.then(() => underWay.delete(task));
    }
    await setTimeout(5);
  }
  await Promise.all(underWay);
}

async function askHealth(url: string, millis: number[], isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const began = performance.now();
    const reply = await send(url, 'GET', '/health');
    if (reply?.status !== 200) throw new Error(`/health answered ${JSON.stringify(reply)}`);
    millis.push(performance.now() - began);
    await setTimeout(HEALTH_EVERY_MILLIS);
  }
}

async function lookAtTraces(
  url: string,
  workload: Workload,
): Promise<Pick<SoakReport, 'sentTraces' | 'storedTraces' | 'storedSpans' | 'wrongHeaders' | 'looked'>> {
  const sent = workload.acknowledgedTraces();
  const rows = new Map((await searchAll(url, '0')).map((row) => [row.info.trace_id, row]));
  const wrongHeaders = [...sent].filter(([id, spans]) => judgeRow(rows.get(`tr-${id}`), spans) !== undefined).length;
  const every = Math.max(1, Math.floor(sent.size / LOOKED_TRACES));
  let [traces, lost, doubled] = [0, 0, 0];
  for (const [at, [id, spans]] of [...sent].entries()) {
    if (at % every !== 0) continue;
    const stored = await readSpanIds(url, id);
    const known = new Set(stored);
    traces += 1;
    lost += spans.filter((span) => !known.has(span.spanId)).length;
    doubled += stored.length - known.size;
  }
  return {
    sentTraces: sent.size,
    storedTraces: rows.size,
    storedSpans: [...rows.values()].reduce((total, row) => total + row.spanCount, 0),
    wrongHeaders,
    looked: { traces, lost, doubled },
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
