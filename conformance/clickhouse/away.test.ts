import { afterAll, describe, expect, test } from 'vitest';
import { runServer, temporaryFolder } from '../support/run-server.ts';
import { call, searchAll, someTrace } from '../support/rest.ts';
import type { Fault } from './faults.ts';
import { runClickHouse } from './run-clickhouse.ts';

const folder = await temporaryFolder();
const database = await runClickHouse(folder.path);
const servers = [await startServer(), await startServer()] as const;

afterAll(async () => {
  for (const server of servers) await server.kill();
  await database.kill();
  await folder.remove();
});

async function startServer(): ReturnType<typeof runServer> {
  return runServer(folder.path, '--no-demo', '--clickhouse', database.url);
}

let traces = 0;

function nextTraceId(): string {
  traces += 1;
  return traces.toString(16).padStart(32, '0');
}

async function send(url: string, traceId: string, spanId = 'b7ad6b7169203331'): Promise<number> {
  return (await call(url, 'POST', '/v1/traces', someTrace(traceId, { spanId }), { 'x-mlflow-experiment-id': '0' }))
    .status;
}

async function spanCountOf(url: string, traceId: string): Promise<readonly number[]> {
  const rows = await searchAll(url, '0');
  return rows.filter((row) => row.info.trace_id === `tr-${traceId}`).map((row) => row.spanCount);
}

describe('a database server in trouble', () => {
  const url = servers[0].url;

  test.each<Fault>([{ kind: 'unavailable' }, { kind: 'hang-up' }])(
    '$kind: 503, and all is well after',
    async (fault) => {
      const traceId = nextTraceId();
      await database.setFault(fault);
      expect(await send(url, traceId)).toBe(503);
      expect(await database.countFaulty()).toBeGreaterThan(0);
      await database.setFault({ kind: 'none' });
      expect(await send(url, traceId)).toBe(200);
      expect(await spanCountOf(url, traceId)).toEqual([1]);
    },
  );

  test('slow: what is sent is stored all the same', async () => {
    const traceId = nextTraceId();
    await database.setFault({ kind: 'slow', millis: 50 });
    expect(await send(url, traceId)).toBe(200);
    await database.setFault({ kind: 'none' });
    expect(await spanCountOf(url, traceId)).toEqual([1]);
  });

  test.each(['before', 'after'] as const)(
    'dying %s it stored spans: sent again, they are there once',
    async (moment) => {
      const traceId = nextTraceId();
      await database.setFault({ kind: 'die', moment, table: 'spans' });
      expect(await send(url, traceId)).toBe(503);
      await database.restart();
      expect(await send(url, traceId)).toBe(200);
      expect(await spanCountOf(url, traceId)).toEqual([1]);
    },
  );

  test('two servers write one trace at the same time: both see every span', async () => {
    const traceId = nextTraceId();
    const spanIds = Array.from({ length: 40 }, (_, at) => (at + 1).toString(16).padStart(16, '0'));
    const statuses = await Promise.all(
      spanIds.map(async (spanId, at) => send(servers[at % 2]?.url ?? url, traceId, spanId)),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    for (const server of servers) expect(await spanCountOf(server.url, traceId)).toEqual([40]);
  });
});
