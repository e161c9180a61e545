import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { unpackSkeleton, type SkeletonColumns } from '@clew/core';
import { CLEW_API, type SkeletonAnswer, type SpanAnswer } from '@clew/core/api';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sampleFile } from '../support/agent-traces.ts';
import { call, createExperiment, searchAll } from '../support/rest.ts';
import { runServer, temporaryFolder, type RunningClew } from '../support/run-server.ts';
import { longTrace, ODD_TRACE, oddTrace, payloadTrace } from './odd-trace.ts';
import { openBrowser, openPage, type WatchedPage } from './open-browser.ts';
import { collectSpanIds, tree, treeItem } from './tree.ts';

const SESSIONS = sampleFile('pi-coding-agent-sessions.genai.otlp.jsonl.gz');
const EXPERIMENT = 'coding agents';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: RunningClew;
let browser: Browser;
let experimentId: string;
const opened: WatchedPage[] = [];

async function open(path: string, colorScheme: 'light' | 'dark' = 'light'): Promise<WatchedPage> {
  const watched = await openPage(browser, server.url, colorScheme);
  opened.push(watched);
  await watched.page.goto(`${server.url}${path}`);
  return watched;
}

async function send(body: string): Promise<void> {
  const answer = await fetch(`${server.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-mlflow-experiment-id': experimentId },
    body,
  });
  if (!answer.ok) throw new Error(`Ingest answered ${answer.status}: ${await answer.text()}`);
}

async function get<Answer>(path: string): Promise<Answer> {
  const { status, body } = await call(server.url, 'GET', `${CLEW_API}${path}`);
  expect(status).toBe(200);
  return body as Answer;
}

/** The trace with the most spans: a coding session of 908. */
async function longestTrace(): Promise<{ readonly traceId: string; readonly columns: SkeletonColumns }> {
  const rows = await searchAll(server.url, experimentId);
  const longest = rows.toSorted((a, b) => b.spanCount - a.spanCount)[0];
  if (longest === undefined) throw new Error('Nothing was imported');
  const traceId = longest.info.trace_id;
  const { columns } = await get<SkeletonAnswer>(`/traces/${traceId}/skeleton`);
  return { traceId, columns: unpackSkeleton(columns) };
}

/** Rows and their count are two questions: either answer may come first. */
async function untilRows(page: Page, count: number): Promise<void> {
  const rows = page.getByRole('row').filter({ has: page.getByRole('link') });
  await expect.poll(() => rows.count()).toBe(count);
}

/** The text of the first user message a span was given, up to its first line break. */
function firstLine(span: SpanAnswer): string {
  const { messages } = span.inputs as { readonly messages: readonly { readonly content: string }[] };
  return messages[0]?.content.split('\n')[0]?.slice(0, 60) ?? '';
}

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await runServer(folder.path, '--no-demo');
  browser = await openBrowser();
  experimentId = await createExperiment(server.url, EXPERIMENT);
  const lines = createInterface({ input: createReadStream(SESSIONS).pipe(createGunzip()), crlfDelay: Infinity });
  for await (const line of lines) await send(line);
  await send(JSON.stringify(oddTrace()));
}, 60_000);

afterEach(async () => {
  const pages = opened.splice(0);
  const faults = pages.flatMap(({ faults }) => faults);
  await Promise.all(pages.map(({ page }) => page.context().close()));
  expect(faults).toEqual([]);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  await folder.remove();
});

describe('from the list to a span', { timeout: 60_000 }, () => {
  test('an experiment leads to its traces, a trace to its spans, a span to its payload', async () => {
    const { traceId, columns } = await longestTrace();
    const { page } = await open('/');
    await page.waitForURL('**/experiments');
    await page.getByRole('link', { name: EXPERIMENT, exact: true }).click();
    await page.waitForURL(`**/experiments/${experimentId}/traces`);

    await page.locator(`a[href$="${traceId}"]`).click();
    await page.waitForURL(`**/traces/${traceId}*`);
    expect(columns.spanId.length).toBeGreaterThan(100);
    await tree(page).waitFor();

    const row = columns.type.findIndex((type) => columns.types[type] === 'CHAT_MODEL');
    const spanId = columns.spanId[row] ?? '';
    await treeItem(page, spanId).click();
    const span = await get<SpanAnswer>(`/traces/${traceId}/spans/${spanId}`);
    await page.getByRole('region', { name: 'Span', exact: true }).getByText(firstLine(span)).first().waitFor();
    await page.waitForURL(`**span=${spanId}*`);
  });

  test('every span of a long trace can be reached in the tree, in order and once', async () => {
    const { traceId, columns } = await longestTrace();
    const { page } = await open(`/experiments/${experimentId}/traces/${traceId}?span=${columns.spanId[0]}`);
    expect(await collectSpanIds(page)).toEqual(columns.spanId);
  });

  test('payloads are asked for only when they are looked at', async () => {
    const { traceId, columns } = await longestTrace();
    const { page } = await open('/experiments');
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/spans/')) asked.push(request.url());
    });
    await page.goto(`${server.url}/t/${traceId}?span=${columns.spanId[3]}`);
    await page.getByRole('tab', { name: 'JSON' }).waitFor();
    await collectSpanIds(page);
    expect(asked).toEqual([`${server.url}${CLEW_API}/traces/${traceId}/spans/${columns.spanId[3]}`]);
  });
});

describe('an address', { timeout: 60_000 }, () => {
  test('brings back the same span, tab and zoom in another browser', async () => {
    const { traceId, columns } = await longestTrace();
    // Far down, so that it has to be scrolled to.
    const spanId = columns.spanId[700] ?? '';
    const { page } = await open(`/t/${traceId}?span=${spanId}&tab=attrs&z=1000~90000`);
    await page.waitForURL(`**/experiments/${experimentId}/traces/${traceId}?span=${spanId}&tab=attrs&z=1000~90000`);
    await treeItem(page, spanId).waitFor();
    expect(await treeItem(page, spanId).getAttribute('aria-selected')).toBe('true');
    expect(await page.getByRole('tab', { name: 'Attributes' }).getAttribute('aria-selected')).toBe('true');
    await page.getByTitle('Show the whole trace (0)').waitFor();
  });

  test('leads on to the neighbours in the list and back to it', async () => {
    const { page } = await open(`/experiments/${experimentId}/traces?sort=-spans`);
    await page.getByRole('link', { name: 'agent session' }).first().click();
    await page.getByText('1 of 3', { exact: true }).waitFor();
    await page.keyboard.press('Shift+J');
    await page.getByText('2 of 3', { exact: true }).waitFor();
    await page.getByRole('link', { name: EXPERIMENT, exact: true }).click();
    await page.waitForURL('**/traces?sort=-spans');
  });

  test('of a span that is not there says so', async () => {
    const { traceId } = await longestTrace();
    const { page } = await open(`/t/${traceId}?span=00000000deadbeef`);
    await page.getByText('Span 00000000deadbeef is not in this trace (908 spans loaded of 908).').waitFor();
  });

  test('of a page that is not there says so', async () => {
    const { page } = await open('/nowhere');
    await page.getByText('There is no such page').waitFor();
  });
});

describe('the filter', { timeout: 60_000 }, () => {
  test('narrows the list, is part of the address, and can be taken away', async () => {
    const { page } = await open(`/experiments/${experimentId}/traces`);
    await page.getByText('3 traces').waitFor();
    await untilRows(page, 3);
    await page.keyboard.press('/');
    await page.keyboard.type('status:error');
    await page.getByText('1 of 3 traces').waitFor();
    await page.waitForURL('**/traces?f=status:error');
    await untilRows(page, 1);
    await page.getByRole('button', { name: 'status:error' }).click();
    await page.getByText('3 traces').waitFor();
  });

  test('that makes no sense is explained where it goes wrong, and the list stays', async () => {
    const { page } = await open(`/experiments/${experimentId}/traces`);
    await page.getByText('3 traces').waitFor();
    await page.getByRole('textbox', { name: 'Filter', exact: true }).fill('status:error colour:red');
    await page.getByRole('alert').getByText('there is no field "colour"').waitFor();
    await untilRows(page, 3);
  });

  test('of a wrong address is explained too', async () => {
    const { page } = await open(`/experiments/${experimentId}/traces?f=duration>`);
    await page.getByRole('alert').waitFor();
    await page.getByText('This filter cannot be read').waitFor();
  });
});

describe('the keyboard', { timeout: 60_000 }, () => {
  test('walks from the list through the tree and back', async () => {
    const { page } = await open(`/experiments/${experimentId}/traces?f=status:error`);
    await page.getByText('1 of 3 traces').waitFor();
    await untilRows(page, 1);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/traces/tr-${ODD_TRACE}*`);
    await tree(page).waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    await tree(page).locator('[data-span-id="0000000000000001"][aria-expanded="false"]').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('.');
    await page.waitForURL('**span=0000000000000003*');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.goBack();
    await page.getByText('1 of 3 traces').waitFor();
  });
});

describe('what is odd', { timeout: 60_000 }, () => {
  test('a failed span opens first, with its exception and stack', async () => {
    const { page } = await open(`/t/${ODD_TRACE}`);
    const details = page.getByRole('region', { name: 'Span', exact: true });
    await details.getByRole('heading', { name: 'charge_card' }).waitFor();
    await details.getByText('at charge (billing.ts:42:7)').waitFor();
  });

  test('a parent that never arrived is a row of its own and says what it is', async () => {
    const { page } = await open(`/t/${ODD_TRACE}`);
    const missing = tree(page).getByRole('treeitem', { name: /^Parent did not arrive/ });
    await missing.click();
    await page.getByText('This span did not arrive').waitFor();
  });

  test('a span that has not ended says that it runs', async () => {
    const { page } = await open(`/t/${ODD_TRACE}?span=0000000000000005`);
    await tree(page).getByRole('treeitem', { name: 'still running, span, running' }).waitFor();
    await page.getByRole('region', { name: 'Span', exact: true }).getByText('Running', { exact: true }).waitFor();
  });

  test('markup in a message is text, and loads nothing', async () => {
    const { page } = await open(`/t/${ODD_TRACE}?span=0000000000000002`);
    await page.getByText('<img src="https://evil.example/pixel.png">').waitFor();
    expect(await page.getByRole('region', { name: 'Span', exact: true }).getByRole('img').count()).toBe(0);
    await page.getByText('charge_card', { exact: true }).first().waitFor();
  });
});

describe('size', { timeout: 60_000 }, () => {
  test('a trace of 20,000 spans is whole: its last span is a key press or a link away', async () => {
    const traceId = '1090'.padEnd(32, '0');
    await send(JSON.stringify(longTrace(traceId, 19_999)));
    const last = (20_000).toString(16).padStart(16, '0');
    const { page } = await open(`/t/${traceId}`);
    await page.getByRole('tree', { name: 'Spans, 20,000 spans' }).waitFor();
    await page.keyboard.press('End');
    await treeItem(page, last).waitFor();
    await page.waitForURL(`**span=${last}*`);
    expect(await treeItem(page, last).getAttribute('aria-selected')).toBe('true');
    expect(await page.locator('*').count()).toBeLessThan(1_000);

    const again = await open(`/t/${traceId}?span=${last}`);
    await treeItem(again.page, last).waitFor();
  });

  test('a payload of 60,000 values puts a few hundred elements into the page', async () => {
    const traceId = 'b16b00b5'.padEnd(32, '0');
    const rows = Array.from({ length: 20_000 }, (_, index) => ({ index, name: `row ${index}` }));
    await send(JSON.stringify(payloadTrace(traceId, JSON.stringify({ rows }))));
    const { page } = await open(`/t/${traceId}`);
    const details = page.getByRole('region', { name: 'Span', exact: true });
    await details.getByRole('button', { name: /^rows/ }).click();
    await details.locator('[data-scrolls]').evaluate((pane: { scrollTop: number; readonly scrollHeight: number }) => {
      pane.scrollTop = pane.scrollHeight;
    });
    await details.getByRole('button', { name: '[19,900 … 19,999]' }).click();
    await details.getByRole('button', { name: '19900: {…} 2 keys' }).waitFor();
    expect(await details.locator('*').count()).toBeLessThan(600);
  });
});

describe.each(['light', 'dark'] as const)('in the %s theme', (scheme) => {
  test('the page and the canvas are drawn in its colours', { timeout: 60_000 }, async () => {
    const { page } = await open(`/t/${ODD_TRACE}`, scheme);
    await treeItem(page, '0000000000000001').waitFor();
    expect(await page.locator('html').getAttribute('data-theme')).toBe(scheme);
    const corner = await page.evaluate(`(() => {
      const canvas = document.querySelector('[role="tree"] canvas');
      const [red] = canvas.getContext('2d').getImageData(canvas.width - 4, canvas.height - 4, 1, 1).data;
      return red;
    })()`);
    expect(corner).toBe(scheme === 'light' ? 0xff : 0x0e);
  });
});
