/** Command-line options of a benchmark. Null means that the scenario's default applies. */
export interface BenchOptions {
  readonly rounds: number | null;
  readonly connections: number | null;
  /** Network route that `first-frame` measures; null measures both routes. */
  readonly way: 'direct' | 'relay' | null;
  /**
   * Folder of another checkout, with whose server a benchmark compares instead of the floors; or
   * `bun`, to measure this checkout's server on Bun, and on Node beside the floors.
   */
  readonly server: string | null;
}

export type Scenario = (
  options: BenchOptions,
) => Promise<Record<string, unknown>> | Record<string, unknown>;

/**
 * Returns null if the command-line option is omitted.
 * @throws Error if its value isn't a positive integer
 */
export function readCount(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9][0-9]{0,6}$/.test(text)) throw new Error(`"${text}" is not a count of at least 1.`);
  return Number(text);
}
