/** Ids as columns hold them; each was checked before it was written. */
import { must, parseExperimentId, parseTraceId, type ExperimentId, type TraceId } from '@clew/core';
import { readText, type Row } from './cells.ts';

export function readTraceId(row: Row, column: string): TraceId {
  return must(parseTraceId(readText(row, column)), 'a trace id');
}

export function readExperimentId(row: Row, column: string): ExperimentId {
  return must(parseExperimentId(readText(row, column)), 'an experiment id');
}
