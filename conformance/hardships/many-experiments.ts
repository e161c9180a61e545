/** Thousands of experiments with a trace each: made, listed, searched together, counted, and there again after a crash. */
import { CLEW_API, type ExperimentsAnswer } from '@clew/core/api';
import { call, createExperiment, someTrace, type Answer } from '../support/rest.ts';
import { runServer, type RunningClew } from '../support/run-server.ts';
import { readProcessFigures } from './process-figures.ts';
import { forEachBelow, sendSpans } from './requests.ts';

export interface ExperimentsReport {
  readonly experiments: number;
  /** What is not as it should be. */
  readonly wrong: readonly string[];
  /** For each thing that was asked for: how long it took, and the server's processor time. */
  readonly millis: Readonly<Record<string, { readonly wall: number; readonly cpu: number }>>;
  readonly residentMegabytes: Readonly<Record<string, number>>;
}

/** Experiments of one page of the list, the most there may be. */
const PAGE = 1000;
const SENDERS = 32;

export async function makeExperiments(dataFolder: string, experiments: number): Promise<ExperimentsReport> {
  const millis: Record<string, { readonly wall: number; readonly cpu: number }> = {};
  const residentMegabytes: Record<string, number> = {};
  const wrong: string[] = [];
  const expectSame = (what: string, found: unknown, wanted: unknown): void => {
    if (found !== wanted) wrong.push(`${what}: ${String(found)} instead of ${String(wanted)}`);
  };
  let server = await runServer(dataFolder, '--no-demo');
  const timed = async <T>(what: string, task: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const { pid } = server.process;
    const { cpuMillis } = readProcessFigures(server);
    const result = await task();
    millis[what] = {
      wall: Math.round(performance.now() - began),
      // A new process has used what it used since it began.
      cpu: readProcessFigures(server).cpuMillis - (server.process.pid === pid ? cpuMillis : 0),
    };
    return result;
  };

  const ids: string[] = [];
  try {
    residentMegabytes['empty'] = readProcessFigures(server).residentMegabytes;
    await timed('create them', async () =>
      forEachBelow(experiments, SENDERS, async (at) => {
        ids.push(await createExperiment(server.url, nameOf(at)));
      }),
    );
    expectSame('different ids', new Set(ids).size, experiments);
    await timed('a trace in each', async () =>
      forEachBelow(experiments, SENDERS, async (at) => sendTrace(server, ids[at], at)),
    );
    residentMegabytes['with traces'] = readProcessFigures(server).residentMegabytes;

    await look();
    await timed('die by kill -9 and start', async () => {
      await server.kill();
      server = await runServer(dataFolder, '--no-demo');
    });
    await look(' after the start');
    residentMegabytes['at the end'] = readProcessFigures(server).residentMegabytes;
  } finally {
    await server.kill();
  }
  return { experiments, wrong, millis, residentMegabytes };

  async function look(when = ''): Promise<void> {
    const listed = await timed(`list all, ${PAGE} a page${when}`, async () => listNames(server.url));
    expectSame('different names listed', new Set(listed).size, experiments + 1);
    const { experiments: rows } = (await timed(`page with statistics${when}`, async () =>
      ask(server.url, 'GET', `${CLEW_API}/experiments`),
    )) as ExperimentsAnswer;
    expectSame('traces counted', sum(rows.map((row) => row.traceCount)), experiments);
    expectSame('errors counted', sum(rows.map((row) => row.errorCount)), Math.ceil(experiments / 10));
    const search = { experimentIds: ids, filter: '', maxResults: 500 };
    const found = (await timed(`newest 500 of all of them${when}`, async () =>
      ask(server.url, 'POST', `${CLEW_API}/traces/search`, search),
    )) as { readonly traces: readonly unknown[] };
    expectSame('traces of a page across', found.traces.length, Math.min(500, experiments));
    const failed = (await timed(`count of one filter over all of them${when}`, async () =>
      ask(server.url, 'POST', `${CLEW_API}/traces/count`, { experimentIds: ids, filter: 'status:ERROR' }),
    )) as { readonly count: number };
    expectSame('failed traces across', failed.count, Math.ceil(experiments / 10));
  }
}

function nameOf(at: number): string {
  return `experiment number ${at}`;
}

async function sendTrace(server: RunningClew, experimentId = '', at = 0): Promise<void> {
  const trace = someTrace(
    `${'e'.repeat(16)}${(at + 1).toString(16).padStart(16, '0')}`,
    at % 10 === 0 ? { status: { code: 2 } } : {},
  );
  const reply = await sendSpans(server.url, JSON.stringify(trace), experimentId);
  if (reply?.status !== 200) throw new Error(`A trace was refused: ${JSON.stringify(reply)}`);
}

async function listNames(url: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (let token: string | undefined = ''; token !== undefined;) {
    const page = (await ask(url, 'POST', '/api/2.0/mlflow/experiments/search', {
      max_results: PAGE,
      page_token: token,
    })) as { readonly experiments?: readonly { readonly name: string }[]; readonly next_page_token?: string };
    names.push(...(page.experiments ?? []).map(({ name }) => name));
    token = page.next_page_token;
  }
  return names;
}

async function ask(url: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer: Answer = await call(url, method, path, body);
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
