import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { INVITATION_LIFETIME_MS, MEET_AGAIN_CALL_MS } from '@farandole/protocol/limits';
import { invitedBy, linkOf } from '../src/call/invitation.ts';
import { followLastMet, lastMetOf } from '../src/effects/last-met.ts';
import { EXPLICIT } from '../src/fakes/fake-classifier.ts';
import type { Person, World } from '../src/fakes/world.ts';
import { met, openedBoth, seeing } from './support/opened.ts';

const ticketsOf = (world: World): readonly ClientMessageOf<'ticket.create'>[] =>
  world.server.said
    .map(({ message }) => message)
    .filter(
      (message): message is ClientMessageOf<'ticket.create'> => message.type === 'ticket.create',
    );

async function invitationOf({ app }: Person) {
  return await app.invitation.load();
}

/** Ada looks for anyone by text, and makes an invitation. */
async function invited() {
  const { world, ada, bo } = await openedBoth();
  ada.app.navigation.start('text');
  await world.time.quiet();
  const invitation = await invitationOf(ada);
  invitation.make('text');
  await world.time.quiet();
  const own = invitation.own.value;
  assert.ok(own.state === 'made');
  return { world, ada, bo, invitation, own };
}

function accept(guest: Person, link: string): void {
  const found = invitedBy(new URL(link).hash) ?? assert.fail('the link is no invitation');
  guest.app.navigation.start(found.mode, found.meeting);
}

test('the link of an invitation contains its mode, and no other fragment is one', () => {
  const meeting = { by: 'invitation', token: 'token-of-an-invitation' } as const;
  for (const mode of ['video', 'text'] as const) {
    const link = linkOf('https://example.org', meeting, mode);
    assert.deepEqual(invitedBy(new URL(link).hash), { meeting, mode });
  }
  for (const hash of ['', '#rules', '#with=', '#with=xtoken-of-an-invitation', '#with=v<b>']) {
    assert.equal(invitedBy(hash), null, hash);
  }
});

test('[PR-35a] the host and the guest meet, and nobody else meets the host', async () => {
  const { world, ada, bo, own } = await invited();
  assert.equal(ada.app.search.view.value?.meeting?.by, 'invitation');
  const cy = world.regular('cy');
  await world.time.quiet();
  cy.app.navigation.start('text');
  await world.time.advance(1_000);
  assert.equal(cy.app.call.view.value, null);
  accept(bo, linkOf('https://example.org', own.meeting, own.mode));
  await world.time.advance(1_000);
  assert.notEqual(bo.app.call.view.value, null);
  assert.equal(ada.app.call.last?.match, bo.app.call.last?.match);
  world.assertNoFault();
});

test('forgets the invitation once the two met; Next looks for anyone', async () => {
  const { world, ada, bo, invitation, own } = await invited();
  accept(bo, linkOf('https://example.org', own.meeting, own.mode));
  await world.time.advance(1_000);
  assert.equal(invitation.own.value.state, 'none');
  for (let press = 0; press < 2; press++) {
    ada.app.navigation.next();
    await world.time.advance(400);
  }
  assert.equal(ticketsOf(world).at(-1)?.meeting, undefined);
  assert.equal(ada.app.search.view.value?.meeting, null);
});

test('[PR-35b] withdrawing refuses the guest and goes on with other people', async () => {
  const { world, ada, bo, invitation, own } = await invited();
  const cy = world.regular('cy');
  await world.time.quiet();
  ada.app.navigation.waitFor(null);
  accept(bo, linkOf('https://example.org', own.meeting, own.mode));
  await world.time.quiet();
  invitation.withdraw();
  await world.time.advance(1_000);
  assert.equal(invitation.own.value.state, 'withdrawn');
  const { held, meeting } = bo.app.search.view.value ?? assert.fail('Bo left the waiting screen');
  assert.deepEqual([held?.reason, held?.retryInMs], ['meeting-over', null]);
  assert.equal(meeting?.by, 'invitation');
  await world.time.advance(60_000);
  assert.equal(bo.app.search.view.value?.held?.reason, 'meeting-over', 'it isn’t tried again');
  bo.app.navigation.waitFor(null);
  await world.time.advance(1_000);
  assert.equal(ada.app.call.last?.match, bo.app.call.last?.match);
  assert.equal(cy.app.call.last, null);
});

test('ends an invitation that has expired, and goes on with other people', async () => {
  const { world, ada, invitation } = await invited();
  await world.time.advance(INVITATION_LIFETIME_MS);
  assert.equal(invitation.own.value.state, 'expired');
  assert.equal(ada.app.search.view.value?.meeting, null);
});

test('says if the server makes no invitation, or if the user is offline', async () => {
  const { world, ada } = await openedBoth();
  ada.app.navigation.start('text');
  const invitation = await invitationOf(ada);
  world.server.invitations.answer = 'refuse';
  invitation.make('text');
  await world.time.quiet();
  assert.equal(invitation.own.value.state, 'failed');
  assert.equal(ada.app.search.view.value?.meeting, null);
  world.server.invitations.answer = 'silence';
  invitation.make('text');
  await world.time.quiet();
  assert.equal(invitation.own.value.state, 'asked');
  world.node.link.breakOff();
  await world.time.advance(100);
  assert.equal(invitation.own.value.state, 'offline');
});

async function talked(forMs: number) {
  const { world, ada, bo } = await met('text');
  await world.time.advance(forMs);
  bo.app.navigation.stop();
  await world.time.advance(500);
  return { world, ada, bo };
}

test('[PR-36] two users meet again only if both ask', async () => {
  const { world, ada, bo } = await talked(MEET_AGAIN_CALL_MS);
  for (const { app } of [ada, bo]) assert.equal(app.call.ended.value?.canMeetAgain, true);
  const first = ada.app.call.last?.match;
  ada.app.navigation.meetAgain();
  await world.time.advance(10_000);
  assert.equal(ada.app.search.view.value?.meeting?.by, 'again');
  assert.equal(bo.app.call.ended.value?.canMeetAgain, true);
  bo.app.navigation.meetAgain();
  await world.time.advance(1_000);
  assert.notEqual(ada.app.call.last?.match, first);
  assert.equal(ada.app.call.last?.match, bo.app.call.last?.match);
});

test('[PR-36] doesn’t ask to meet again after a short call, a report or a block', async () => {
  const short = await talked(MEET_AGAIN_CALL_MS - 2_000);
  assert.equal(short.ada.app.call.ended.value?.canMeetAgain, false);
  const { world, ada, bo } = await talked(MEET_AGAIN_CALL_MS);
  ada.app.records.block();
  await world.time.advance(500);
  assert.equal(ada.app.call.ended.value?.canMeetAgain, false);
  assert.equal(bo.app.call.ended.value?.canMeetAgain, true, 'nothing tells Bo of the block');
});

test('[PR-36] remembers the last call for a later search, unless it was short or reported', async () => {
  const { world, ada, bo } = await met('text');
  followLastMet(ada.app);
  followLastMet(bo.app);
  await world.time.advance(MEET_AGAIN_CALL_MS);
  const first = ada.app.call.last;
  ada.app.navigation.next();
  await world.time.advance(1_000);
  ada.app.navigation.next();
  await world.time.advance(500);
  assert.equal(ada.app.search.view.value?.meeting, null);
  const [hers, his] = [lastMetOf(ada.app).value, lastMetOf(bo.app).value];
  assert.deepEqual([hers?.match, his?.match], [first?.match, first?.match]);
  ada.app.navigation.waitFor({ by: 'again', token: hers?.receipt ?? '' });
  bo.app.navigation.next();
  await world.time.advance(10_000);
  assert.equal(ada.app.screen.value, 'waiting', 'Bo looks for anyone');
  bo.app.navigation.waitFor({ by: 'again', token: his?.receipt ?? '' });
  await world.time.advance(1_000);
  assert.equal(ada.app.call.last?.match, bo.app.call.last?.match);
  assert.equal(lastMetOf(ada.app).value, null, 'a new call takes its place');
  bo.app.navigation.stop();
  await world.time.advance(500);
  assert.equal(lastMetOf(ada.app).value, null, 'the second call was short');
});

test('remembers in which call the shield covered the peer', async () => {
  const { world, ada } = await seeing();
  const { flagged } = await ada.app.reactions.load();
  assert.equal(flagged.value, null);
  ada.classifier.scores = EXPLICIT;
  await world.time.advance(1_500);
  assert.equal(flagged.value, ada.app.call.last?.match);
});
