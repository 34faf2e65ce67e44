export interface FloodOutcome {
  readonly cases: number;
  readonly reportsInThem: number;
  /** Sanctions of all users. Only the flood's reports can cause one. */
  readonly sanctions: number;
  readonly holds: number;
}

/**
 * Adds the verdict. It passes if all reports became one case with one report, and nobody was
 * sanctioned.
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
