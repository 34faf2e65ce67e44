import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RECEIPT_LIFETIME_MS, RESTORE_WINDOW_MS } from '@farandole/protocol/limits';
import { BUFFERED_LINES_MAX } from '../src/limits.ts';
import { openCallReceipt, sealCallReceipt } from '../src/receipts.ts';
import type { Restore } from '../src/restores.ts';
import { Restores } from '../src/restores.ts';
import { FakeDevice } from './support/fake-signer.ts';
import type { ClientCall, TestClient } from './support/test-client.ts';
import { type Pair, paired } from './support/world.ts';

/** Ada and Bo, whose call was interrupted by a node restart. Neither has reconnected yet. */
function afterRestart(lines = 0): Pick<Pair, 'world' | 'ada' | 'bo'> {
  const { world, ada, bo } = paired();
  for (let i = 0; i < lines; i++) {
    (i % 2 === 0 ? ada : bo).sayLine(`line ${i}`);
    world.pass(500);
  }
  world.settleJournal();
  world.restart();
  return { world, ada, bo };
}

const refusal = (client: TestClient): string => client.last('restore.refused').reason;

test('[PR-60] continues a call in a new epoch when both users return', () => {
  const { world, ada, bo } = afterRestart(4);
  const match = ada.inCall().match;
  world.connect(ada);
  assert.equal(ada.last('session.opened').reset, 'unknown-session');
  const { deadlineMs } = ada.last('call.restoring');
  assert.equal(deadlineMs, RESTORE_WINDOW_MS);
  world.connect(bo);
  for (const client of [ada, bo]) {
    const restored = client.last('call.restored');
    assert.deepEqual([restored.match, restored.epoch], [match, 2]);
    assert.deepEqual(restored.counters, [2, 2]);
    assert.deepEqual(restored.peerReceived, [2, 2]);
  }
  assert.notEqual(ada.last('call.restored').side, bo.last('call.restored').side);
  ada.sayLine('still there?');
  world.flush();
  assert.equal(bo.call?.lines.length, 5);
  assert.deepEqual(ada.call?.lines, bo.call?.lines);
  assert.deepEqual(world.gateway.counts(), { online: 2, detached: 0, waiting: 0, calls: 1 });
});

test('[PR-43a] ends a call by its receipt, whether the peer waits or comes later', () => {
  for (const isFirst of [true, false]) {
    const { world, ada, bo } = afterRestart(2);
    const { match, epoch, receipt } = bo.call ?? assert.fail('Bo has no call');
    const end = { match, epoch, reason: 'stop', receipt } as const;
    bo.call = null;
    if (isFirst) world.connect(ada);
    world.connect(bo);
    bo.say('call.end', { ...end, match: 'another-match-0001' });
    world.flush();
    assert.equal(ada.all('call.ended').length, 0);
    bo.say('call.end', end);
    world.flush();
    if (isFirst) assert.deepEqual([ada.last('call.ended').reason, ada.call], ['left', null]);
    else world.connect(ada);
    if (!isFirst) assert.equal(refusal(ada), 'too-late');
    assert.equal(bo.all('call.ended').length, 0);
    assert.deepEqual(world.gateway.counts(), { online: 2, detached: 0, waiting: 0, calls: 0 });
  }
});

test("[PR-43a] ignores the end of a call by another user's receipt", () => {
  const { world, ada, bo } = afterRestart();
  const { match, epoch, receipt } = ada.call ?? assert.fail('Ada has no call');
  world.connect(ada);
  bo.call = null;
  world.connect(bo);
  bo.say('call.end', { match, epoch, reason: 'stop', receipt });
  world.flush();
  assert.equal(ada.all('call.ended').length, 0);
  assert.equal(world.gateway.counts().online, 2);
});

test('[GW-44] refuses to restore a call for a user declared a minor', () => {
  const { world, ada, bo } = paired();
  const { call } = ada;
  bo.misses = (text) => text.includes('call.ended');
  ada.declareAge('minor');
  world.flush();
  bo.misses = () => false;
  world.settleJournal();
  world.restart();
  ada.call = call;
  world.connect(bo);
  world.connect(ada);
  assert.equal(refusal(ada), 'too-late');
  assert.equal(bo.last('call.ended').reason, 'left');
  assert.equal(bo.all('call.restored').length, 0);
});

test('[GW-82a] nobody waits for a user who is banned, restricted to text or a minor', () => {
  const bars: Readonly<Record<string, (pair: ReturnType<typeof afterRestart>) => void>> = {
    'a banned cookie': ({ world, bo }) => world.decide(bo.subject, 'nothing'),
    'a banned device': ({ world, bo }) => world.decide(world.signer.deviceId(bo.device), 'nothing'),
    'only text': ({ world, bo }) => world.decide(bo.subject, 'text'),
    'a minor': ({ world, bo }) => {
      const declaration = { subject: bo.subject, device: null, atMs: world.now.wallMs };
      world.gateway.agesRefused([declaration], world.now);
      world.flush();
    },
  };
  for (const [what, bar] of Object.entries(bars)) {
    const before = afterRestart();
    bar(before);
    before.world.connect(before.ada);
    assert.equal(refusal(before.ada), 'too-late', what);
    const meanwhile = afterRestart();
    meanwhile.world.connect(meanwhile.ada);
    assert.equal(meanwhile.ada.last('call.restoring').deadlineMs, RESTORE_WINDOW_MS);
    bar(meanwhile);
    assert.equal(meanwhile.ada.last('call.ended').reason, 'left', what);
    meanwhile.world.connect(meanwhile.bo);
    assert.equal(meanwhile.bo.all('call.restored').length, 0, what);
    assert.equal(meanwhile.world.gateway.counts().calls, 0, what);
  }
});

test('[GW-82a] nobody waits for a user whose network is restricted', () => {
  const { world, ada, bo } = afterRestart();
  world.connect(ada);
  world.decideUnheard('198.51.100.9', 'text');
  world.connect(bo, { clientAddress: '198.51.100.9' });
  assert.equal(refusal(bo), 'too-late');
  assert.equal(ada.last('call.ended').reason, 'left');
});

test('[PR-60] a restored call keeps the users’ sides and roles', () => {
  const { world, ada, bo } = afterRestart();
  const before = [ada, bo].map((client) => client.last('match.found'));
  world.connect(bo);
  world.connect(ada);
  for (const [at, client] of [ada, bo].entries()) {
    const { side, role, mode } = client.last('call.restored');
    assert.deepEqual([side, role, mode], [before[at]?.side, before[at]?.role, before[at]?.mode]);
  }
});

test('[PR-60] restores a call again after a second restart, in another epoch', () => {
  const { world, ada, bo } = afterRestart(2);
  world.connect(ada);
  world.connect(bo);
  ada.sayLine('between');
  world.flush();
  world.restart();
  world.connect(bo);
  world.connect(ada);
  assert.equal(ada.last('call.restored').epoch, 3);
  assert.equal(bo.call?.lines.length, 3);
});

test('[PR-60] a second restart can restore a user who missed the first', () => {
  const { world, ada, bo } = afterRestart();
  world.connect(ada);
  bo.misses = (text) => text.includes('call.restored');
  world.connect(bo);
  assert.equal(ada.call?.epoch, 2);
  assert.equal(bo.call?.epoch, 1);
  bo.misses = () => false;
  world.restart();
  world.connect(ada);
  world.connect(bo);
  assert.deepEqual([ada.call?.epoch, bo.call?.epoch], [3, 3]);
});

test('[PR-60] restores calls only from the first hello until the restore window ends', () => {
  for (const [waitMs, isRestored] of [
    [RESTORE_WINDOW_MS - 1, true],
    [RESTORE_WINDOW_MS, false],
  ] as const) {
    const { world, ada, bo } = afterRestart();
    // The restore window starts with the first hello, so time that passes before the hello doesn't
    // shorten the window.
    world.pass(2 * RESTORE_WINDOW_MS);
    world.join('cy');
    world.pass(waitMs - 1);
    world.connect(ada);
    world.pass(1);
    world.connect(bo);
    assert.equal(ada.all('call.restored').length === 1, isRestored);
    if (!isRestored) assert.equal(refusal(bo), 'too-late');
  }
});

test('[PR-62] ends a call as `not-restored` if one user doesn’t return', () => {
  const { world, ada, bo } = afterRestart();
  world.connect(ada);
  world.pass(RESTORE_WINDOW_MS);
  const { reason, epoch } = ada.last('call.ended');
  assert.deepEqual([reason, epoch], ['not-restored', 1]);
  assert.equal(ada.call, null);
  world.connect(bo);
  assert.equal(refusal(bo), 'too-late');
  ada.declareAge('adult');
  ada.searchFor('text');
  world.flush();
  assert.equal(ada.all('ticket.accepted').length, 2);
});

test('[PR-61] in a restored call, delivers missing chat lines before newer ones', () => {
  const { world, ada, bo } = paired();
  ada.sayLine('both have this');
  world.flush();
  // Bo receives no frames, so only Ada has the chat lines that she sends.
  bo.misses = () => true;
  for (const text of ['one', 'two', 'three']) ada.sayLine(text);
  world.flush();
  bo.misses = () => false;
  world.restart();
  world.connect(ada);
  // Bo sends a chat line before Ada has resent the older ones, so the node queues his line.
  world.openSocket(bo);
  const later: string[] = [];
  const hear = bo.frameArrived.bind(bo);
  bo.frameArrived = (text) => {
    hear(text);
    if (text.includes('call.restored')) later.push(bo.sayLine('four'));
  };
  world.flush();
  assert.equal(later.length, 1);
  assert.deepEqual(
    ada.last('call.restored').peerReceived.toSorted((one, other) => one - other),
    [0, 1],
  );
  assert.deepEqual(bo.texts, ['both have this', 'one', 'two', 'three', 'four']);
  assert.deepEqual(ada.call?.lines, bo.call?.lines);
});

test('[PR-61] relays a resent chat line only if tag and number are valid', () => {
  const { world, ada, bo } = lagging(3);
  const before = bo.call?.lines.length;
  const [, first, second] = ada.call?.lines ?? [];
  assert.ok(first !== undefined && second !== undefined);
  ada.say('chat.replay', { ...ada.inCall(), line: second });
  ada.say('chat.replay', { ...ada.inCall(), line: { ...first, text: 'never said' } });
  bo.say('chat.replay', { ...bo.inCall(), line: first });
  world.flush();
  assert.equal(bo.call?.lines.length, before);
  ada.say('chat.replay', { ...ada.inCall(), line: first });
  ada.say('chat.replay', { ...ada.inCall(), line: first });
  world.flush();
  assert.equal(bo.call?.lines.length, (before ?? 0) + 1);
});

test('[GW-33] delivers queued chat lines as soon as their number exceeds the limit', () => {
  const { world, bo } = lagging(2);
  const arrived: string[] = [];
  bo.frameArrived = (text) => {
    if (text.includes('"chat.line"')) arrived.push(text);
  };
  for (let i = 0; i < BUFFERED_LINES_MAX; i++) {
    bo.sayLine(`line ${i}`);
    world.pass(500);
  }
  assert.equal(arrived.length, 0);
  assert.equal(world.gateway.sizes().bufferedLines, BUFFERED_LINES_MAX);
  bo.sayLine('one more');
  world.flush();
  assert.equal(world.gateway.sizes().bufferedLines, 0);
  assert.equal(arrived.length, BUFFERED_LINES_MAX + 1);
  bo.sayLine('and another');
  world.flush();
  assert.equal(arrived.length, BUFFERED_LINES_MAX + 2);
});

test('[PR-61] refuses to restore chat line counts that no signed line proves', () => {
  const { world, ada, bo } = afterRestart(2);
  const call = hold(ada);
  const [first, second] = call.lines;
  assert.ok(first !== undefined && second !== undefined);
  const { receipt } = call;
  const again = world.join('ada');
  for (const claim of [
    { received: [1, 1] as [number, number] },
    { received: [1, 2] as [number, number], latest: second },
    { received: first.counters, latest: { ...first, text: 'never said' } },
  ]) {
    again.say('call.restore', { receipt, ...claim });
    world.flush();
    assert.equal(refusal(again), 'bad-lines');
  }
  assert.ok(bo.call !== null);
});

test('[GW-40] restores a call only for the receipt’s owner', () => {
  const { world, ada, bo } = afterRestart();
  const { receipt } = hold(ada);
  const thief = world.join('eve');
  const otherDevice = world.join('ada', { device: new FakeDevice('another') });
  const claims = openCallReceipt(world.signer, receipt);
  assert.ok(claims !== null);
  for (const [client, token] of [
    [thief, receipt],
    [otherDevice, receipt],
    [thief, 'call.forged-from-nothing.at-all'],
    [thief, hold(bo).receipt],
  ] as const) {
    client.say('call.restore', { receipt: token, received: [0, 0] });
    world.flush();
    assert.equal(refusal(client), 'bad-receipt');
  }
});

test('[GW-40] refuses to restore a call from receipts of different calls', () => {
  const { world, ada, bo } = afterRestart();
  const claims = openCallReceipt(world.signer, hold(bo).receipt);
  assert.ok(claims !== null);
  const altered = sealCallReceipt(world.signer, {
    ...claims,
    startedAtWallMs: claims.startedAtWallMs + 1,
  });
  world.connect(ada);
  bo.call = { ...hold(bo), receipt: altered };
  world.connect(bo);
  assert.equal(refusal(bo), 'bad-receipt');
  assert.equal(ada.all('call.restored').length, 0);
});

test('[GW-40] restores a call only from receipts of two different seats', () => {
  const { world, ada } = afterRestart();
  const { receipt } = hold(ada);
  world.connect(ada);
  ada.say('call.restore', { receipt, received: [0, 0] });
  world.flush();
  assert.equal(refusal(ada), 'busy');
  assert.equal(world.gateway.counts().calls, 0);
});

test('[GW-40] refuses to restore a call with the running process’s own receipt', () => {
  const { world, ada, bo } = paired();
  const { receipt } = hold(ada);
  ada.endCall('next');
  world.flush();
  for (const client of [ada, bo]) {
    const token = client === ada ? receipt : client.last('match.found').receipt;
    client.say('call.restore', { receipt: token, received: [0, 0] });
    world.flush();
    assert.equal(refusal(client), 'too-late');
  }
});

test('[PR-53] refuses to restore a call with an expired receipt', () => {
  const { world, ada } = afterRestart();
  world.clock.advance(RECEIPT_LIFETIME_MS);
  world.connect(ada);
  assert.equal(refusal(ada), 'bad-receipt');
});

test('[GW-42] refuses a restore as `busy` during a search, restore or call', () => {
  const { world, ada, bo } = afterRestart();
  const { receipt } = hold(ada);
  const again = world.joinAdult('ada');
  const ticket = again.searchFor('text');
  again.say('call.restore', { receipt, received: [0, 0] });
  world.flush();
  assert.equal(refusal(again), 'busy');
  again.withdraw(ticket);
  again.call = { ...hold(ada) };
  again.say('call.restore', { receipt, received: [0, 0] });
  world.connect(bo);
  again.say('call.restore', { receipt, received: [0, 0] });
  world.flush();
  assert.equal(again.all('restore.refused').length, 2);
  assert.equal(world.gateway.counts().calls, 1);
});

test('[GW-41] refuses to restore a call that was ended, reported or blocked', () => {
  for (const how of ['end', 'report', 'block', 'leave', 'age'] as const) {
    const { world, ada, bo } = afterRestart();
    const call = hold(ada);
    world.connect(ada);
    if (how === 'end') ada.endCall('next');
    if (how === 'report') ada.report(call);
    if (how === 'block') ada.block(call.receipt);
    if (how === 'age') ada.declareAge('minor');
    if (how === 'leave') ada.leave();
    else assert.equal(world.gateway.counts().online, 1);
    world.flush();
    if (how !== 'leave') assert.equal(ada.last('call.ended').reason, 'you');
    world.connect(bo);
    assert.equal(refusal(bo), 'too-late', how);
    const before = ada.received.length;
    world.pass(RESTORE_WINDOW_MS);
    const later = ada.received.slice(before).filter(({ type }) => type === 'call.ended');
    assert.deepEqual(later, [], 'and the end of the window ends nothing twice');
  }
});

test('[PR-40] an end of another epoch or match doesn’t cancel a pending restore', () => {
  const { world, ada, bo } = afterRestart();
  const { match } = ada.inCall();
  world.connect(ada);
  ada.say('call.end', { match, epoch: 2, reason: 'next' });
  ada.say('call.end', { match: 'another-match', epoch: 1, reason: 'next' });
  world.flush();
  world.connect(bo);
  assert.deepEqual([ada.call?.epoch, bo.call?.epoch], [2, 2]);
});

test('[GW-41] refuses to restore a reported call without revealing the report', () => {
  const { world, ada, bo } = afterRestart();
  world.connect(ada);
  const { receipt } = hold(bo);
  const noCall = world.join('bo', { restores: false });
  noCall.block(receipt);
  world.settleJournal();
  assert.equal(ada.last('call.ended').reason, 'left');
  assert.equal(noCall.last('block.accepted').match, ada.last('match.found').match);
});

test('[GW-41] refuses to restore a blocked pair’s call as `too-late`', () => {
  const { world, ada, bo } = paired();
  const [one, other] = [hold(ada), hold(bo)];
  ada.block();
  world.settleJournal();
  world.restart();
  ada.call = one;
  bo.call = other;
  world.connect(bo);
  assert.equal(refusal(bo), 'too-late');
});

test('[GW-43] restores a call whose waiting user lost the socket', () => {
  const { world, ada, bo } = afterRestart();
  world.connect(ada);
  world.lose(ada);
  world.connect(bo);
  assert.equal(bo.call?.epoch, 2);
  assert.equal(bo.last('peer.presence').present, false);
  world.connect(ada);
  assert.equal(ada.call?.epoch, 2);
  assert.equal(bo.last('peer.presence').present, true);
});

test('[GW-43] accepts a user’s next restore after their waiting session expired', () => {
  const { world, ada, bo } = afterRestart();
  const call = hold(ada);
  world.connect(ada);
  ada.sayRaw('malformed');
  world.flush();
  assert.equal(ada.closedBy, 'malformed');
  assert.deepEqual(ada.call, call);
  world.connect(ada);
  world.connect(bo);
  assert.equal(ada.call?.epoch, 2);
});

test('[GW-4] refuses a restore above the limit of calls as `too-late`', () => {
  const restores = new Restores(2);
  restores.begin(0);
  const restore = (match: string): Restore => ({ receipt: { match } }) as unknown as Restore;
  const [one, two] = [restore('match-one'), restore('match-two')];
  assert.ok(restores.wait(one));
  restores.settle(two.receipt.match);
  assert.equal(restores.wait(restore('match-three')), false);
  restores.forget(restore(one.receipt.match));
  assert.equal(restores.wait(restore('match-three')), false);
  restores.forget(one);
  assert.ok(restores.wait(restore('match-three')));
  assert.equal(restores.end().length, 1);
  restores.settle(one.receipt.match);
  for (const { receipt } of [one, two]) {
    assert.equal(restores.isSettled(receipt.match), false, 'after the window nothing is kept');
  }
});

/**
 * Ada and Bo in a restored call. Bo lacks chat lines, and Ada's client doesn't resend them
 * automatically.
 */
function lagging(lines: number): Pick<Pair, 'world' | 'ada' | 'bo'> {
  const { world, ada, bo } = paired();
  ada.sayLine('both have this');
  world.flush();
  bo.misses = () => true;
  for (let i = 1; i < lines; i++) ada.sayLine(`line ${i}`);
  world.flush();
  bo.misses = () => false;
  ada.replays = false;
  world.restart();
  world.connect(ada);
  world.connect(bo);
  assert.equal(bo.call?.epoch, 2);
  return { world, ada, bo };
}

function hold(client: TestClient): ClientCall {
  assert.ok(client.call !== null, `${client.name} holds no call`);
  return client.call;
}
