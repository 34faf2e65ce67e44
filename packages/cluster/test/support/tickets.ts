import { assertDefined } from '@farandole/kernel/assert';
import { brandId, type MatchId, type NodeId } from '@farandole/kernel/id';
import { createMatchRules, type MatchRules } from '@farandole/matchmaking/mode';
import type { PoolOptions } from '@farandole/matchmaking/pool';
import type { PairFacts } from '@farandole/matchmaking/ports';
import { createTicket, type Ticket, type TicketInput } from '@farandole/matchmaking/ticket';

export const RULES: MatchRules = createMatchRules({ policyVersion: 1 });

export const NO_FACTS: PairFacts = { keptApart: () => false, metWithin: () => false };

export function nodeId(name: string): NodeId {
  return brandId<NodeId>(`node-${name}`.padEnd(8, '-'));
}

export function ticketOf(node: NodeId, name: string, changes: Partial<TicketInput> = {}): Ticket {
  const made = createTicket({
    id: `ticket-${name}`,
    node,
    session: `session-${name}`,
    subject: `subject-${name}`,
    deviceKey: `device-${name}`,
    mode: 'text',
    ageBand: 'adult',
    ageState: 'declared',
    policyVersion: 1,
    sanctioned: false,
    tier: 'new',
    circle: 'normal',
    interests: [],
    onlyShared: false,
    languages: [],
    ...changes,
  });
  return assertDefined(made.ok ? made.value : null, `the ticket ${name} is malformed`);
}

export function poolOptions(changes: Partial<PoolOptions> = {}): PoolOptions {
  let matches = 0;
  return {
    rules: RULES,
    facts: NO_FACTS,
    mintMatchId: () => {
      matches += 1;
      return brandId<MatchId>(`match-${String(matches).padStart(4, '0')}`);
    },
    ...changes,
  };
}
