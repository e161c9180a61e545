import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRecordings, type Recording } from './recording.ts';
import { recordingFolders, startReplayServer, type ReplayServer } from './replay-server.ts';

const SAMPLE = recordingFolders()[0] ?? '';

let server: ReplayServer;
let recordings: readonly Recording[];

beforeAll(async () => {
  server = await startReplayServer({ folders: [SAMPLE] });
  recordings = readRecordings(SAMPLE);
});

afterAll(() => server.close());

function ask({ provider, method, path, requestBody }: Recording): Promise<Response> {
  return fetch(`${server.url}/${provider}${path}`, { method, body: JSON.stringify(requestBody) });
}

describe('the replay server', () => {
  test('answers every recording of the sample, byte for byte', async () => {
    const seen = new Set<string>();
    for (const recording of recordings) {
      const key = JSON.stringify([recording.provider, recording.path, recording.requestBody]);
      // Recorded twice: the second answer differs, and comes second.
      if (seen.has(key)) continue;
      seen.add(key);
      const response = await ask(recording);
      expect({ file: recording.file, status: response.status }).toEqual({
        file: recording.file,
        status: recording.status,
      });
      expect(Buffer.from(await response.arrayBuffer()).equals(recording.body)).toBe(true);
    }
    expect(seen.size).toBeGreaterThan(140);
  });

  test('a request that was recorded twice gets both answers in turn, then the last again', async () => {
    const twice = recordings.filter(({ file }) => /toolresult-(6847bfa6|e76519b2)/.test(file));
    const [first] = twice;
    if (first === undefined) throw new Error('the sample lacks the recordings');
    const own = await startReplayServer({ folders: [SAMPLE] });
    const texts: string[] = [];
    for (let times = 0; times < 3; times += 1) {
      const response = await fetch(`${own.url}${first.path}`, {
        method: 'POST',
        body: JSON.stringify(first.requestBody),
      });
      texts.push(await response.text());
    }
    await own.close();
    const bodies = twice.map(({ body }) => body.toString());
    expect(texts).toEqual([bodies[0], bodies[1], bodies[1]]);
  });

  test('what was not recorded is a 404 that says what was wanted', async () => {
    const response = await fetch(`${server.url}/v1/chat/completions`, { method: 'POST', body: '{"model":"none"}' });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      error: {
        message: 'No recording for POST /v1/chat/completions',
        wanted: { body: { model: 'none' } },
        closest: expect.arrayContaining([]) as unknown,
      },
    });
  });
});
