/** What the waterfall's tree shows, read as a screen reader would: by roles and names, never by pixels. */
import type { Locator, Page } from 'playwright-core';

export function tree(page: Page): Locator {
  return page.getByRole('tree', { name: /^Spans, / });
}

export function treeItem(page: Page, spanId: string): Locator {
  return tree(page).locator(`[role="treeitem"][data-span-id="${spanId}"]`);
}

/** Ids of the rows on screen, top to bottom. */
async function idsOnScreen(page: Page): Promise<readonly string[]> {
  return tree(page)
    .locator('[role="treeitem"]:not([hidden])')
    .evaluateAll((items: readonly { readonly dataset: Record<string, string | undefined> }[]) =>
      items.map((item) => item.dataset['spanId'] ?? ''),
    );
}

interface Scroller {
  scrollTop: number;
  readonly clientHeight: number;
  readonly scrollHeight: number;
}

/** Scrolls from end to end and collects every row's span id, in order. */
export async function collectSpanIds(page: Page): Promise<readonly string[]> {
  const scroller = tree(page);
  const ids = new Set<string>();
  await scroller.evaluate((element: Scroller) => {
    element.scrollTop = 0;
  });
  for (;;) {
    await rowsFollowed(page);
    for (const id of await idsOnScreen(page)) ids.add(id);
    const isAtEnd = await scroller.evaluate((element: Scroller) => {
      const before = element.scrollTop;
      element.scrollTop += element.clientHeight * 0.8;
      return element.scrollTop === before;
    });
    if (isAtEnd) return [...ids];
  }
}

interface Box {
  readonly top: number;
  readonly bottom: number;
}

interface TreeElement extends Scroller {
  getBoundingClientRect(): Box;
  querySelectorAll(selector: string): Iterable<{ getBoundingClientRect(): Box }>;
}

/** Waits until the rows of the tree are those of the scroll position: they follow once scrolling rests. */
async function rowsFollowed(page: Page): Promise<void> {
  const handle = await tree(page).elementHandle();
  await page.waitForFunction((element: TreeElement) => {
    const box = element.getBoundingClientRect();
    const items = [...element.querySelectorAll('[role="treeitem"]:not([hidden])')];
    const rows = items.map((item) => item.getBoundingClientRect());
    const isCovered = (y: number): boolean => rows.some((row) => row.top <= y && row.bottom > y);
    // A tree shorter than its pane leaves room below its last row.
    const isShort = element.scrollHeight <= element.clientHeight;
    const end = Math.min(box.bottom, box.top + element.scrollHeight - element.scrollTop) - 2;
    return isCovered(box.top + 1) && (isShort || isCovered(end));
  }, handle);
}
