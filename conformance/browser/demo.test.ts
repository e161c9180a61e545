import { CLEW_API, type ExperimentsAnswer } from '@clew/core/api';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, searchAll } from '../support/rest.ts';
import { runServer, temporaryFolder, type RunningClew } from '../support/run-server.ts';
import { openBrowser, openPage } from './open-browser.ts';
import { collectSpanIds, treeItem } from './tree.ts';

/** The demo's traces: two turns of a travel assistant, an editorial desk, a joke bot that runs into a limit. */
const DEMO_TRACES = 4;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: RunningClew;
let browser: Browser;

async function traceCount(): Promise<number> {
  const { body } = await call(server.url, 'GET', `${CLEW_API}/experiments`);
  return (body as ExperimentsAnswer).experiments.reduce((sum, one) => sum + one.traceCount, 0);
}

/** Starts on the data folder and waits until the demo agent, a process of its own, has sent everything. */
async function startWithDemo(): Promise<void> {
  server = await runServer(folder.path);
  while ((await traceCount()) < DEMO_TRACES);
}

beforeAll(async () => {
  folder = await temporaryFolder();
  browser = await openBrowser();
  await startWithDemo();
}, 60_000);

afterAll(async () => {
  await browser.close();
  await server.stop();
  await folder.remove();
});

test('an empty store shows the demo agent’s trace: from the list to the conversation of its tool call', async () => {
  const { page, faults } = await openPage(browser, server.url, 'light');
  await page.goto(server.url);
  await page.getByRole('link', { name: 'Default', exact: true }).click();
  // The page before has a box of its own, so the name must be this one's exactly.
  const filter = page.getByRole('textbox', { name: 'Filter', exact: true });
  await filter.fill('tokens>100 name:travel*');
  await filter.press('Enter');
  await page.getByText('1 of 4 traces').waitFor();
  const found = page.getByRole('link', { name: 'travel assistant' });
  await expect.poll(() => found.count()).toBe(1);
  await found.click();
  await page.waitForURL('**/traces/tr-*');

  const spanIds = await collectSpanIds(page);
  expect(spanIds).toHaveLength(9);
  // The model's answer that calls the tool: the assistant says nothing but the call.
  await treeItem(page, spanIds[3] ?? '').click();
  const details = page.getByRole('region', { name: 'Span', exact: true });
  await details.getByText('get_weather').first().waitFor();
  await details.getByText('What is the weather in Paris? Use the tool.').waitFor();
  await page.context().close();
  expect(faults).toEqual([]);
});

test('the traces add up: types, state, tokens, session and user', async () => {
  const rows = await searchAll(server.url, '0');
  const shown = rows.map(({ info, spanCount, totalTokens }) => ({
    name: info.tags['mlflow.traceName'],
    state: info.state,
    session: info.trace_metadata['mlflow.trace.session'],
    user: info.trace_metadata['mlflow.trace.user'],
    spanCount,
    totalTokens,
  }));
  expect(shown).toEqual([
    { name: 'joke bot', state: 'ERROR', session: 'demo-jokes', user: 'ada', spanCount: 2, totalTokens: undefined },
    { name: 'editorial desk', state: 'OK', session: 'demo-editorial', user: 'grace', spanCount: 9, totalTokens: 4449 },
    { name: 'travel assistant', state: 'OK', session: 'demo-travel', user: 'ada', spanCount: 2, totalTokens: 65 },
    { name: 'travel assistant', state: 'OK', session: 'demo-travel', user: 'ada', spanCount: 9, totalTokens: 184 },
  ]);
});

test('a store that has traces is left alone', async () => {
  expect(await server.stop()).toBe(0);
  server = await runServer(folder.path);
  expect(await traceCount()).toBe(DEMO_TRACES);
});
