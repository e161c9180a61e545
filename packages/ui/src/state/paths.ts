/** Addresses of the pages. Ids are escaped; queries are written by `url.ts`. */

export const EXPERIMENTS_PATH = '/experiments';

export function tracesPath(experimentId: string): string {
  return `${EXPERIMENTS_PATH}/${encodeURIComponent(experimentId)}/traces`;
}

/** @param traceId - Either form of the id. */
export function tracePath(experimentId: string, traceId: string): string {
  return `${tracesPath(experimentId)}/${encodeURIComponent(traceId)}`;
}
