/** What may be said of a benchmark on its command line; null: as it thinks right. */
export interface BenchOptions {
  readonly rounds: number | null;
  readonly connections: number | null;
  /** Of `first-frame`: one of its two ways, where not both are wanted. */
  readonly way: 'direct' | 'relay' | null;
}

/** Benchmarks whose load runs in processes say what they ran with, so that a figure can be read. */
export type Scenario = (
  options: BenchOptions,
) => Promise<Record<string, unknown>> | Record<string, unknown>;
