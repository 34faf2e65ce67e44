import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import { RESUME_GRACE_MS, SESSION_TICKET_LIFETIME_MS } from '@farandole/protocol/limits';
import type { TestClient } from './support/test-client.ts';
import { joined, World } from './support/world.ts';

const EVE = brandId<SubjectId>('subject-eve');

function secretOf(client: TestClient): string {
  return client.last('session.opened').secret;
}

test('[GW-12b] a session ticket admits one socket of its user', () => {
  const world = new World();
  const { subject } = world.newClient('ada');
  const ticket = world.mintTicket(subject);
  assert.equal(world.gateway.admits(ticket, EVE, world.now), false);
  assert.equal(world.gateway.admits(ticket, subject, world.now), true);
  assert.equal(world.gateway.admits(ticket, subject, world.now), false);
  assert.equal(world.gateway.sizes().admittedTickets, 1);
});

test('[GW-12b] an expired ticket, a forged one and another token admit no socket', () => {
  const { world, ada } = joined();
  const { subject } = ada;
  const ticket = world.mintTicket(subject);
  const { receipt } = ada.last('session.opened');
  for (const token of [`${ticket}x`, receipt, '', 'ticket.forged-from-nothing.at-all']) {
    assert.equal(world.gateway.admits(token, subject, world.now), false, token);
  }
  world.pass(SESSION_TICKET_LIFETIME_MS);
  assert.equal(world.gateway.admits(ticket, subject, world.now), false);
});

test('[GW-12b] the secret of a live session admits sockets of its user', () => {
  const { world, ada } = joined();
  const secret = secretOf(ada);
  for (const isDetached of [false, true]) {
    if (isDetached) world.lose(ada);
    assert.equal(world.gateway.admits(secret, ada.subject, world.now), true);
    assert.equal(world.gateway.canResume(secret, ada.subject, world.now), true);
    assert.equal(world.gateway.admits(secret, EVE, world.now), false);
  }
  const unknown = world.signer.seal('resume', 'another-session');
  assert.equal(world.gateway.admits(unknown, ada.subject, world.now), false);
  world.pass(RESUME_GRACE_MS);
  assert.equal(world.gateway.admits(secret, ada.subject, world.now), false);
  assert.equal(world.gateway.canResume(secret, ada.subject, world.now), false);
});
