import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { guard, isAllowedHost } from './guard.ts';

describe('isAllowedHost()', () => {
  test.each([
    'localhost',
    'localhost:5000',
    '127.0.0.1:5000',
    '[::1]:5000',
    '10.1.2.3',
    '192.168.0.9:80',
    '172.20.1.1',
    'app.localhost',
    'clew.example:443',
  ])('allows %s', (host) => {
    expect(isAllowedHost(host, ['clew.example'])).toBe(true);
  });

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '8.8.8.8',
    '172.32.0.1',
    '[2001:db8::1]',
    '',
    '10.0.0.1.nip.io',
  ])('refuses "%s"', (host) => {
    expect(isAllowedHost(host, ['clew.example'])).toBe(false);
  });
});

describe('guard()', () => {
  const app = new Hono();
  app.use(guard({ allowedHosts: [], allowedOrigins: ['https://lab.example'] }));
  app.get('/health', (context) => context.text('OK'));
  app.all('/thing', (context) => context.text('done'));

  test.each([
    { why: 'a foreign host', path: '/thing', method: 'GET', host: 'evil.example', status: 403 },
    { why: 'health under any host', path: '/health', method: 'GET', host: 'evil.example', status: 200 },
    { why: 'no origin: not a browser', path: '/thing', method: 'POST', status: 200 },
    { why: 'the own origin', path: '/thing', method: 'POST', origin: 'http://localhost:5000', status: 200 },
    {
      why: 'a foreign origin that changes things',
      path: '/thing',
      method: 'POST',
      origin: 'https://evil.example',
      status: 403,
    },
    { why: 'a foreign origin that reads', path: '/thing', method: 'GET', origin: 'https://evil.example', status: 200 },
    { why: 'an origin on the list', path: '/thing', method: 'DELETE', origin: 'https://lab.example', status: 200 },
    { why: 'a sandboxed page', path: '/thing', method: 'PATCH', origin: 'null', status: 403 },
  ])('$why → $status', async ({ path, method, host = 'localhost:5000', origin, status }) => {
    const headers = { host, ...(origin === undefined ? {} : { origin }) };
    expect((await app.request(path, { method, headers })).status).toBe(status);
  });

  test('every answer forbids inline script, framing and content sniffing', async () => {
    const { headers } = await app.request('/thing', { headers: { host: 'localhost' } });
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
  });
});
