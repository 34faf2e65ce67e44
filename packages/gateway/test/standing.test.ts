import assert from 'node:assert/strict';
import { test } from 'node:test';
import { World } from './support/world.ts';

test('[GW-15] whoever may do nothing is refused at the hello, by the cookie alone', () => {
  const world = new World();
  const ada = world.newClient('ada');
  world.decide(ada.subject, 'nothing');
  world.connect(ada);
  assert.equal(ada.closedBy, 'sanctioned');
  assert.equal(world.gateway.counts().online, 0);
  const bo = world.join('bo');
  assert.ok(bo.isAttached);
});

test('[GW-15] and by the device key alone, under whatever cookie', () => {
  const world = new World();
  const ada = world.newClient('ada');
  world.decide(world.signer.deviceId(ada.device), 'nothing');
  world.connect(ada);
  assert.equal(ada.closedBy, 'sanctioned');
});

test('[GW-15] a decision shows somebody out of a call in the turn in which it is heard, and frees the other', () => {
  const world = new World();
  const [ada, bo] = world.pair();
  world.decide(ada.subject, 'nothing');
  assert.equal(ada.closedBy, 'sanctioned');
  assert.equal(bo.last('call.ended').reason, 'left');
  assert.ok(bo.isAttached);
  assert.deepEqual(world.gateway.counts(), { online: 1, detached: 0, waiting: 0, calls: 0 });
});

test('[GW-15] a session without a socket ends too, and its resume is refused as the hello is', () => {
  const world = new World();
  const ada = world.join('ada');
  world.lose(ada);
  world.decide(ada.subject, 'nothing');
  assert.deepEqual(world.gateway.counts(), { online: 0, detached: 0, waiting: 0, calls: 0 });
  world.connect(ada);
  assert.equal(ada.closedBy, 'sanctioned');
});

test('[GW-15] once it is over, the same person comes in again', () => {
  const world = new World();
  const ada = world.join('ada');
  world.decide(ada.subject, 'nothing');
  world.decide(ada.subject, 'meet');
  world.connect(ada);
  assert.ok(ada.isAttached);
});

test('[GW-15] whoever may only write gets no search, call or turn by video, and keeps the text', () => {
  const world = new World();
  const [ada, bo] = world.pair('ada', 'bo', 'video');
  world.decide(ada.subject, 'text');
  assert.equal(ada.last('call.ended').reason, 'you');
  assert.equal(bo.last('call.ended').reason, 'left');
  ada.searchFor('video');
  world.flush();
  assert.equal(ada.last('ticket.refused').reason, 'pool-full');
  ada.searchFor('text');
  world.flush();
  assert.equal(ada.last('ticket.accepted').waiting, 1);
  world.decide(ada.subject, 'text');
  assert.equal(world.gateway.counts().waiting, 1);
});

test('[GW-15] a search by video ends when only writing is left', () => {
  const world = new World();
  const ada = world.joinAdult('ada');
  ada.searchFor('video');
  world.flush();
  world.decide(ada.subject, 'text');
  assert.equal(ada.last('ticket.refused').reason, 'pool-full');
});

test('[GW-15] whoever may only write restores nothing', () => {
  const world = new World();
  const [ada, bo] = world.pair('ada', 'bo', 'text');
  world.settleJournal();
  world.restart();
  world.decide(ada.subject, 'text');
  world.connect(bo);
  world.connect(ada);
  assert.equal(ada.last('restore.refused').reason, 'too-late');
  assert.equal(world.gateway.counts().calls, 0);
});

test('[GW-15] nobody whom a decision reached while they waited for the other side is brought back', () => {
  const world = new World();
  const [ada, bo] = world.pair('ada', 'bo', 'video');
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

test('[GW-15] whoever comes back from where one may only write goes on with nothing by video', () => {
  const standing = { may: 'text', because: 'network', appeal: null, endsAtWallMs: null } as const;
  const there = { clientAddress: '198.51.100.77' };
  const world = new World();
  world.decide(there.clientAddress, standing);
  const [ada, bo] = world.pair('ada', 'bo', 'video');
  world.lose(ada);
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

test('[GW-15] no place in a call by video is kept for a page that comes from where one may only write', () => {
  const standing = { may: 'text', because: 'network', appeal: null, endsAtWallMs: null } as const;
  const there = { clientAddress: '198.51.100.77' };
  const world = new World();
  world.decide(there.clientAddress, standing);
  const [ada, bo] = world.pair('ada', 'bo', 'video');
  world.lose(ada);
  const { subject, device } = ada;
  const again = world.newClient('ada-again', { subject, device, isNewPage: true });
  world.connect(again, there);
  assert.equal(again.last('session.opened').rejoin, undefined);
  assert.equal(bo.last('call.ended').reason, 'left');
});

test('[GW-15] a text call does not turn to video while either of the two may only write', () => {
  for (const who of [0, 1] as const) {
    const world = new World();
    const two = world.pair('ada', 'bo', 'text');
    world.decide(two[who].subject, 'text');
    const [ada] = two;
    ada.say('video.consent', { ...ada.inCall(), allowed: true, policyVersion: 1 });
    world.flush();
    assert.equal(ada.last('video.refused').reason, 'too-often');
    assert.equal(ada.call?.mode, 'text');
  }
});

test('[GW-17, PR-27] whom a decision keeps out is told why, until when and under which code, and then closed', () => {
  const world = new World();
  const ada = world.join('ada');
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

test('[GW-17] whoever may only write hears it with each socket, and once when it changes', () => {
  const world = new World();
  const ada = world.join('ada');
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
  // The last word may have been lost with a socket, so a resume says it again.
  world.lose(ada);
  world.connect(ada);
  assert.deepEqual(heard(), ['text', 'text', 'meet', 'meet']);
});

test('[GW-17] sends a standing again when only its reason, appeal or end changes', () => {
  const world = new World();
  const ada = world.join('ada');
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

test('[GW-17] what is no decision about a person has no code for an appeal', () => {
  for (const because of ['network', 'hold'] as const) {
    const world = new World();
    const ada = world.join('ada');
    world.decide(ada.subject, { may: 'nothing', because, appeal: null, endsAtWallMs: null });
    assert.deepEqual(ada.last('standing.changed'), {
      type: 'standing.changed',
      may: 'nothing',
      because,
    });
  }
});

test('[GW-15] a text call is not offered to turn where either of the two may only write', () => {
  const world = new World();
  const ada = world.joinAdult('ada');
  const bo = world.joinAdult('bo');
  world.decide(bo.subject, 'text');
  ada.searchFor('text');
  bo.searchFor('text');
  world.settle();
  assert.equal(ada.last('match.found').videoOffered, undefined);
  assert.equal(bo.last('match.found').videoOffered, undefined);
});
