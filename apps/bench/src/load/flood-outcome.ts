export interface FloodOutcome {
  readonly cases: number;
  readonly reportsInThem: number;
  /** Number of sanctions in the whole database. Only the flood of reports can cause one. */
  readonly sanctions: number;
  readonly holds: number;
}

/**
 * Adds the verdict to the counts. The flood passes if all its reports became one case with one
 * report, and no user was sanctioned.
 */
export function judgeOutcome(outcome: FloodOutcome): FloodOutcome & { readonly reached: boolean } {
  const { cases, reportsInThem, sanctions, holds } = outcome;
  const reached = cases === 1 && reportsInThem === 1 && sanctions === 0 && holds === 0;
  return { ...outcome, reached };
}

export function outcomeInWords(outcome: FloodOutcome): string {
  const { cases, reportsInThem, sanctions, holds, reached } = judgeOutcome(outcome);
  return (
    `cases: ${cases}, reports in them: ${reportsInThem}, sanctions: ${sanctions}, holds: ${holds}; ` +
    `1, 1, 0 and 0 expected: ${reached ? 'reached' : 'not reached'}`
  );
}
