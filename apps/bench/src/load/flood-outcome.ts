/** What one attacker's flood left at the desk, by what its moderators are shown. */
export interface FloodOutcome {
  /** Cases of the flood's own reason, and the reports that they count. */
  readonly cases: number;
  readonly reportsInThem: number;
  /** Of anybody: nothing else that is reported meanwhile may bring one about. */
  readonly sanctions: number;
  readonly holds: number;
}

/**
 * With whether it is as is asked: of all those reports came one case with one report in it, and nothing
 * that keeps anybody out.
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
    `1, 1, 0 and 0 are asked: ${reached ? 'reached' : 'not reached'}`
  );
}
