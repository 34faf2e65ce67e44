import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mode } from '@farandole/protocol/fields';
import { RESUME_GRACE_MS } from '@farandole/protocol/limits';
import { REJOINS_MAX } from '../src/limits.ts';
import { FakeDevice } from './support/fake-signer.ts';
import type { TestClient, TestClientOptions } from './support/test-client.ts';
import { type Pair, paired, type World } from './support/world.ts';

function openAgain(
  world: World,
  before: TestClient,
  options: Partial<TestClientOptions> = {},
): TestClient {
  const page = world.newClient(`${before.name}-again`, {
    subject: before.subject,
    device: before.device,
    isNewPage: true,
    ...options,
  });
  world.connect(page);
  return page;
}

/** Returns Ada and Bo in a call after three chat lines. Ada's page was killed. */
function killed(mode: Mode = 'text'): Pick<Pair, 'world' | 'ada' | 'bo'> {
  const { world, ada, bo } = paired(mode);
  ada.sayLine('one');
  bo.sayLine('two');
  ada.sayLine('three');
  world.flush();
  world.lose(ada);
  return { world, ada, bo };
}

test('[PR-63] offers the call to a killed page’s next page, without chat lines', () => {
  const { world, ada, bo } = killed();
  world.pass(10_000);
  const again = openAgain(world, ada);
  const { rejoin } = again.last('session.opened');
  assert.ok(rejoin !== undefined);
  const found = ada.last('match.found');
  assert.deepEqual(
    [rejoin.match, rejoin.epoch, rejoin.side, rejoin.role, rejoin.mode],
    [found.match, 1, found.side, found.role, 'text'],
  );
  assert.equal(rejoin.deadlineMs, RESUME_GRACE_MS - 10_000);
  assert.ok(rejoin.elapsedMs >= 10_000);
  bo.sayLine('are you there?');
  bo.sayMedia({ camera: 'off' });
  world.flush();
  assert.deepEqual(again.all('chat.line'), []);
  assert.deepEqual(
    bo.all('peer.presence').map(({ present }) => present),
    [false],
  );
  assert.deepEqual(world.gateway.counts(), { online: 2, detached: 0, waiting: 0, calls: 1 });
});

test('[PR-64] a rejoined call continues in the next epoch with all chat lines', () => {
  const { world, ada, bo } = killed();
  const again = openAgain(world, ada);
  bo.sayLine('are you there?');
  world.flush();
  again.rejoin();
  world.flush();
  for (const client of [again, bo]) {
    const { match, epoch, newPage } = client.last('call.restored');
    assert.deepEqual([match, epoch, newPage], [ada.last('match.found').match, 2, true]);
    assert.deepEqual(client.texts, ['one', 'two', 'three', 'are you there?']);
  }
  again.sayLine('here I am');
  bo.sayLine('good');
  world.flush();
  assert.deepEqual(again.texts, bo.texts);
  assert.equal(bo.texts.length, 6);
});

test('[PR-64] after a rejoin, delivers a new chat line after the resent ones', () => {
  const { world, ada, bo } = killed();
  const again = openAgain(world, ada);
  bo.replays = false;
  again.rejoin();
  world.flush();
  bo.sayLine('new');
  world.flush();
  assert.deepEqual(again.texts, []);
  for (const line of bo.call?.lines.slice(1, 3) ?? []) {
    bo.say('chat.replay', { ...bo.inCall(), line });
  }
  world.flush();
  assert.deepEqual(again.texts, ['two', 'three', 'new']);
});

test('[PR-64] after a rejoin, resent chat lines start anywhere but leave no gap', () => {
  const { world, ada, bo } = killed();
  const again = openAgain(world, ada);
  bo.replays = false;
  again.rejoin();
  world.flush();
  const [first, , third] = bo.call?.lines ?? [];
  assert.ok(first !== undefined && third !== undefined);
  bo.say('chat.replay', { ...bo.inCall(), line: { ...first, text: 'never said' } });
  bo.say('chat.replay', { ...bo.inCall(), line: first });
  bo.say('chat.replay', { ...bo.inCall(), line: third });
  world.flush();
  assert.deepEqual(again.texts, ['one']);
});

test('[PR-64] after a rejoin, the offerer must send the first SDP offer', () => {
  const { world, ada, bo } = killed('video');
  const again = openAgain(world, ada);
  again.rejoin();
  world.flush();
  const answerer = again.last('call.restored').role === 'answerer' ? again : bo;
  answerer.say('signal.offer', { ...answerer.inCall(), sdp: 'v=0\r\n' });
  world.flush();
  assert.equal(answerer.last('signal.refused').reason, 'wrong-role');
});

test('[PR-63] opening another page doesn’t extend the killed page’s grace period', () => {
  const { world, ada, bo } = killed();
  world.pass(20_000);
  const again = openAgain(world, ada);
  world.pass(RESUME_GRACE_MS - 20_000 - 100);
  assert.equal(bo.all('call.ended').length, 0);
  // The third page gets the rest of the first page's grace period, not a new one.
  world.lose(again);
  const third = openAgain(world, ada);
  assert.equal(third.last('session.opened').rejoin?.deadlineMs, 100);
  world.pass(100);
  assert.equal(bo.last('call.ended').reason, 'lost');
  assert.equal(third.last('call.ended').reason, 'lost');
  third.declareAge('adult');
  third.searchFor('text');
  world.flush();
  assert.equal(third.all('ticket.accepted').length, 1);
});

test('[PR-63] declining to rejoin ends the call and lets the user search', () => {
  const { world, ada, bo } = killed();
  const again = openAgain(world, ada);
  again.declareAge('adult');
  again.searchFor('text');
  world.flush();
  assert.equal(again.last('ticket.refused').reason, 'in-a-call');
  const { rejoin } = again.last('session.opened');
  assert.ok(rejoin !== undefined);
  again.say('call.end', { match: rejoin.match, epoch: rejoin.epoch, reason: 'stop' });
  again.searchFor('text');
  world.flush();
  assert.equal(bo.last('call.ended').reason, 'left');
  assert.equal(again.all('ticket.accepted').length, 1);
});

test('[PR-63] offers a killed page’s call only to the same user', () => {
  for (const options of [
    { device: new FakeDevice('another') },
    { isNewPage: false },
  ] satisfies Partial<TestClientOptions>[]) {
    const { world, ada, bo } = killed();
    const again = openAgain(world, ada, options);
    assert.equal(again.last('session.opened').rejoin, undefined);
    assert.equal(bo.last('call.ended').reason, 'left');
  }
});

test('[PR-63] offers no rejoin while the user’s page is connected', () => {
  const { world, ada, bo } = paired();
  const again = openAgain(world, ada);
  assert.equal(again.last('session.opened').rejoin, undefined);
  assert.equal(ada.closedBy, 'replaced');
  assert.equal(bo.last('call.ended').reason, 'left');
});

test('[PR-63] ends the call if both users’ pages were lost', () => {
  const { world, ada, bo } = killed();
  world.lose(bo);
  const adaAgain = openAgain(world, ada);
  assert.ok(adaAgain.last('session.opened').rejoin !== undefined);
  const boAgain = openAgain(world, bo);
  assert.equal(boAgain.last('session.opened').rejoin, undefined);
  assert.equal(adaAgain.last('call.ended').reason, 'left');
});

test('[PR-63] buffers the peer’s SDP offer until the user rejoins', () => {
  const { world, ada, bo } = killed();
  world.lose(bo);
  const again = openAgain(world, ada);
  again.rejoin();
  world.flush();
  assert.equal(again.last('peer.presence').present, false);
  world.connect(bo);
  assert.equal(again.last('peer.presence').present, true);
  assert.deepEqual(again.texts, ['one', 'two', 'three']);
});

test('[PR-64] refuses a rejoin with another call’s receipt; the user may retry', () => {
  const { world, ada } = killed();
  const others = world.pair('cy', 'di');
  const again = openAgain(world, ada);
  again.say('call.restore', { receipt: others[0].last('match.found').receipt, received: [0, 0] });
  world.flush();
  assert.equal(again.last('restore.refused').reason, 'busy');
  again.rejoin();
  world.flush();
  assert.equal(again.last('call.restored').epoch, 2);
});

test('[PR-64] ends the call if the rejoining user declared to be a minor', () => {
  const { world, ada, bo } = killed();
  const again = openAgain(world, ada);
  again.declareAge('minor');
  again.rejoin();
  world.flush();
  assert.equal(again.all('call.restored').length, 0);
  assert.equal(bo.all('call.ended').length, 1);
});

test('[PR-63] ends a video call whose rejoining user is restricted to text', () => {
  const { world, ada, bo } = killed('video');
  openAgain(world, ada);
  world.decide(ada.subject, 'text');
  assert.equal(bo.last('call.ended').reason, 'left');
});

test(`[PR-63] a call allows at most ${REJOINS_MAX} rejoins`, () => {
  const { world, ada, bo } = killed();
  for (let times = 1; times <= REJOINS_MAX; times += 1) {
    const again = openAgain(world, ada);
    again.rejoin();
    world.flush();
    assert.equal(bo.last('call.restored').epoch, 1 + times);
    world.lose(again);
  }
  const again = openAgain(world, ada);
  assert.equal(again.last('session.opened').rejoin, undefined);
  assert.equal(bo.last('call.ended').reason, 'left');
});
