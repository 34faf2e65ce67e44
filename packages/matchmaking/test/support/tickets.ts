import { assert } from '@farandole/kernel/assert';
import { createTicket, type Ticket, type TicketInput } from '@farandole/matchmaking/ticket';

/** Returns valid input for a ticket. Each number gives a different user and device. */
export function ticketInput(number: number, changes: Partial<TicketInput> = {}): TicketInput {
  return {
    id: `ticket-${number}`,
    node: 'node-0001',
    session: `session-${number}`,
    subject: `subject-${number}`,
    deviceKey: `device-${number}`,
    mode: 'video',
    ageBand: 'adult',
    ageState: 'declared',
    policyVersion: 1,
    sanctioned: false,
    network: null,
    tier: 'new',
    circle: 'normal',
    interests: [],
    onlyShared: false,
    languages: ['en'],
    hasOffer: false,
    ...changes,
  };
}

export function makeTicket(number: number, changes: Partial<TicketInput> = {}): Ticket {
  const ticket = createTicket(ticketInput(number, changes));
  assert(ticket.ok, `a test made a ticket that is none: ${JSON.stringify(ticket)}`);
  return ticket.value;
}
