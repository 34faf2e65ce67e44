import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  INVITATION_LIFETIME_MS,
  MEET_AGAIN_CALL_MS,
  RECEIPT_LIFETIME_MS,
} from '@farandole/protocol/limits';
import { INVITATIONS_PER_PERSON_MAX, INVITATIONS_SPAN_MS, LONELY_AFTER_MS } from '../src/limits.ts';
import { reportsIn } from './support/talked.ts';
import type { TestClient } from './support/test-client.ts';
import { paired, World } from './support/world.ts';

function invite(world: World, host: TestClient): string {
  host.say('invitation.create', { id: host.newName('invitation') });
  world.flush();
  return host.last('invitation.created').invitation;
}

function waitBy(world: World, client: TestClient, invitation: string): void {
  client.searchFor('text', { meeting: { by: 'invitation', token: invitation } });
  world.settle();
}

function waitAgain(world: World, client: TestClient, again: string): void {
  client.searchFor('text', { meeting: { by: 'again', token: again } });
  world.settle();
}

const reasonsOf = (client: TestClient): string[] =>
  client.all('ticket.refused').map(({ reason }) => reason);

function joinedThree() {
  const world = new World();
  const [ada, bo, cy] = [world.joinAdult('ada'), world.joinAdult('bo'), world.joinAdult('cy')];
  return { world, ada, bo, cy };
}

test('[PR-35a, MM-82] an invitation lets exactly two users meet', () => {
  const { world, ada, bo, cy } = joinedThree();
  const invitation = invite(world, ada);
  waitBy(world, bo, invitation);
  cy.searchFor('text');
  world.settle();
  assert.deepEqual([bo.call, cy.call], [null, null], 'a stranger doesn’t meet the guest');
  waitBy(world, ada, invitation);
  assert.notEqual(ada.call, null);
  assert.equal(ada.call?.match, bo.call?.match);
  cy.withdraw();
  world.flush();
  waitBy(world, cy, invitation);
  assert.deepEqual(reasonsOf(cy), ['meeting-over']);
});

test('[MM-82] the same two users may try again after a failed connection', () => {
  const { world, ada, bo } = joinedThree();
  const invitation = invite(world, ada);
  for (const client of [ada, bo]) waitBy(world, client, invitation);
  ada.endCall('connect-failed');
  world.flush();
  for (const client of [ada, bo]) waitBy(world, client, invitation);
  assert.equal(ada.all('match.found').length, 2);
});

test('[PR-35a] two guests never meet without the host', () => {
  const { world, ada, bo, cy } = joinedThree();
  const invitation = invite(world, ada);
  for (const client of [bo, cy]) waitBy(world, client, invitation);
  world.pass(60_000);
  assert.deepEqual([bo.call, cy.call], [null, null]);
});

test('[PR-35, GW-111] refuses an expired or forged invitation', () => {
  const { world, ada, bo } = joinedThree();
  const invitation = invite(world, ada);
  const { endsAtMs } = ada.last('invitation.created');
  assert.equal(endsAtMs, world.now.wallMs + INVITATION_LIFETIME_MS);
  waitBy(world, bo, `${invitation}x`);
  assert.deepEqual(reasonsOf(bo), ['meeting-over']);
  world.clock.jumpWall(INVITATION_LIFETIME_MS);
  waitBy(world, bo, invitation);
  assert.deepEqual(reasonsOf(bo), ['meeting-over', 'meeting-over']);
});

test('[PR-35b] a withdrawn invitation refuses waiting and later guests, host included', () => {
  const { world, ada, bo, cy } = joinedThree();
  const invitation = invite(world, ada);
  waitBy(world, bo, invitation);
  cy.say('invitation.withdraw', { invitation });
  world.settle();
  assert.deepEqual(reasonsOf(bo), [], 'only the host withdraws it');
  ada.say('invitation.withdraw', { invitation });
  world.settle();
  assert.deepEqual(reasonsOf(bo), ['meeting-over']);
  for (const client of [ada, cy]) {
    waitBy(world, client, invitation);
    assert.deepEqual(reasonsOf(client), ['meeting-over']);
  }
});

test('[GW-110, GW-111] refuses a restricted user in the same words as an expired invitation', () => {
  const { world, ada, bo, cy } = joinedThree();
  const invitation = invite(world, ada);
  world.place(bo.subject, { tier: 'restricted', circle: 'restricted' });
  waitBy(world, bo, invitation);
  const { ticket } = bo.last('ticket.refused');
  const meeting = { by: 'invitation', token: 'x'.repeat(40) } as const;
  cy.searchFor('text', { ticket, meeting });
  world.settle();
  const { seq: _, ...restricted } = bo.last('ticket.refused');
  const { seq: __, ...expired } = cy.last('ticket.refused');
  assert.deepEqual(restricted, expired);
  bo.say('invitation.create', { id: 'invitation-0001' });
  world.flush();
  assert.equal(bo.all('invitation.created').length, 0);
});

test('[GW-110] limits invitations per user and per network, with the same refusal', () => {
  const { world, ada, bo } = joinedThree();
  const ask = (client: TestClient): void => {
    world.pass(10_000);
    client.say('invitation.create', { id: 'invitation-0001' });
    world.flush();
  };
  for (let made = 0; made <= INVITATIONS_PER_PERSON_MAX; made++) ask(ada);
  assert.equal(ada.all('invitation.created').length, INVITATIONS_PER_PERSON_MAX);
  world.invitationsMax = INVITATIONS_PER_PERSON_MAX;
  ask(bo);
  const refusals = [ada, bo].map((client) => {
    const { seq: _, ...rest } = client.last('invitation.refused');
    return rest;
  });
  assert.deepEqual(refusals[0], refusals[1]);
  world.invitationsMax = Number.POSITIVE_INFINITY;
  world.pass(INVITATIONS_SPAN_MS);
  ask(ada);
  assert.equal(ada.all('invitation.created').length, INVITATIONS_PER_PERSON_MAX + 1);
});

test('[GW-110] refuses an invitation by a user who hasn’t declared to be an adult', () => {
  const world = new World();
  const ada = world.join('ada');
  ada.say('invitation.create', { id: 'invitation-0001' });
  world.flush();
  assert.equal(ada.all('invitation.refused').length, 1);
});

test('[GW-113] an invitation never brings two users together who are kept apart', () => {
  const { world, ada, bo } = paired('text');
  const invitation = invite(world, ada);
  bo.block();
  world.flush();
  for (const client of [ada, bo]) waitBy(world, client, invitation);
  world.pass(60_000);
  assert.deepEqual([ada.call, bo.call], [null, null]);
  assert.deepEqual([...reasonsOf(ada), ...reasonsOf(bo)], [], 'nothing tells one of the block');
});

test('[GW-113] a private meeting earns no trust', () => {
  const { world, ada, bo } = joinedThree();
  const invitation = invite(world, ada);
  for (const client of [ada, bo]) waitBy(world, client, invitation);
  ada.endCall('stop');
  world.flush();
  assert.equal(world.ended.at(-1)?.counts, false);
});

test('[GW-113] a restored private meeting earns no trust either', () => {
  const { world, ada, bo } = joinedThree();
  const invitation = invite(world, ada);
  for (const client of [ada, bo]) waitBy(world, client, invitation);
  world.settleJournal();
  world.restart();
  for (const client of [ada, bo]) world.connect(client);
  ada.endCall('stop');
  world.flush();
  assert.equal(world.ended.at(-1)?.counts, false);
});

test('[GW-170] a report says that the users met by invitation or again', () => {
  const { world, ada, bo } = joinedThree();
  const invitation = invite(world, ada);
  for (const client of [ada, bo]) waitBy(world, client, invitation);
  world.pass(MEET_AGAIN_CALL_MS);
  const receipts = [ada, bo].map(({ call }) => call?.receipt ?? '');
  const invited = ada.call ?? assert.fail('no call by invitation');
  ada.endCall('stop');
  world.flush();
  for (const [at, client] of [ada, bo].entries()) waitAgain(world, client, receipts[at] ?? '');
  const again = bo.call ?? assert.fail('no second call');
  assert.notEqual(again.match, invited.match);
  ada.report(invited);
  bo.report(again);
  world.flush();
  assert.deepEqual(
    reportsIn(world).map(({ match, call }) => [match, call?.metBy]),
    [
      [invited.match, 'invitation'],
      [again.match, 'again'],
    ],
  );
});

test('[GW-170] a report after a restart says that the users met by invitation', () => {
  const { world, ada, bo } = joinedThree();
  const invitation = invite(world, ada);
  for (const client of [ada, bo]) waitBy(world, client, invitation);
  world.settleJournal();
  world.restart();
  for (const client of [ada, bo]) world.connect(client);
  bo.report();
  world.flush();
  assert.deepEqual(
    reportsIn(world).map(({ call }) => call?.metBy),
    ['invitation'],
  );
});

function talked(forMs = MEET_AGAIN_CALL_MS) {
  const { world, ada, bo } = paired('text');
  world.pass(forMs);
  const [hers, his] = [ada.call?.receipt ?? '', bo.call?.receipt ?? ''];
  ada.endCall('stop');
  world.flush();
  return { world, ada, bo, hers, his };
}

test('[PR-36] two users meet again only if both ask', () => {
  const { world, ada, bo, hers, his } = talked();
  waitAgain(world, ada, hers);
  const heard = bo.received.length;
  world.pass(3_000);
  assert.equal(bo.received.length, heard, 'nothing tells the peer that the user asked');
  assert.equal(ada.all('match.found').length, 1);
  waitAgain(world, bo, his);
  assert.deepEqual(
    ada.all('match.found').map(({ match }) => match),
    bo.all('match.found').map(({ match }) => match),
  );
  assert.equal(ada.all('match.found').length, 2);
});

test('[PR-36] a user who looks for others doesn’t meet the peer who asks to meet again', () => {
  const { world, ada, bo, hers } = talked();
  waitAgain(world, ada, hers);
  bo.searchFor('text');
  world.settle();
  world.pass(20 * 60_000);
  assert.deepEqual([ada.call, bo.call], [null, null]);
});

test('[PR-36, GW-113] two users never meet again after a block or a report', () => {
  for (const apart of ['block', 'report'] as const) {
    const { world, ada, bo } = paired('text');
    bo.sayLine('hello');
    world.pass(MEET_AGAIN_CALL_MS);
    const [hers, his] = [ada.call?.receipt ?? '', bo.call?.receipt ?? ''];
    if (apart === 'block') ada.block();
    else ada.report();
    world.flush();
    waitAgain(world, ada, hers);
    waitAgain(world, bo, his);
    world.pass(60_000);
    assert.deepEqual([ada.call, bo.call], [null, null], apart);
    assert.deepEqual(reasonsOf(bo), [], 'nothing tells the user of the block or report');
  }
});

test('[GW-112] refuses another user’s receipt, a short call and an expired receipt', () => {
  const short = talked(MEET_AGAIN_CALL_MS - 1_000);
  waitAgain(short.world, short.ada, short.hers);
  assert.deepEqual(reasonsOf(short.ada), ['meeting-over']);
  const { world, ada, bo, hers } = talked();
  waitAgain(world, bo, hers);
  assert.deepEqual(reasonsOf(bo), ['meeting-over']);
  world.clock.jumpWall(RECEIPT_LIFETIME_MS);
  waitAgain(world, ada, hers);
  assert.deepEqual(reasonsOf(ada), ['meeting-over']);
});

test('[GW-29a] a search for a private meeting is never lonely', () => {
  const { world, ada, bo } = joinedThree();
  const invitation = invite(world, ada);
  waitBy(world, bo, invitation);
  bo.withdraw();
  waitBy(world, ada, invitation);
  world.clock.advance(LONELY_AFTER_MS);
  world.gateway.tick(world.now);
  assert.equal(world.gateway.counts().waiting, 1);
  assert.deepEqual(world.gateway.lonelySearches().modes, []);
});
