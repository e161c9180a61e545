import type { Api } from './api.ts';

/** One statement of MLflow's contract, as seen from outside. */
export interface Case {
  readonly number: number;
  /** What holds, in one sentence. */
  readonly statement: string;
  /** Where the answer is better than MLflow's on purpose: why no client is hurt (decisions/008). */
  readonly ours?: string;
  /** Rejects when it does not hold; answers why it could not be tried. */
  readonly run: (api: Api) => Promise<void | string>;
}
