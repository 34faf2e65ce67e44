/** Command-line options; null: the scenario's default. */
export interface BenchOptions {
  readonly rounds: number | null;
  readonly connections: number | null;
  /** `first-frame` only; null: both. */
  readonly way: 'direct' | 'relay' | null;
}

export type Scenario = (
  options: BenchOptions,
) => Promise<Record<string, unknown>> | Record<string, unknown>;
