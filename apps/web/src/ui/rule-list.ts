import type { IconName } from './icons.tsx';

/** A rule for all users. Its texts are `rules.<name>` and `rules.<name>Why`. */
export interface Rule {
  readonly name: 'adults' | 'decent' | 'recording' | 'kind' | 'report';
  readonly icon: IconName;
  /** Version of the rules that last changed this one's meaning. */
  readonly changedIn: number;
}

/**
 * In order. When a meaning changes, increment the version here and in the server
 * (`POLICY_VERSION`); users are then asked again and shown the changes.
 */
export const RULES: readonly Rule[] = [
  { name: 'adults', icon: 'adult', changedIn: 1 },
  { name: 'decent', icon: 'dressed', changedIn: 1 },
  { name: 'recording', icon: 'recording', changedIn: 1 },
  { name: 'kind', icon: 'peace', changedIn: 1 },
  { name: 'report', icon: 'flag', changedIn: 1 },
];

/** @param agreedTo accepted version; 0 for none, so that nothing counts as changed */
export function changedSince(agreedTo: number, rules: readonly Rule[]): readonly Rule[] {
  return agreedTo === 0 ? [] : rules.filter(({ changedIn }) => changedIn > agreedTo);
}
