/** What a benchmark case gives: counts before times, and each promise as a ratio against its goal. */
export interface Promised {
  /** As in the design: `P1`, `P2`… */
  readonly id: string;
  readonly value: number;
  /** For people: `≥ 0.6`. */
  readonly goal: string;
  readonly met: boolean;
}

export interface CaseResult {
  readonly dataset: string;
  readonly promises: readonly Promised[];
  /** Named figures with their unit in the name, such as `ackMillisP99`. */
  readonly figures: Readonly<Record<string, number>>;
}

export interface BenchCase {
  readonly name: string;
  /** One sentence. */
  readonly about: string;
  run(): Promise<CaseResult>;
}
