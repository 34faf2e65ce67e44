import type { IconName } from './icons.tsx';

/** A rule that everybody agrees to. Its words are `rules.<name>` and `rules.<name>Why`. */
export interface Rule {
  readonly name: 'adults' | 'decent' | 'recording' | 'kind' | 'report';
  readonly icon: IconName;
  /** The version of the rules in which this one last got another meaning. */
  readonly changedIn: number;
}

/**
 * The rules in their order. Whoever changes what one means gives it the next version, here and as
 * the server's (`POLICY_VERSION`): people who agreed before are then asked again, and shown which.
 */
export const RULES: readonly Rule[] = [
  { name: 'adults', icon: 'adult', changedIn: 1 },
  { name: 'decent', icon: 'dressed', changedIn: 1 },
  { name: 'recording', icon: 'recording', changedIn: 1 },
  { name: 'kind', icon: 'peace', changedIn: 1 },
  { name: 'report', icon: 'flag', changedIn: 1 },
];

/**
 * @param agreedTo the version that a person agreed to; 0 for none, who has no older rules to
 *   compare with
 */
export function changedSince(agreedTo: number, rules: readonly Rule[]): readonly Rule[] {
  return agreedTo === 0 ? [] : rules.filter(({ changedIn }) => changedIn > agreedTo);
}
