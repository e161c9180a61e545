import { describe, expect, test } from 'vitest';
import { createAwayHandler } from './away-handler.ts';

const page = { bytes: new TextEncoder().encode('<html>'), type: 'text/html; charset=utf-8' };
const app = createAwayHandler({
  reason: () => 'Cannot reach ClickHouse: nobody answers',
  mlflowVersion: '3.6.0',
  ui: new Map([['/index.html', page]]),
  allowedHosts: [],
  allowedOrigins: [],
});

describe('a server whose store is not open', () => {
  test.each([
    ['GET', '/health'],
    ['POST', '/v1/traces'],
    ['POST', '/api/2.0/mlflow/experiments/search'],
    ['GET', '/ajax-api/3.0/mlflow/traces/tr-1'],
    ['POST', '/api/clew/v1/traces/search'],
    ['GET', '/get-artifact'],
    ['DELETE', '/anything/else'],
  ])('%s %s: 503 with the reason, and when to come back', async (method, path) => {
    const response = await app.request(`http://localhost${path}`, { method });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.text()).toContain('Cannot reach ClickHouse: nobody answers');
  });

  test.each([
    ['/', '<html>'],
    ['/experiments/0', '<html>'],
    ['/version', '3.6.0'],
  ])('GET %s is answered as ever', async (path, expected) => {
    const response = await app.request(`http://localhost${path}`);
    expect([response.status, await response.text()]).toEqual([200, expected]);
  });

  test('another site may not ask here either', async () => {
    expect((await app.request('http://rebound.example/api/2.0/mlflow/experiments/search')).status).toBe(403);
  });
});
