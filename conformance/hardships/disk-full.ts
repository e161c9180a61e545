/**
 * A data folder whose disk has no room left while spans arrive: first too little for a part, then none at all, with the
 * server killed and started, and stopped and started, in between. What was refused is sent again once there is room.
 */
import { CLEW_API } from '@clew/core/api';
import { compareTraces, type Comparison } from '../crash/compare-traces.ts';
import { createWorkload, type Request } from '../crash/workload.ts';
import { runClew, runServer } from '../support/run-server.ts';
import { createGate } from './gate.ts';
import { send, sendSpans, startSending, type Reply } from './requests.ts';
import type { SmallDisk } from './small-disk.ts';

export interface DiskFullReport extends Comparison {
  /** Span requests that were refused, and everything else that wanted to write, by status. */
  readonly refused: Readonly<Record<string, number>>;
  readonly refusedWithoutRetryAfter: number;
  /** Different ones of refusals. */
  readonly messages: readonly string[];
  /** Reads on the full disk, by status. */
  readonly reads: Readonly<Record<string, number>>;
  /** Reads by a server that was started on the full disk. */
  readonly readsAfterStart: Readonly<Record<string, number>>;
  /** What `clew server` says and ends with where there is no room for the file that names its process. */
  readonly refusedStart: string;
  /** Other writes, once there was room. */
  readonly writesAfterwards: Readonly<Record<string, number>>;
}

/** Enough for a file, too little for the megabyte the engine wants to have for a part. */
const TOO_LITTLE_BYTES = 600_000;

/** @param requests - Span requests for each of the three phases: with room, with too little, with none. */
export async function fillDisk(disk: SmallDisk, requests: number): Promise<DiskFullReport> {
  const workload = createWorkload();
  const [refused, reads, readsAfterStart, writesAfterwards] = [newTally(), newTally(), newTally(), newTally()];
  const messages = new Set<string>();
  let refusedWithoutRetryAfter = 0;

  const noteRefusal = (reply: Reply | undefined): void => {
    refused.count(reply);
    if (reply === undefined) return;
    messages.add(reply.body);
    if (reply.retryAfter === undefined) refusedWithoutRetryAfter += 1;
  };
  const noteReply = (request: Request, reply: Reply | undefined): void => {
    if (reply?.status === 200) {
      workload.acknowledge(request);
      return;
    }
    workload.giveBack(request);
    noteRefusal(reply);
  };

  async function phase(url: string, before?: () => void): Promise<void> {
    let replies = 0;
    const enough = createGate();
    const sending = startSending(url, 4, {
      next: () => workload.next(),
      onReply(request, reply) {
        noteReply(request, reply);
        replies += 1;
        if (replies >= requests) enough.open();
      },
    });
    // In the middle of the load, as it happens.
    before?.();
    await enough.opened;
    await sending.stop();
  }

  let server = await runServer(disk.path, '--no-demo');
  try {
    await phase(server.url);
    await phase(server.url, () => disk.fill(TOO_LITTLE_BYTES));
    await phase(server.url, () => disk.fill(0));
    // The engine may have given room back since: merges that failed, parts that were merged.
    disk.fill(0);
    const [traceId = ''] = workload.acknowledgedTraces().keys();
    for (const write of otherWrites(traceId)) noteRefusal(await send(server.url, ...write));
    for (const read of readsOf(traceId)) reads.count(await send(server.url, ...read));
    await server.kill();
    disk.fill(0);
    server = await runServer(disk.path, '--no-demo');
    for (const read of readsOf(traceId)) readsAfterStart.count(await send(server.url, ...read));
    await server.stop();
    disk.fill(0);
    const { output } = await runClew('server', '--port', '0', '--data', disk.path, '--no-demo');
    disk.makeRoom();
    server = await runServer(disk.path, '--no-demo');
    for (const write of otherWrites(traceId)) writesAfterwards.count(await send(server.url, ...write));
    for (const request of workload.unacknowledged()) {
      const reply = await sendSpans(server.url, request.body);
      if (reply?.status !== 200) throw new Error(`With room again the server answered ${JSON.stringify(reply)}`);
      workload.acknowledge(request);
    }
    const comparison = await compareTraces(server.url, workload.acknowledgedTraces());
    return {
      refused: refused.counts(),
      refusedWithoutRetryAfter,
      messages: [...messages],
      reads: reads.counts(),
      readsAfterStart: readsAfterStart.counts(),
      refusedStart: output,
      writesAfterwards: writesAfterwards.counts(),
      ...comparison,
    };
  } finally {
    await server.kill();
  }
}

type Call = readonly [method: string, path: string, body?: string];

function otherWrites(traceId: string): readonly Call[] {
  return [
    ['POST', '/api/2.0/mlflow/experiments/create', JSON.stringify({ name: 'made while the disk is full' })],
    ['PATCH', `/api/3.0/mlflow/traces/tr-${traceId}/tags`, JSON.stringify({ key: 'disk', value: 'full' })],
  ];
}

function readsOf(traceId: string): readonly Call[] {
  return [
    ['GET', '/health'],
    ['GET', `/api/3.0/mlflow/traces/get?trace_id=tr-${traceId}&allow_partial=true`],
    ['GET', `${CLEW_API}/traces/tr-${traceId}/skeleton`],
    ['GET', `${CLEW_API}/experiments`],
    ['POST', `${CLEW_API}/traces/search`, JSON.stringify({ experimentIds: ['0'], filter: 'errors > 0' })],
  ];
}

function newTally() {
  const counts: Record<string, number> = {};
  return {
    count(reply: Reply | undefined): void {
      const key = String(reply?.status ?? 'no answer');
      counts[key] = (counts[key] ?? 0) + 1;
    },
    counts: (): Readonly<Record<string, number>> => counts,
  };
}
