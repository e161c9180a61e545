/**
 * The battery every store must pass: each promise of the port as a case. An adapter's own test is set-up and clean-up.
 *
 * Cases share one store and keep apart by fresh ids, because a store may be slow to open.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aggregateCases } from './contract/aggregate-cases.ts';
import { assessmentCases } from './contract/assessment-cases.ts';
import type { ContractCase } from './contract/contract-case.ts';
import { documentCases } from './contract/document-cases.ts';
import { experimentCases } from './contract/experiment-cases.ts';
import { headerCases } from './contract/header-cases.ts';
import { searchCases } from './contract/search-cases.ts';
import { sessionCases } from './contract/session-cases.ts';
import { sourceCases } from './contract/source-cases.ts';
import { spanCases } from './contract/span-cases.ts';
import { storageCases } from './contract/storage-cases.ts';
import type { SpanStore } from './span-store.ts';

export interface ContractOptions {
  /** Cases this store cannot pass, by title, each with the reason. */
  readonly excused?: readonly { readonly case: string; readonly because: string }[];
}

const GROUPS: Readonly<Record<string, readonly ContractCase[]>> = {
  experiments: experimentCases,
  sources: sourceCases,
  spans: spanCases,
  headers: headerCases,
  assessments: assessmentCases,
  documents: documentCases,
  search: searchCases,
  aggregates: aggregateCases,
  sessions: sessionCases,
  'storage figures': storageCases,
};

/** Declares the battery for one store. `open` gives an empty one. */
export function describeSpanStore(name: string, open: () => Promise<SpanStore>, options: ContractOptions = {}): void {
  const excuses = new Map((options.excused ?? []).map((excuse) => [excuse.case, excuse.because]));

  describe(`${name} keeps the promises of the storage port`, () => {
    let store: SpanStore | undefined;

    beforeAll(async () => {
      store = await open();
    });

    afterAll(async () => {
      await store?.close();
    });

    for (const [group, cases] of Object.entries(GROUPS)) {
      describe(group, () => {
        for (const { title, run } of cases) {
          const because = excuses.get(title);
          test.skipIf(because !== undefined)(
            because === undefined ? title : `${title} (excused: ${because})`,
            async () => {
              if (store === undefined) throw new Error('The store did not open');
              await run(store);
            },
          );
        }
      });
    }

    test('every excuse names a case', () => {
      const titles = new Set(Object.values(GROUPS).flatMap((cases) => cases.map(({ title }) => title)));
      expect([...excuses.keys()].filter((title) => !titles.has(title))).toEqual([]);
    });
  });
}
