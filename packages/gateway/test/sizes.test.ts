import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RESUME_GRACE_MS, SESSION_TICKET_LIFETIME_MS } from '@farandole/protocol/limits';
import { World } from './support/world.ts';

test('[GW-4] the gateway’s size figures count searches, calls and candidate filters', () => {
  const world = new World();
  const of = () => {
    const { searches, calls, gates } = world.gateway.sizes();
    return { searches, calls, gates };
  };
  const [ada] = world.pair('ada', 'bo', 'video');
  world.pair('cy', 'dee', 'text');
  world.joinAdult('eve').searchFor('text');
  assert.deepEqual(of(), { searches: 1, calls: 2, gates: 2 });
  ada.endCall('stop');
  world.flush();
  assert.deepEqual(of(), { searches: 1, calls: 1, gates: 0 });
});

test('[GW-4] the gateway’s size figures count no sessions or searches of departed users', () => {
  const world = new World();
  const empty = world.gateway.sizes();
  assert.equal(empty.deadlines, 1, 'the count of people online is always due');
  const [ada, bo] = world.pair();
  ada.block();
  world.flush();
  const busy = world.gateway.sizes();
  assert.equal(busy.connections, 2);
  assert.equal(busy.sessions, 2);
  assert.equal(busy.usedTickets, 2);
  assert.equal(busy.pendingWrites, 1);
  for (const entry of world.journal.settleAll(true)) {
    world.gateway.journalSettled(entry, true, world.now);
  }
  assert.equal(world.gateway.sizes().recentBlocks, 1);
  ada.hide();
  world.lose(bo);
  assert.equal(world.gateway.sizes().connections, 0);
  world.clock.advance(RESUME_GRACE_MS + SESSION_TICKET_LIFETIME_MS);
  world.gateway.tick(world.now);
  // Opening a session removes the expired tickets.
  const cy = world.join('cy');
  cy.hide();
  const { deadlines, ...left } = world.gateway.sizes();
  assert.ok(deadlines <= 2, 'only what is due once, and never again for those who went');
  assert.deepEqual(left, {
    connections: 0,
    sessions: 0,
    silentSockets: 0,
    admittedTickets: 0,
    usedTickets: 1,
    ageRefusals: 0,
    recentBlocks: 1,
    reports: 0,
    restores: 0,
    pendingWrites: 0,
    offerChars: 0,
    searches: 0,
    promisedElsewhere: 0,
    calls: 0,
    gates: 0,
    bufferedLines: 0,
    deferred: 0,
    deferredChars: 0,
  });
});
