import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runServer, temporaryFolder, type RunningClew } from '../support/run-server.ts';
import { createApi, type Api } from './api.ts';
import { CASES } from './cases.ts';

describe("MLflow's contract", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: RunningClew;
  let api: Api;

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await runServer(folder.path, '--no-demo');
    api = createApi(server.url);
  });

  afterAll(async () => {
    await server.kill();
    await folder.remove();
  });

  test('every statement but those of real clients has one case', () => {
    const expected = Array.from({ length: 110 }, (_, at) => at + 1).filter((number) => number < 105 || number > 109);
    expect(CASES.map(({ number }) => number)).toEqual(expected);
  });

  for (const { number, statement, ours, run } of CASES) {
    test(`${number}: ${statement}${ours === undefined ? '' : ` (ours: ${ours})`}`, async () => {
      await run(api);
    });
  }
});
