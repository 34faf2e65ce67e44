export type AgeAnswer = 'adult' | 'minor';

/**
 * What "Continue" does with what has been filled in so far. Whoever is under 18 need not agree to
 * anything to be told so.
 */
export type GateStep = 'age-missing' | 'agree-missing' | 'minor' | 'accept';

export function gateStep(answer: AgeAnswer | null, agreed: boolean): GateStep {
  if (answer === null) return 'age-missing';
  if (answer === 'minor') return 'minor';
  return agreed ? 'accept' : 'agree-missing';
}
