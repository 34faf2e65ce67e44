import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId } from '@farandole/kernel/id';
import { joined, joinedAdult, type Pair, paired, World } from './support/world.ts';

test('[GW-15] refuses a banned cookie at the hello', () => {
  const world = new World();
  const ada = world.newClient('ada');
  world.decide(ada.subject, 'nothing');
  world.connect(ada);
  assert.equal(ada.closedBy, 'sanctioned');
  assert.equal(world.gateway.counts().online, 0);
  const bo = world.join('bo');
  assert.ok(bo.isAttached);
});

test('[GW-15] refuses a banned device under any cookie', () => {
  const world = new World();
  const ada = world.newClient('ada');
  world.decide(world.signer.deviceId(ada.device), 'nothing');
  world.connect(ada);
  assert.equal(ada.closedBy, 'sanctioned');
});

test('[GW-15] a ban ends the user’s call and frees the peer at once', () => {
  const { world, ada, bo } = paired();
  world.decide(ada.subject, 'nothing');
  assert.equal(ada.closedBy, 'sanctioned');
  assert.equal(bo.last('call.ended').reason, 'left');
  assert.ok(bo.isAttached);
  assert.deepEqual(world.gateway.counts(), { online: 1, detached: 0, waiting: 0, calls: 0 });
});

test('[GW-15] a ban ends a session without socket and refuses its resume', () => {
  const { world, ada } = joined();
  world.lose(ada);
  world.decide(ada.subject, 'nothing');
  assert.deepEqual(world.gateway.counts(), { online: 0, detached: 0, waiting: 0, calls: 0 });
  world.connect(ada);
  assert.equal(ada.closedBy, 'sanctioned');
});

test('[GW-15] admits a user again after the ban ends', () => {
  const { world, ada } = joined();
  world.decide(ada.subject, 'nothing');
  world.decide(ada.subject, 'meet');
  world.connect(ada);
  assert.ok(ada.isAttached);
});

test('[GW-15] refuses video to a user restricted to text but allows text', () => {
  const { world, ada, bo } = paired('video');
  world.decide(ada.subject, 'text');
  assert.equal(ada.last('call.ended').reason, 'you');
  assert.equal(bo.last('call.ended').reason, 'left');
  ada.searchFor('video');
  world.flush();
  assert.equal(ada.last('ticket.refused').reason, 'pool-full');
  const ticket = ada.searchFor('text');
  world.flush();
  assert.equal(ada.last('ticket.accepted').ticket, ticket);
  world.decide(ada.subject, 'text');
  assert.equal(world.gateway.counts().waiting, 1);
});

test('[GW-15] ends a video search when the user is restricted to text', () => {
  const { world, ada } = joinedAdult();
  ada.searchFor('video');
  world.flush();
  world.decide(ada.subject, 'text');
  assert.equal(ada.last('ticket.refused').reason, 'pool-full');
});

test('[GW-15] refuses a video call restore by a user restricted to text', () => {
  const { world, ada, bo } = paired();
  world.settleJournal();
  world.restart();
  world.decide(ada.subject, 'text');
  world.connect(bo);
  world.connect(ada);
  assert.equal(ada.last('restore.refused').reason, 'too-late');
  assert.equal(world.gateway.counts().calls, 0);
});

test('[GW-15] doesn’t restore a call of a user banned while waiting', () => {
  const { world, ada, bo } = paired('video');
  world.settleJournal();
  world.restart();
  world.connect(ada);
  assert.ok(ada.all('call.restoring').length > 0);
  world.decide(ada.subject, 'text');
  assert.equal(ada.last('call.ended').reason, 'you');
  world.connect(bo);
  assert.equal(bo.last('restore.refused').reason, 'too-late');
  assert.equal(world.gateway.counts().calls, 0);
});

const there = { clientAddress: '198.51.100.77' };

/**
 * Returns Ada and Bo in a video call. Ada has lost her socket, and will reconnect from a network
 * whose users are restricted to text.
 */
function apart(): Pair {
  const standing = { may: 'text', because: 'network', appeal: null, endsAtWallMs: null } as const;
  const two = paired('video');
  two.world.decide(there.clientAddress, standing);
  two.world.lose(two.ada);
  return two;
}

test('[GW-15] ends a video call when a user resumes from a restricted network', () => {
  const { world, ada, bo } = apart();
  world.connect(ada, there);
  assert.equal(ada.last('call.ended').reason, 'you');
  assert.equal(bo.last('call.ended').reason, 'left');
  const cleo = world.joinAdult('cleo');
  cleo.searchFor('video');
  world.flush();
  world.lose(cleo);
  world.connect(cleo, there);
  assert.equal(cleo.last('ticket.refused').reason, 'pool-full');
});

test('[GW-15] a page from a restricted network can’t rejoin a video call', () => {
  const { world, ada, bo } = apart();
  const { subject, device } = ada;
  const again = world.newClient('ada-again', { subject, device, isNewPage: true });
  world.connect(again, there);
  assert.equal(again.last('session.opened').rejoin, undefined);
  assert.equal(bo.last('call.ended').reason, 'left');
});

test('[GW-15] refuses a switch to video while either user is restricted', () => {
  for (const who of [0, 1] as const) {
    const world = new World();
    const two = world.pair('ada', 'bo', 'text');
    world.decide(two[who].subject, 'text');
    const [ada] = two;
    ada.consentVideo(true);
    world.flush();
    assert.equal(ada.last('video.refused').reason, 'too-often');
    assert.equal(ada.call?.mode, 'text');
  }
});

test('[GW-17, PR-27] sends the ban’s reason, end and appeal code before closing the socket', () => {
  const { world, ada } = joined();
  world.decide(ada.subject, 'nothing');
  const told = {
    type: 'standing.changed',
    may: 'nothing',
    because: 'decision',
    appeal: 'code-of-the-decision',
    endsAtMs: 3_600_000,
  } as const;
  assert.deepEqual(ada.last('standing.changed'), told);
  assert.equal(ada.closedBy, 'sanctioned');
  const again = world.newClient('ada');
  world.connect(again);
  assert.deepEqual(again.last('standing.changed'), told);
  assert.equal(again.closedBy, 'sanctioned');
});

test('[GW-17] notifies a user restricted to text on each socket and change', () => {
  const { world, ada } = joined();
  const heard = () => ada.all('standing.changed').map(({ may }) => may);
  assert.deepEqual(heard(), []);
  world.decide(ada.subject, 'text');
  world.decide(ada.subject, 'text');
  assert.deepEqual(heard(), ['text']);
  world.lose(ada);
  world.connect(ada);
  assert.deepEqual(heard(), ['text', 'text']);
  world.decide(ada.subject, 'meet');
  assert.deepEqual(heard(), ['text', 'text', 'meet']);
  // A resume sends the restriction again, because the socket may have been lost before the first
  // message arrived.
  world.lose(ada);
  world.connect(ada);
  assert.deepEqual(heard(), ['text', 'text', 'meet', 'meet']);
});

test('[GW-17b, PR-27b] notifies a user of limited matching, and the user may still search', () => {
  const { world, ada } = joinedAdult();
  const limited = { appeal: 'auto-a-code', endsAtWallMs: 3_600_000 } as const;
  const heard = () => ada.all('standing.changed').map((told) => told.limited ?? null);
  world.decide(ada.subject, { may: 'meet', limited });
  world.decide(ada.subject, { may: 'meet', limited: { ...limited } });
  const first = { appeal: 'auto-a-code', endsAtMs: 3_600_000 };
  assert.deepEqual(heard(), [first]);
  assert.equal(ada.last('standing.changed').may, 'meet');
  const ticket = ada.searchFor('video');
  world.flush();
  assert.equal(ada.last('ticket.accepted').ticket, ticket);
  world.lose(ada);
  world.connect(ada);
  assert.deepEqual(heard(), [first, first]);
  world.decide(ada.subject, { may: 'meet', limited: { ...limited, appeal: null } });
  world.decide(ada.subject, 'meet');
  assert.deepEqual(heard().slice(2), [{ endsAtMs: 3_600_000 }, null]);
});

test('[GW-17b] after decisions change, checks only the users that the change names', () => {
  const world = new World();
  const [ada, bo] = [world.join('ada'), world.join('bo')];
  const limited = { appeal: null, endsAtWallMs: 3_600_000 } as const;
  for (const one of [ada, bo]) world.decideUnheard(one.subject, { may: 'meet', limited });
  world.gateway.standingsChanged(world.now, [ada.subject, brandId('nobody-here')]);
  world.flush();
  const counts = [ada, bo].map((one) => one.all('standing.changed').length);
  assert.deepEqual(counts, [1, 0]);
});

test('[GW-17] sends a restriction again when only its reason, appeal or end changes', () => {
  const { world, ada } = joined();
  const first = { may: 'text', because: 'network', appeal: null, endsAtWallMs: null } as const;
  const changes = [
    {},
    { because: 'hold' },
    { appeal: 'code-of-the-decision' },
    { endsAtWallMs: 1 },
    {},
  ] as const;
  for (const change of changes) world.decide(ada.subject, { ...first, ...change });
  assert.equal(ada.all('standing.changed').length, changes.length);
});

test('[GW-17] sends an appeal code only for a decision about this user', () => {
  for (const because of ['network', 'hold'] as const) {
    const { world, ada } = joined();
    world.decide(ada.subject, { may: 'nothing', because, appeal: null, endsAtWallMs: null });
    assert.deepEqual(ada.last('standing.changed'), {
      type: 'standing.changed',
      may: 'nothing',
      because,
    });
  }
});

test('[GW-15] doesn’t offer video in a text call with a restricted user', () => {
  const { world, ada } = joinedAdult();
  const bo = world.joinAdult('bo');
  world.decide(bo.subject, 'text');
  ada.searchFor('text');
  bo.searchFor('text');
  world.settle();
  assert.equal(ada.last('match.found').videoOffered, undefined);
  assert.equal(bo.last('match.found').videoOffered, undefined);
});
