import type { Tracer } from './tracer.ts';

/** Teaches the tracer about one vendor's client. A value, not a base class. */
export interface Integration {
  /** The npm package it observes. */
  readonly module: string;
  /** Versions it was tried with, as `>=MAJOR <MAJOR`. Others are observed too, where they have the same shape. */
  readonly versions: string;
  /** Files of the package, from its root, whose exports lead to what is observed; ESM and CommonJS. */
  readonly files: readonly string[];
  /** Starts observing; the returned function puts everything back. Does nothing where it finds nothing to observe. */
  install(exports: unknown, tracer: Tracer): () => void;
}
