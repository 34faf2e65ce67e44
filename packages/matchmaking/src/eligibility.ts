import { assertDefined } from '@farandole/kernel/assert';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { fitExchange } from './exchange.ts';
import {
  ageStateMeets,
  HARD_RULES,
  type HardRule,
  hasRoles,
  type MatchRules,
  type ModeId,
  seatsOf,
  startMode,
} from './mode.ts';
import type { PairFacts } from './ports.ts';
import type { Ticket } from './ticket.ts';

/**
 * The hard rules: which tickets may wait, and which two may be matched. Each rule is a boolean
 * and never a weight in the score.
 * This file uses no index and no clock, so that tests can re-check the pool from raw tickets.
 * A new rule needs a row in one of the two tables, a name in its union, the modes that use it, a
 * line in SPEC.md and a test that cites that line.
 */

export type WaitRefusal =
  | 'sanctioned'
  | 'mode-unknown'
  | 'role-unknown'
  | 'not-proven'
  | 'age-band-unknown'
  | 'age-state-too-low'
  | 'policy-outdated';

export type MeetRefusal = WaitRefusal | HardRule;

interface WaitRule {
  readonly reason: WaitRefusal;
  forbids(ticket: Ticket, rules: MatchRules): boolean;
}

/** Must give the same result when the two tickets are swapped. */
type Forbids = (a: Ticket, b: Ticket, rules: MatchRules, facts: PairFacts) => boolean;

const WAIT_RULES: readonly WaitRule[] = [
  { reason: 'sanctioned', forbids: (ticket) => ticket.sanctioned },
  {
    reason: 'mode-unknown',
    forbids: ({ mode, exchange }, rules) =>
      !rules.modes.has(mode) || (exchange !== undefined && !rules.offersExchange),
  },
  {
    reason: 'role-unknown',
    forbids: ({ mode: id, role, meeting }, rules) => {
      const mode = rules.modes.get(id);
      if (mode === undefined || !hasRoles(mode)) return role !== undefined;
      // Only two users can have asked for a private meeting.
      return meeting !== undefined || seatsOf(mode, role).length === 0;
    },
  },
  {
    reason: 'not-proven',
    forbids: ({ mode: id, role, proven }, rules) => {
      if (proven || role === undefined) return false;
      const mode = rules.modes.get(id);
      return mode !== undefined && seatsOf(mode, role).some(({ asks }) => asks);
    },
  },
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

/** The table of rules for two tickets. A mode selects the rules and their order. */
const PAIR_RULES: Readonly<Record<HardRule, Forbids>> = {
  'meeting-differs': (a, b) => !fitMeeting(a, b),
  'community-differs': (a, b) => a.community !== b.community,
  'not-complementary': (a, b) => !fitExchange(a, b),
  'mode-differs': (a, b, rules) => startMode(a, b, rules.modes) === null,
  'age-band-differs': (a, b) => a.ageBand !== b.ageBand,
  'circle-differs': (a, b) => (a.circle === 'restricted') !== (b.circle === 'restricted'),
  'same-subject': (a, b) => a.subject === b.subject,
  'same-device': (a, b) => a.deviceKey === b.deviceKey,
  'same-network': (a, b) => a.network !== null && a.network === b.network,
  // Two tickets take two seats, so a role with one seat admits one of them.
  'role-taken': (a, b, rules) => {
    if (a.role === undefined || a.role !== b.role) return false;
    const mode = rules.modes.get(a.mode);
    return mode === undefined || seatsOf(mode, a.role).length < 2;
  },
  'kept-apart': (a, b, _rules, facts) => facts.keptApart(a, b),
  // Two users of one private meeting have both asked to meet.
  'met-recently': (a, b, rules, facts) =>
    (a.meeting === undefined || b.meeting === undefined) &&
    facts.metWithin(a, b, rules.rematchCooldownMs),
};

/** Whether both tickets are ordinary searches, or the two seats of one private meeting. */
export function fitMeeting({ meeting: one }: Ticket, { meeting: other }: Ticket): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.key === other.key && one.seat !== other.seat;
}

/** Returns the first rule that forbids the ticket to wait, or null. */
export function mayWait(ticket: Ticket, rules: MatchRules): Result<true, WaitRefusal> {
  for (const rule of WAIT_RULES) {
    if (rule.forbids(ticket, rules)) return refused(rule.reason);
  }
  return ok(true);
}

/** Returns the first rule that forbids matching the two tickets now, or null. Symmetric. */
export function mayMeet(
  a: Ticket,
  b: Ticket,
  rules: MatchRules,
  facts: PairFacts,
): Result<true, MeetRefusal> {
  const alone = firstWaitRefusal(a, b, rules);
  if (alone !== null) return refused(alone);
  for (const rule of rules.modes.get(a.mode)?.hardRules ?? HARD_RULES) {
    if (PAIR_RULES[rule](a, b, rules, facts)) return refused(rule);
  }
  return ok(true);
}

/**
 * Returns `mayMeet` for tickets that `mayWait` has admitted under the same rules. Looks up each
 * mode's rules once, because the pool checks about ten pairs for each match.
 */
export function createPairCheck(
  rules: MatchRules,
  facts: PairFacts,
): (a: Ticket, b: Ticket) => boolean {
  const ofMode = new Map<ModeId, readonly Forbids[]>();
  for (const { id, hardRules } of rules.modes.values()) {
    ofMode.set(
      id,
      hardRules.map((rule) => PAIR_RULES[rule]),
    );
  }
  return (a, b) => {
    const ofBoth = assertDefined(ofMode.get(a.mode), 'a ticket waits in an unknown mode');
    return !ofBoth.some((forbids) => forbids(a, b, rules, facts));
  };
}

export function allMayMeet(
  tickets: readonly Ticket[],
  rules: MatchRules,
  facts: PairFacts,
): boolean {
  return tickets.every((one, at) =>
    tickets.slice(at + 1).every((other) => mayMeet(one, other, rules, facts).ok),
  );
}

function firstWaitRefusal(a: Ticket, b: Ticket, rules: MatchRules): WaitRefusal | null {
  for (const rule of WAIT_RULES) {
    if (rule.forbids(a, rules) || rule.forbids(b, rules)) return rule.reason;
  }
  return null;
}
