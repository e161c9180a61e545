import type { Tracer } from './tracer.ts';

/** Where an integration's spans go, and what may be written into them. */
export interface Recorder {
  readonly tracer: Tracer;
  readonly keepsInputs: boolean;
  readonly keepsOutputs: boolean;
}
