import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { call } from './support/rest.ts';
import { runClew, runServer, temporaryFolder, type RunningClew } from './support/run-server.ts';

describe('clew server', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: RunningClew;

  beforeEach(async () => {
    folder = await temporaryFolder();
    server = await runServer(folder.path, '--no-demo');
  });

  afterEach(async () => {
    server.process.kill('SIGKILL');
    await folder.remove();
  });

  test('answers health and version, serves the UI under any of its paths, and nothing under unknown assets', async () => {
    expect((await call(server.url, 'GET', '/health')).body).toBe('OK');
    expect((await call(server.url, 'GET', '/version')).body).toBe('3.6.0');
    for (const path of ['/', '/experiments/0/traces', '/t/tr-1']) {
      const response = await fetch(server.url + path);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await response.text()).toContain('<div id="root">');
    }
    expect((await call(server.url, 'GET', '/assets/nothing.js')).status).toBe(404);
    expect((await call(server.url, 'GET', '/assets/..%2f..%2fpackage.json')).status).toBe(404);
  });

  test('SIGTERM drains and ends with 0, and the folder is free again', async () => {
    expect(await server.stop()).toBe(0);
    server = await runServer(folder.path, '--no-demo');
    expect((await call(server.url, 'GET', '/health')).body).toBe('OK');
  });

  test.each([
    { why: 'a folder in use', args: () => ['--port', '0', '--data', folder.path], says: 'uses it' },
    {
      why: 'a port in use',
      args: () => ['--port', new URL(server.url).port, '--data', `${folder.path}/second`],
      says: 'something else listens there already',
    },
    { why: 'an address beyond loopback', args: () => ['--host', '0.0.0.0'], says: 'Refusing to listen on "0.0.0.0"' },
    { why: 'a port that is none', args: () => ['--port', 'x'], says: 'Invalid port "x"' },
  ])('refuses $why in one line', async ({ args, says }) => {
    const { code, output } = await runClew('server', '--no-demo', ...args());
    expect(output).toMatch(/^clew: .*\n$/);
    expect(output).toContain(says);
    expect(code).toBe(1);
  });
});
