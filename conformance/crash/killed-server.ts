/**
 * Kills a server under load, again and again, and then asks for everything it acknowledged.
 *
 * Senders behave as exporters do: what got no answer is sent again, to the next server. Traces grow over many requests,
 * children before their parents, and over several servers.
 */
import { setTimeout } from 'node:timers/promises';
import { runServer, type RunningClew } from '../support/run-server.ts';
import { compareTraces, type Comparison } from './compare-traces.ts';
import { createWorkload, type Request } from './workload.ts';

export interface CrashOptions {
  readonly dataFolder: string;
  readonly kills: number;
  readonly senders: number;
  /** How long a server lives under load, at least and at most. */
  readonly lifeMillis: readonly [number, number];
  /** From 0 to 1; decides when servers die and nothing else. */
  readonly random: () => number;
  readonly onKill?: (kill: number, acknowledgedSpans: number) => void;
}

export interface CrashReport extends Comparison {
  readonly kills: number;
  readonly acknowledgedRequests: number;
  /** From the start of the process to its first answer, of every start after a kill, ascending. */
  readonly backMillis: readonly number[];
}

export async function killUnderLoad(options: CrashOptions): Promise<CrashReport> {
  const { dataFolder, kills, senders, lifeMillis, random, onKill } = options;
  const workload = createWorkload();
  const backMillis: number[] = [];
  let acknowledgedRequests = 0;

  const start = async (): Promise<RunningClew> => {
    const began = performance.now();
    const server = await runServer(dataFolder, '--no-demo');
    if ((await fetch(`${server.url}/health`)).status !== 200) throw new Error('The server is not well');
    backMillis.push(performance.now() - began);
    return server;
  };

  for (let kill = 1; kill <= kills; kill += 1) {
    const server = await start();
    const over = new AbortController();
    const send = async (): Promise<void> => {
      while (!over.signal.aborted) {
        const request = workload.next();
        if (await isAcknowledged(server.url, request)) {
          workload.acknowledge(request);
          acknowledgedRequests += 1;
        } else {
          workload.giveBack(request);
        }
      }
    };
    const sending = Array.from({ length: senders }, send);
    await setTimeout(lifeMillis[0] + random() * (lifeMillis[1] - lifeMillis[0]));
    await server.kill();
    over.abort();
    await Promise.all(sending);
    onKill?.(kill, workload.acknowledgedSpans());
  }
  // The first start found no data: nothing had to come back.
  backMillis.shift();

  const server = await start();
  try {
    // What was never acknowledged may be there or not; sent once more, everything must be there, once.
    for (const request of workload.unacknowledged()) {
      if (!(await isAcknowledged(server.url, request))) throw new Error('The last server refused a request');
      workload.acknowledge(request);
    }
    const comparison = await compareTraces(server.url, workload.acknowledgedTraces());
    backMillis.sort((a, b) => a - b);
    return { kills, acknowledgedRequests, backMillis, ...comparison };
  } finally {
    await server.kill();
  }
}

/** A server that dies in the middle gives no answer at all; one that is too busy says so. */
async function isAcknowledged(url: string, { body }: Request): Promise<boolean> {
  try {
    const response = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-mlflow-experiment-id': '0' },
      body,
    });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
