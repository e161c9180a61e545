import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { createGate } from '../hardships/gate.ts';
import { sendSpans, startSending, type Reply } from '../hardships/requests.ts';
import { compareTraces } from '../crash/compare-traces.ts';
import { createWorkload, type Request } from '../crash/workload.ts';
import { call, createExperiment, searchAll, someTrace } from '../support/rest.ts';
import { runServerIn, temporaryFolder } from '../support/run-server.ts';
import type { Fault } from './faults.ts';
import { runClickHouse } from './run-clickhouse.ts';

const HOUR = 3_600_000;
const PASSWORD = 'a secret: 100%';
const folder = await temporaryFolder();
const database = await runClickHouse(join(folder.path, 'database'), { user: 'clew', password: PASSWORD });
const workload = createWorkload();
/** The second one believes it is an hour later. */
const [first, second] = [await startServer('on-time', 0), await startServer('ahead', HOUR)];

afterAll(async () => {
  for (const server of [first, second]) await server.kill();
  await database.kill();
  await folder.remove();
});

async function startServer(name: string, offsetMillis: number): ReturnType<typeof runServerIn> {
  const clock = join(folder.path, `${name}.clock`);
  await writeFile(clock, String(offsetMillis));
  const preload = fileURLToPath(new URL('../hardships/shift-clock.cjs', import.meta.url));
  const environment = {
    CLEW_TEST_CLOCK_FILE: clock,
    NODE_OPTIONS: `--require=${preload}`,
    CLEW_CLICKHOUSE_PASSWORD: PASSWORD,
    // Each refusal would be a page of its log.
    CLEW_LOG_LEVEL: 'fatal',
  };
  const flags = ['--no-demo', '--clickhouse', database.url, '--clickhouse-user', 'clew'];
  return runServerIn(environment, join(folder.path, name), ...flags);
}

/** Sends some more of the workload; what is not acknowledged is kept to be sent again. */
async function sendSome(requests: number): Promise<readonly (Reply | undefined)[]> {
  return Promise.all(
    Array.from({ length: requests }, async (_, at) => {
      const request = workload.next();
      const reply = await sendSpans((at % 2 === 0 ? first : second).url, request.body);
      settle(request, reply);
      return reply;
    }),
  );
}

function settle(request: Request, reply: Reply | undefined): void {
  if (reply?.status === 200) workload.acknowledge(request);
  else workload.giveBack(request);
}

/** What was refused is taken now; then every span is there once, and every header says what its spans say. */
async function expectAllIsWell(): Promise<void> {
  for (const request of workload.unacknowledged()) {
    expect(await sendSpans(second.url, request.body)).toMatchObject({ status: 200 });
    workload.acknowledge(request);
  }
  // Acknowledged now: nothing of it may be taken for new.
  while (workload.unacknowledged().length > 0) workload.next();
  // The other one's memory may be behind what was written since.
  const { acknowledgedSpans, ...difference } = await compareTraces(first.url, workload.acknowledgedTraces());
  expect(difference).toEqual({ lost: 0, doubled: 0, wrongHeaders: 0, examples: [] });
  expect(acknowledgedSpans).toBe(workload.acknowledgedSpans());
}

describe('a database server in trouble', () => {
  test.each<Fault>([{ kind: 'unavailable' }, { kind: 'hang-up' }, { kind: 'cut-answer' }])(
    '$kind: 503 with Retry-After, and all is well after',
    async (fault) => {
      await database.setFault(fault);
      for (const reply of await sendSome(12)) expect(reply).toMatchObject({ status: 503, retryAfter: '1' });
      expect(await database.countFaulty()).toBeGreaterThan(0);
      await database.setFault({ kind: 'none' });
      await expectAllIsWell();
    },
  );

  test('slow: what is sent is stored all the same', async () => {
    await database.setFault({ kind: 'slow', millis: 50 });
    for (const reply of await sendSome(12)) expect(reply).toMatchObject({ status: 200 });
    await database.setFault({ kind: 'none' });
    await expectAllIsWell();
  });

  test.each([
    ['before', 'spans'],
    ['after', 'spans'],
    ['before', 'traces_by_start'],
    ['after', 'traces_by_start'],
    ['before', 'traces'],
    ['after', 'traces'],
  ] as const)('dying %s it stored %s: sent again, everything is there once', async (moment, table) => {
    await database.setFault({ kind: 'die', moment, table });
    for (const reply of await sendSome(8)) expect(reply).toMatchObject({ status: 503, retryAfter: '1' });
    await database.restart();
    await expectAllIsWell();
  });

  test('another password: 503 with the reason, until it has the old one again', async () => {
    await database.kill();
    await database.restart('changed');
    for (const reply of await sendSome(2)) {
      expect(reply).toMatchObject({ status: 503, retryAfter: '1' });
      expect(reply?.body).toContain('Authentication failed');
      expect(reply?.body).not.toContain(PASSWORD);
    }
    await database.kill();
    await database.restart(PASSWORD);
    await expectAllIsWell();
  });

  test('away for two hundred refused requests under load: nothing is lost', async () => {
    const [busy, refused, back] = [createGate(), createGate(), createGate()];
    let [acknowledgedBefore, refusals, acknowledgedAfter] = [0, 0, 0];
    const wrong: (Reply | undefined)[] = [];
    const load = {
      next: () => workload.next(),
      onReply(request: Request, reply: Reply | undefined): void {
        settle(request, reply);
        if (reply?.status !== 200) {
          refusals += 1;
          if (reply?.status !== 503 || reply.retryAfter !== '1') wrong.push(reply);
          if (refusals >= 200) refused.open();
        } else if (refusals === 0) {
          acknowledgedBefore += 1;
          if (acknowledgedBefore >= 30) busy.open();
        } else {
          acknowledgedAfter += 1;
          if (acknowledgedAfter >= 30) back.open();
        }
      },
    };
    const sending = [first, second].map(({ url }) => startSending(url, 4, load));
    await busy.opened;
    await database.kill();
    await refused.opened;
    await database.restart();
    await back.opened;
    for (const sender of sending) await sender.stop();
    expect(wrong).toEqual([]);
    await expectAllIsWell();
  });
});

describe('two servers, an hour apart by their clocks', () => {
  const [together, inTurns] = ['ab'.repeat(16), 'cd'.repeat(16)];

  async function send(url: string, experimentId: string, traceId: string, change: Record<string, unknown>) {
    const body = JSON.stringify(someTrace(traceId, change));
    expect(await sendSpans(url, body, experimentId)).toMatchObject({ status: 200 });
  }

  test('write one trace at the same time: both see every span', async () => {
    const experimentId = await createExperiment(first.url, 'at the same time');
    const spanIds = Array.from({ length: 40 }, (_, at) => (at + 1).toString(16).padStart(16, '0'));
    await Promise.all(
      spanIds.map(async (spanId, at) => send((at % 2 === 0 ? first : second).url, experimentId, together, { spanId })),
    );
    for (const { url } of [first, second]) {
      expect((await searchAll(url, experimentId)).map((row) => row.spanCount)).toEqual([40]);
    }
  });

  test('write one span in turns: the later one counts, whatever its clock says', async () => {
    const experimentId = await createExperiment(first.url, 'in turns');
    for (const [at, writer] of [second, first, second, first, first, second].entries()) {
      await send(writer.url, experimentId, inTurns, { name: `write ${at}` });
      const tag = { key: 'turn', value: String(at) };
      const path = `/api/3.0/mlflow/traces/tr-${inTurns}/tags`;
      expect(await call(writer.url, 'PATCH', path, tag)).toMatchObject({ status: 200 });
      for (const { url } of [first, second]) {
        const tags = (await searchAll(url, experimentId)).map((row) => [
          row.info.tags['mlflow.traceName'],
          row.info.tags['turn'],
        ]);
        expect(tags).toEqual([[`write ${at}`, String(at)]]);
      }
    }
  });
});
