import { annotationCases } from './annotation-cases.ts';
import type { Case } from './case.ts';
import { experimentCases } from './experiment-cases.ts';
import { ingestCases } from './ingest-cases.ts';
import { largeTraceCase } from './large-trace-case.ts';
import { mergeCases } from './merge-cases.ts';
import { readingCases } from './reading-cases.ts';
import { searchCases } from './search-cases.ts';
import { serviceCases } from './service-cases.ts';

/** Every statement that HTTP alone can show. Those of real clients, 105 to 109, are in `clients/`. */
export const CASES: readonly Case[] = [
  ...serviceCases,
  ...experimentCases,
  ...ingestCases,
  ...mergeCases,
  ...readingCases,
  ...searchCases,
  ...annotationCases,
  largeTraceCase,
];
