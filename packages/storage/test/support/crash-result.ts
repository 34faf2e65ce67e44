export interface CrashResult {
  readonly kills: number;
  readonly acknowledged: number;
  /** Number of acknowledged records that aren't stored. */
  readonly lost: number;
  /** Descriptions of records that are incomplete or stored twice. */
  readonly corrupt: readonly string[];
}

/**
 * Prints every fault found, then the totals as one line of JSON. Sets the exit code to 1 if
 * there was a fault.
 */
export function printCrashes(results: readonly CrashResult[]): void {
  const sum = (of: (result: CrashResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const corrupt = results.flatMap((result) => result.corrupt);
  for (const fault of corrupt) process.stderr.write(`${fault}\n`);
  const lost = sum((result) => result.lost);
  const sums = {
    kills: sum((result) => result.kills),
    acknowledged: sum((result) => result.acknowledged),
    lost,
    corrupt: corrupt.length,
  };
  process.stdout.write(`${JSON.stringify(sums)}\n`);
  process.exitCode = lost + corrupt.length === 0 ? 0 : 1;
}
