import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { TicketFacts } from '@farandole/matchmaking/apart/ticket-facts';
import { CarriedFacts } from '../src/carried-facts.ts';
import { twoNodes } from './support/small-cluster.ts';
import { ticketOf } from './support/tickets.ts';

const FREE = { keptApart: () => false, metWithin: () => false };

function factsOf(name: string, more: Partial<TicketFacts> = {}): TicketFacts {
  return {
    names: [name, `device of ${name}`],
    network: null,
    apart: [],
    near: [],
    met: [],
    ...more,
  };
}

it('[CL-38a] the pool keeps two users apart whom a ticket names', () => {
  const { ada, bob } = twoNodes();
  const [anna, bert] = [ticketOf(ada.node, 'anna'), ticketOf(bob.node, 'bert')];
  const facts = new CarriedFacts(FREE, 0);
  facts.add(anna, factsOf('anna', { apart: ['device of bert'] }));
  assert.equal(facts.keptApart(anna, bert), false, 'of bert nothing is known');
  facts.add(bert, factsOf('bert'));
  assert.ok(facts.keptApart(anna, bert) && facts.keptApart(bert, anna));
  assert.equal(facts.metWithin(anna, bert, 1_000), false);
});

it('[CL-38a] the pool counts the time since a meeting on', () => {
  const { ada, bob } = twoNodes();
  const [anna, bert] = [ticketOf(ada.node, 'anna'), ticketOf(bob.node, 'bert')];
  const facts = new CarriedFacts(FREE, 100);
  facts.add(anna, factsOf('anna', { met: [['bert', 400]] }));
  facts.add(bert, factsOf('bert'));
  facts.advance(699);
  assert.equal(facts.metWithin(bert, anna, 1_000), true);
  facts.advance(700);
  assert.equal(facts.metWithin(bert, anna, 1_000), false);
});

it('[CL-38a] the pool forgets the facts of a ticket that left, but not of a later one', () => {
  const { ada } = twoNodes();
  const anna = ticketOf(ada.node, 'anna');
  const later = { ...ticketOf(ada.node, 'later'), subject: anna.subject };
  const facts = new CarriedFacts(FREE, 0);
  facts.add(anna, factsOf('anna'));
  facts.add(later, factsOf('anna'));
  facts.delete(anna.subject, anna.id);
  assert.equal(facts.size, 1);
  facts.delete(later.subject, later.id);
  assert.equal(facts.size, 0);
});

it('[CL-38a] the pool forbids what its own node knows', () => {
  const { ada, bob } = twoNodes();
  const [anna, bert] = [ticketOf(ada.node, 'anna'), ticketOf(bob.node, 'bert')];
  const facts = new CarriedFacts({ keptApart: () => true, metWithin: () => true }, 0);
  assert.ok(facts.keptApart(anna, bert) && facts.metWithin(anna, bert, 1));
});
