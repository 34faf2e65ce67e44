export type AgeAnswer = 'adult' | 'minor';

/**
 * What a press of "Continue" does. A user under 18 is refused and isn't asked to agree to the
 * rules.
 */
export type GateStep = 'age-missing' | 'agree-missing' | 'minor' | 'accept';

export function gateStep(answer: AgeAnswer | null, agreed: boolean): GateStep {
  if (answer === null) return 'age-missing';
  if (answer === 'minor') return 'minor';
  return agreed ? 'accept' : 'agree-missing';
}
