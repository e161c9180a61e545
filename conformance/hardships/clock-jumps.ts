/**
 * A server whose clock jumps by hours and days, back and forth, while it runs under load and between its lives: the later
 * of two writes must count whatever the clock says, and every header must say what its spans say.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareTraces, type Comparison } from '../crash/compare-traces.ts';
import { createWorkload } from '../crash/workload.ts';
import { call, createExperiment, someTrace } from '../support/rest.ts';
import { runServerIn } from '../support/run-server.ts';
import { createGate } from './gate.ts';
import { sendSpans, startSending } from './requests.ts';

export interface ClockReport extends Comparison {
  readonly jumps: number;
  readonly restarts: number;
  /** At things that are written again after each jump. */
  readonly looks: number;
  /** Those that did not show the last value. */
  readonly wrongRewrites: readonly string[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Where the clock stands against the true one, and whether the server dies and starts again before it is used. */
const STEPS: readonly { readonly offsetMillis: number; readonly restarts: boolean }[] = [
  { offsetMillis: 0, restarts: true },
  { offsetMillis: -HOUR, restarts: false },
  { offsetMillis: -HOUR, restarts: true },
  { offsetMillis: -2 * HOUR, restarts: true },
  { offsetMillis: DAY, restarts: false },
  { offsetMillis: -HOUR, restarts: false },
  { offsetMillis: -HOUR, restarts: true },
  { offsetMillis: DAY, restarts: true },
  { offsetMillis: 0, restarts: true },
];

/** @param requests - Acknowledged requests of each step, sent by four senders. */
export async function jumpClock(folder: string, requests: number): Promise<ClockReport> {
  const clock = createShiftedClock(folder);
  const data = join(folder, 'data');
  const workload = createWorkload();
  const wrongRewrites: string[] = [];
  let [looks, restarts] = [0, -1];
  let server: Awaited<ReturnType<typeof runServerIn>> | undefined;
  let thing: Rewritten | undefined;

  async function expectValue(url: string, written: Rewritten, value: string, when: string): Promise<void> {
    for (const [what, found] of Object.entries(await readBack(url, written))) {
      looks += 1;
      if (found !== value) wrongRewrites.push(`${when}, ${what} is "${found}" instead of "${value}"`);
    }
  }

  try {
    for (const [step, { offsetMillis, restarts: isStart }] of STEPS.entries()) {
      if (isStart || server === undefined) {
        await server?.kill();
        clock.set(offsetMillis);
        server = await runServerIn(clock.environment, data, '--no-demo');
        restarts += 1;
      }
      const { url } = server;
      // What an earlier life knew has to be in the store.
      if (thing !== undefined) await expectValue(url, thing, `step ${step - 1}`, `before step ${step}`);
      let acknowledged = 0;
      const half = createGate();
      const whole = createGate();
      const sending = startSending(url, 4, {
        next: () => workload.next(),
        onReply(request, reply) {
          if (reply?.status !== 200) {
            workload.giveBack(request);
            return;
          }
          workload.acknowledge(request);
          acknowledged += 1;
          if (acknowledged * 2 >= requests) half.open();
          if (acknowledged >= requests) whole.open();
        },
      });
      await half.opened;
      // While requests are under way.
      clock.set(offsetMillis);
      thing ??= { experimentId: await createExperiment(url, 'rewritten') };
      const value = `step ${step}`;
      await rewrite(url, thing, value);
      await expectValue(url, thing, value, `after ${value}`);
      await whole.opened;
      await sending.stop();
    }
    if (server === undefined) throw new Error('No server was started');
    for (const request of workload.unacknowledged()) {
      if ((await sendSpans(server.url, request.body))?.status !== 200) throw new Error('The last request was refused');
      workload.acknowledge(request);
    }
    const comparison = await compareTraces(server.url, workload.acknowledgedTraces());
    return { jumps: STEPS.length - 1, restarts, looks, wrongRewrites, ...comparison };
  } finally {
    await server?.kill();
  }
}

interface Rewritten {
  readonly experimentId: string;
}

const TRACE = 'c10c'.repeat(8);

/** One value into everything that can be written twice. A late message of the running span must not win. */
async function rewrite(url: string, { experimentId }: Rewritten, value: string): Promise<void> {
  const running = JSON.stringify(someTrace(TRACE, { name: 'still running', endTimeUnixNano: '0' }));
  const ended = JSON.stringify(someTrace(TRACE, { name: value }));
  for (const body of [running, ended, running]) await must200(sendSpans(url, body, experimentId));
  await must200(
    call(url, 'PATCH', `/api/3.0/mlflow/traces/tr-${TRACE}/tags`, { key: 'set later', value }),
    call(url, 'POST', '/api/3.0/mlflow/traces', {
      trace: {
        trace_info: {
          trace_id: `tr-${TRACE}`,
          trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experimentId } },
          request_time: '2025-11-03T09:15:30.250Z',
          state: 'OK',
          request_preview: value,
        },
      },
    }),
    call(url, 'POST', '/api/2.0/mlflow/experiments/update', { experiment_id: experimentId, new_name: value }),
  );
}

async function readBack(url: string, { experimentId }: Rewritten): Promise<Readonly<Record<string, string>>> {
  const trace = await call(url, 'GET', `/api/3.0/mlflow/traces/get?trace_id=tr-${TRACE}&allow_partial=true`);
  const experiment = await call(url, 'GET', `/api/2.0/mlflow/experiments/get?experiment_id=${experimentId}`);
  const { trace_info: info, spans } = (
    trace.body as {
      readonly trace: {
        readonly trace_info: { readonly request_preview: string; readonly tags: Readonly<Record<string, string>> };
        readonly spans: readonly { readonly name: string }[];
      };
    }
  ).trace;
  return {
    'the span': spans.map(({ name }) => name).join(),
    'the name its root gives the trace': info.tags['mlflow.traceName'] ?? '',
    'the tag': info.tags['set later'] ?? '',
    "the client's word": info.request_preview,
    'the experiment': (experiment.body as { readonly experiment: { readonly name: string } }).experiment.name,
  };
}

async function must200(...replies: readonly Promise<{ readonly status: number } | undefined>[]): Promise<void> {
  for (const reply of await Promise.all(replies)) {
    if (reply?.status !== 200) throw new Error(`The server answered ${JSON.stringify(reply)}`);
  }
}

interface ShiftedClock {
  /** Of a server that lives by this clock. */
  readonly environment: Readonly<Record<string, string>>;
  set(offsetMillis: number): void;
}

function createShiftedClock(folder: string): ShiftedClock {
  const file = join(folder, 'clock');
  const preload = fileURLToPath(new URL('shift-clock.cjs', import.meta.url));
  return {
    environment: { CLEW_TEST_CLOCK_FILE: file, NODE_OPTIONS: `--require=${preload}` },
    set(offsetMillis) {
      // Nobody may read half a number.
      writeFileSync(`${file}.new`, String(offsetMillis));
      renameSync(`${file}.new`, file);
    },
  };
}
