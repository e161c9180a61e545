/** A real Chromium that notices everything a page should not do. */
import { chromium, type Browser, type Page } from 'playwright-core';

export interface WatchedPage {
  readonly page: Page;
  /** Console errors, uncaught errors, refused resources and requests to other hosts, in the order they came. */
  readonly faults: readonly string[];
}

const EXECUTABLE = process.env['CLEW_CHROMIUM'] ?? '/usr/bin/chromium';

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A fresh profile: no storage, no cache. Only `origin` may be talked to. */
export async function openPage(browser: Browser, origin: string, colorScheme: 'light' | 'dark'): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme });
  const page = await context.newPage();
  const faults: string[] = [];
  page.setDefaultTimeout(20_000);
  page.on('console', (message) => {
    // A refusal by the content policy is a console error too.
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'unknown';
    // A page that has moved on gives up on what it no longer needs.
    if (reason !== 'net::ERR_ABORTED') faults.push(`failed: ${request.url()} ${reason}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== origin) faults.push(`foreign: ${request.url()}`);
  });
  return { page, faults };
}
