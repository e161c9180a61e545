import { fail, ok, type Result } from '../errors.ts';
import type { FilterError } from './ast.ts';

/** The part of the text an error is about. */
export interface Spot {
  readonly offset: number;
  readonly length: number;
  readonly found: string;
}

/** Carries a refusal out of the recursion; never leaves this folder. */
class FilterRefusal extends Error {
  readonly spot: Spot;
  readonly expected: readonly string[];

  constructor(spot: Spot, expected: readonly string[], reason: string) {
    super(reason);
    this.spot = spot;
    this.expected = expected;
  }
}

/** How much of the offending text a message repeats. */
const QUOTED_CHARACTERS = 60;

/**
 * Stops reading.
 *
 * @param expected What could have stood there, best first.
 * @param reason Completes the sentence `Cannot parse filter at "…": `.
 */
export function refuse(spot: Spot, expected: readonly string[], reason: string): never {
  throw new FilterRefusal(spot, expected, reason);
}

/** Runs a reader that may {@link refuse}. */
export function catchRefusal<T>(what: 'filter' | 'order', read: () => T): Result<T, FilterError> {
  try {
    return ok(read());
  } catch (error) {
    if (!(error instanceof FilterRefusal)) throw error;
    const { spot, expected, message: reason } = error;
    return fail({ ...spot, expected, message: `Cannot parse ${what} at ${describe(spot)}: ${reason}` });
  }
}

function describe({ found, length }: Spot): string {
  if (length === 0) return 'its end';
  return `"${found.length > QUOTED_CHARACTERS ? `${found.slice(0, QUOTED_CHARACTERS)}…` : found}"`;
}
