import type { IconName } from './icons.tsx';

/**
 * A rule for all users. Its translated texts have the keys `rules.<name>` and `rules.<name>Why`.
 */
export interface Rule {
  readonly name: 'adults' | 'decent' | 'recording' | 'kind' | 'report';
  readonly icon: IconName;
  /** Version of the rules in which the meaning of this rule last changed. */
  readonly changedIn: number;
}

/**
 * The rules in the order in which they are shown. If the meaning of a rule changes, increment
 * the version here and on the server (`POLICY_VERSION`). All users must then accept the rules
 * again and see what changed.
 */
export const RULES: readonly Rule[] = [
  { name: 'adults', icon: 'adult', changedIn: 1 },
  { name: 'decent', icon: 'dressed', changedIn: 1 },
  { name: 'recording', icon: 'recording', changedIn: 1 },
  { name: 'kind', icon: 'peace', changedIn: 1 },
  { name: 'report', icon: 'flag', changedIn: 1 },
];

/** @param agreedTo the version that the user accepted; with 0 (none) no rule counts as changed */
export function changedSince(agreedTo: number, rules: readonly Rule[]): readonly Rule[] {
  return agreedTo === 0 ? [] : rules.filter(({ changedIn }) => changedIn > agreedTo);
}
