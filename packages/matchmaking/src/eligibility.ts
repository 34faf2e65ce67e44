import { ok, type Result, refused } from '@farandole/kernel/result';
import { ageStateMeets, type MatchRules } from './mode.ts';
import type { PairFacts } from './ports.ts';
import type { Ticket } from './ticket.ts';

/**
 * The hard rules: who may wait, and who may meet whom. Each is a boolean that forbids, never a
 * weight that something else could outbid. This file knows no index and no clock, so that
 * whoever doubts the pool can ask again from the raw tickets.
 *
 * A new rule is one more row in one of the two lists, a name in its union, a line in SPEC.md
 * and a test that cites it.
 */

/** Why a ticket may not wait at all. */
export type WaitRefusal =
  | 'sanctioned'
  | 'mode-unknown'
  | 'age-band-unknown'
  | 'age-state-too-low'
  | 'policy-outdated';

/** Why two tickets may not meet. */
export type MeetRefusal =
  | WaitRefusal
  | 'mode-differs'
  | 'age-band-differs'
  | 'circle-differs'
  | 'same-subject'
  | 'same-device'
  | 'same-network'
  | 'blocked'
  | 'met-recently';

interface WaitRule {
  readonly reason: WaitRefusal;
  forbids(ticket: Ticket, rules: MatchRules): boolean;
}

interface PairRule {
  readonly reason: MeetRefusal;
  /** Symmetric: the order of the two tickets makes no difference. */
  forbids(a: Ticket, b: Ticket, rules: MatchRules, facts: PairFacts): boolean;
}

/** What one ticket needs before it may meet anybody. */
const WAIT_RULES: readonly WaitRule[] = [
  { reason: 'sanctioned', forbids: (ticket) => ticket.sanctioned },
  { reason: 'mode-unknown', forbids: (ticket, rules) => !rules.modes.has(ticket.mode) },
  { reason: 'age-band-unknown', forbids: (ticket, rules) => !rules.ageBands.has(ticket.ageBand) },
  {
    reason: 'age-state-too-low',
    forbids: (ticket, rules) => {
      const mode = rules.modes.get(ticket.mode);
      return mode === undefined || !ageStateMeets(ticket.ageState, mode.ageStateRequired);
    },
  },
  {
    reason: 'policy-outdated',
    forbids: (ticket, rules) => ticket.policyVersion < rules.policyVersion,
  },
];

/** What two tickets need of each other; what costs a look-up outside the tickets comes last. */
const PAIR_RULES: readonly PairRule[] = [
  { reason: 'mode-differs', forbids: (a, b) => a.mode !== b.mode },
  { reason: 'age-band-differs', forbids: (a, b) => a.ageBand !== b.ageBand },
  {
    reason: 'circle-differs',
    forbids: (a, b) => (a.circle === 'restricted') !== (b.circle === 'restricted'),
  },
  { reason: 'same-subject', forbids: (a, b) => a.subject === b.subject },
  { reason: 'same-device', forbids: (a, b) => a.deviceKey === b.deviceKey },
  {
    reason: 'same-network',
    forbids: (a, b) => a.network !== null && a.network === b.network,
  },
  {
    reason: 'blocked',
    forbids: (a, b, _rules, facts) => facts.blockedEitherWay(a.subject, b.subject),
  },
  {
    reason: 'met-recently',
    forbids: (a, b, rules, facts) => facts.metWithin(a.subject, b.subject, rules.rematchCooldownMs),
  },
];

/** Whether a ticket may wait for anybody at all, or the first rule that forbids it. */
export function mayWait(ticket: Ticket, rules: MatchRules): Result<true, WaitRefusal> {
  for (const rule of WAIT_RULES) {
    if (rule.forbids(ticket, rules)) return refused(rule.reason);
  }
  return ok(true);
}

/**
 * Whether two tickets may meet, or the first rule that forbids it. Symmetric in the two.
 *
 * Depends on the arguments alone; `facts` answers for the present moment.
 */
export function mayMeet(
  a: Ticket,
  b: Ticket,
  rules: MatchRules,
  facts: PairFacts,
): Result<true, MeetRefusal> {
  const alone = firstWaitRefusal(a, b, rules);
  if (alone !== null) return refused(alone);
  for (const rule of PAIR_RULES) {
    if (rule.forbids(a, b, rules, facts)) return refused(rule.reason);
  }
  return ok(true);
}

function firstWaitRefusal(a: Ticket, b: Ticket, rules: MatchRules): WaitRefusal | null {
  for (const rule of WAIT_RULES) {
    if (rule.forbids(a, rules) || rule.forbids(b, rules)) return rule.reason;
  }
  return null;
}
