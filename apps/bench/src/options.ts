/** Command-line options. Null means the scenario's default. */
export interface BenchOptions {
  readonly rounds: number | null;
  readonly connections: number | null;
  /** Route of `first-frame`; null for both. */
  readonly way: 'direct' | 'relay' | null;
}

export type Scenario = (
  options: BenchOptions,
) => Promise<Record<string, unknown>> | Record<string, unknown>;

/**
 * Returns null if the option is omitted.
 * @throws Error for anything but a count of at least 1
 */
export function readCount(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9][0-9]{0,6}$/.test(text)) throw new Error(`"${text}" is not a count of at least 1.`);
  return Number(text);
}
