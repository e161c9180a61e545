import type { Recorder } from './recorder.ts';

/** Teaches the tracer about one vendor's client. A value, not a base class. */
export interface Integration {
  /** The npm package it observes. */
  readonly module: string;
  /** Versions it was tried with, as `>=MAJOR <MAJOR`. Others are observed too, where they have the same shape. */
  readonly versions: string;
  /** Files of the package, from its root, whose exports lead to what is observed; ESM and CommonJS. */
  readonly files: readonly string[];
  /**
   * Functions of those files that are observed in place of what the files export, because nothing leads to them later.
   * `install` is then given an object with these functions as properties.
   */
  readonly functions?: readonly string[];
  /**
   * Starts observing.
   *
   * @returns Puts everything back; `undefined` where the exports lead to nothing it knows.
   */
  install(exports: unknown, recorder: Recorder): Undo | undefined;
}

export type Undo = () => void;

/** One way back for all; `undefined` when there was nothing at all. */
export function combineUndos(undos: readonly (Undo | undefined)[]): Undo | undefined {
  const found = undos.filter((undo) => undo !== undefined);
  if (found.length === 0) return undefined;
  return () => {
    for (const undo of found.toReversed()) undo();
  };
}
