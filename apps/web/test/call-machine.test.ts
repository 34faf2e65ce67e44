import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type CallMessage,
  coverOf,
  deadlineOf,
  maySend,
  mediaOf,
  needsLink,
} from '../src/call/call-state.ts';
import {
  BUSY_RETRY_AFTER_MS,
  CONNECT_RETRIES_MAX,
  CONNECT_TIMEOUT_MS,
  NEXT_CONFIRM_MS,
  NEXT_GUARD_MS,
  RETRY_AFTER_MS,
} from '../src/call/limits.ts';
import { callRestored, IN_CALL, matchFound, Walk, WISHES } from './support/calls.ts';

const NEXT = { event: 'next', wishes: WISHES } as const;

test('prepares an offer before a video ticket; sends a text ticket immediately', () => {
  const video = new Walk().event({ event: 'start', wishes: WISHES });
  assert.deepEqual(video.did, ['prepare']);
  video.event({ event: 'prepared', ticket: video.ticket, offer: 'v=0 offer' });
  const [ticket] = video.sent;
  assert.ok(ticket?.type === 'ticket.create');
  assert.equal(ticket.offer, 'v=0 offer');
  const text = new Walk().event({ event: 'start', wishes: { ...WISHES, mode: 'text' } });
  assert.deepEqual(text.did, ['ticket.create']);
});

test('ignores a connection offer prepared for an earlier ticket', () => {
  const walk = new Walk().event({ event: 'start', wishes: WISHES });
  const { ticket } = walk;
  walk.event({ event: 'stop' }).event({ event: 'start', wishes: WISHES });
  walk.event({ event: 'prepared', ticket, offer: 'v=0 offer' });
  assert.deepEqual(walk.did, []);
});

test('waits in the queue after the node accepted the ticket', () => {
  const walk = new Walk().searching({ interests: ['Film '] });
  assert.ok(walk.state.state === 'searching');
  assert.equal(walk.state.phase, 'queued');
  assert.equal(needsLink(walk.state), true);
});

test('[PR-32] withdraws the ticket on Stop and ends a late match', () => {
  const walk = new Walk().searching();
  const { ticket } = walk;
  walk.event({ event: 'stop' });
  assert.deepEqual(walk.sent, [{ type: 'ticket.withdraw', ticket }]);
  assert.equal(walk.state.state, 'idle');
  walk.hear(matchFound({ ticket }));
  assert.deepEqual(walk.sent, [
    { type: 'call.end', match: 'match-0001', epoch: 1, reason: 'stop' },
  ]);
  assert.equal(walk.state.state, 'idle');
});

test('[PR-31] handles each reason for refusing a ticket', () => {
  const refuse = (reason: Parameters<typeof refusal>[1], retryAfterMs?: number): Walk => {
    const walk = new Walk().searching();
    return walk.hear(refusal(walk.ticket, reason, retryAfterMs));
  };
  for (const reason of ['too-fast', 'server-moving', 'pool-full'] as const) {
    const walk = refuse(reason, 20_000);
    assert.ok(walk.state.state === 'held' && walk.state.reason === reason);
    assert.equal(deadlineOf(walk.state), walk.nowMs + 20_000);
    walk.after(19_999);
    assert.equal(walk.state.state, 'held');
    walk.after(1);
    assert.deepEqual([walk.state.state, walk.did], ['searching', ['prepare']]);
    const unsaid = refuse(reason);
    assert.equal(deadlineOf(unsaid.state), unsaid.nowMs + RETRY_AFTER_MS);
  }
  for (const reason of ['already-searching', 'in-a-call'] as const) {
    const walk = refuse(reason);
    assert.ok(walk.state.state === 'held' && walk.state.reason === 'busy');
    assert.equal(walk.after(BUSY_RETRY_AFTER_MS).state.state, 'searching');
  }
  const busy = refuse('server-busy');
  assert.ok(busy.state.state === 'held' && busy.state.reason === 'busy');
  assert.equal(deadlineOf(busy.state), busy.nowMs + RETRY_AFTER_MS);
  for (const reason of ['age-required', 'policy-changed'] as const) {
    const walk = refuse(reason);
    assert.deepEqual([walk.state.state, walk.did], ['idle', ['ask-rules']]);
  }
  for (const reason of ['bad-interest', 'bad-language'] as const) {
    const walk = refuse(reason);
    assert.deepEqual([walk.state.state, walk.did], ['idle', ['wish-refused']]);
  }
  const offer = refuse('bad-offer');
  const [again] = offer.sent;
  assert.ok(again?.type === 'ticket.create' && again.offer === undefined);
  assert.notEqual(again.ticket, 'fresh-id-0001');
});

function refusal(
  ticket: string,
  reason: Extract<CallMessage, { type: 'ticket.refused' }>['reason'],
  retryAfterMs?: number,
): Parameters<Walk['hear']>[0] {
  return {
    type: 'ticket.refused',
    seq: 2,
    ticket,
    reason,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

test('opens covered media as soon as a match is found', () => {
  const walk = new Walk()
    .event({ event: 'media', media: { camera: 'on', microphone: 'on' } })
    .connecting({ role: 'answerer', offer: 'v=0 theirs', offerUsed: false });
  assert.equal(walk.state.state, 'connecting');
  const [opening, ...more] = walk.effects;
  assert.ok(opening?.effect === 'open' && more.length === 0);
  assert.equal(opening.offer, 'v=0 theirs');
  assert.equal(coverOf(walk.state), 'covered');
});

test("[PR-44] tells the peer at the call's start that the camera is off", () => {
  const walk = new Walk()
    .event({ event: 'media', media: { camera: 'off', microphone: 'on' } })
    .connecting();
  assert.deepEqual(walk.did, ['open', 'media.update']);
});

test('starts a text call without media flow or a device message', () => {
  const walk = new Walk().searching({ mode: 'text' }).found({ mode: 'text' });
  assert.ok(walk.state.state === 'live' && walk.state.call.flow === 'none');
  assert.deepEqual(walk.did, ['open'], 'and nobody is told of a camera');
});

test('reports the first video frame once, with its time and route', () => {
  const walk = new Walk().connecting();
  walk.nowMs += 123;
  walk.event({ event: 'first-frame' });
  assert.deepEqual([walk.state.state, walk.did], ['live', []]);
  walk.event({ event: 'way', way: 'relay' });
  assert.deepEqual(walk.sent, [
    { type: 'call.first-frame', match: 'match-0001', epoch: 1, elapsedMs: 123, way: 'relay' },
  ]);
  walk.event({ event: 'way', way: 'direct' }).event({ event: 'first-frame' });
  assert.deepEqual(walk.did, []);
});

test('starts each call covered and shows the stranger only on consent', () => {
  const walk = new Walk().connecting();
  walk.event({ event: 'cover', cover: 'shown' });
  assert.equal(coverOf(walk.state), 'covered', 'not before there is anybody to see');
  walk.event({ event: 'media-connected' }).event({ event: 'cover', cover: 'shown' });
  assert.equal(coverOf(walk.state), 'shown');
  assert.deepEqual(
    walk.sent.map((message) => message.type),
    ['media.update'],
  );
  walk.event(NEXT);
  walk.nowMs += NEXT_GUARD_MS;
  walk.event(NEXT).event({ event: 'prepared', ticket: walk.ticket, offer: null });
  walk.found({ match: 'match-0002' }).event({ event: 'media-connected' });
  assert.equal(coverOf(walk.state), 'covered');
});

test('covers the peer, stops sending and reports camera off on first Next', () => {
  const walk = new Walk()
    .event({ event: 'media', media: { camera: 'on', microphone: 'on' } })
    .live()
    .event({ event: 'cover', cover: 'shown' })
    .event(NEXT);
  assert.equal(walk.state.state, 'confirming-next');
  assert.equal(maySend(walk.state), false);
  assert.equal(coverOf(walk.state), 'covered');
  assert.deepEqual(walk.sent, [
    {
      type: 'media.update',
      match: 'match-0001',
      epoch: 1,
      media: { camera: 'paused', microphone: 'off', cover: 'covered' },
    },
  ]);
});

test('uncovers the peer and sends again three seconds after unconfirmed Next', () => {
  const walk = new Walk()
    .event({ event: 'media', media: { camera: 'off', microphone: 'on' } })
    .live()
    .event({ event: 'cover', cover: 'shown' });
  const before = mediaOf(walk.state);
  walk.event(NEXT);
  assert.equal(mediaOf(walk.state)?.camera, 'off', 'a camera that is off is not paused');
  walk.after(NEXT_CONFIRM_MS - 1);
  assert.equal(walk.state.state, 'confirming-next');
  walk.after(1);
  assert.equal(walk.state.state, 'live');
  assert.deepEqual(mediaOf(walk.state), before);
  assert.deepEqual(walk.did, ['media.update']);
});

test('handles a double click on Next as one press; another searches', () => {
  const walk = new Walk().live().event(NEXT);
  walk.nowMs += NEXT_GUARD_MS - 1;
  walk.event(NEXT);
  assert.equal(walk.state.state, 'confirming-next');
  walk.nowMs += 1;
  walk.event(NEXT);
  assert.equal(walk.state.state, 'searching');
  assert.deepEqual(walk.did, ['close', 'call.end', 'prepare'], 'media ends before anything else');
});

test('handles a second Next after three seconds as a first press', () => {
  const walk = new Walk().live().event(NEXT);
  walk.nowMs += NEXT_CONFIRM_MS;
  walk.event(NEXT);
  assert.equal(walk.state.state, 'confirming-next');
  assert.equal(deadlineOf(walk.state), walk.nowMs + NEXT_CONFIRM_MS);
});

test('ignores a double click on Next when the next call starts immediately', () => {
  const walk = new Walk().live().event(NEXT);
  walk.nowMs += 500;
  walk.event(NEXT).event({ event: 'prepared', ticket: walk.ticket, offer: null });
  walk.found({ match: 'match-0002' }).event(NEXT);
  assert.equal(walk.state.state, 'connecting');
  walk.nowMs += NEXT_GUARD_MS;
  assert.equal(walk.event(NEXT).state.state, 'confirming-next');
});

test('needs only one press of Next after the peer left', () => {
  const walk = new Walk().live().hear({ type: 'call.ended', ...IN_CALL, reason: 'left' });
  assert.equal(walk.event(NEXT).state.state, 'searching');
  walk.nowMs += 1_000;
  assert.equal(walk.event(NEXT).state.state, 'searching');
  assert.deepEqual(walk.did, []);
});

test('ends the call when the peer leaves while Next awaits confirmation', () => {
  const walk = new Walk()
    .live()
    .event(NEXT)
    .hear({ type: 'call.ended', ...IN_CALL, reason: 'left' });
  assert.ok(walk.state.state === 'ended' && walk.state.reason === 'left');
  assert.deepEqual(walk.did, ['close']);
});

test("ends the call on Stop in each of the call's states", () => {
  const states = [new Walk().connecting(), new Walk().live(), new Walk().live().event(NEXT)];
  for (const walk of states) {
    walk.event({ event: 'stop' });
    assert.ok(walk.state.state === 'ended' && walk.state.reason === 'you');
    assert.deepEqual(walk.did, ['close', 'call.end']);
    walk.after(NEXT_GUARD_MS).event({ event: 'stop' });
    assert.equal(walk.state.state, 'idle');
  }
});

test('treats a double click on Stop as one press', () => {
  const walk = new Walk().live().event({ event: 'stop' });
  walk.after(NEXT_GUARD_MS - 1).event({ event: 'stop' });
  assert.equal(walk.state.state, 'ended');
  walk.after(1).event({ event: 'stop' });
  assert.equal(walk.state.state, 'idle');
});

test("ends the call on report or block but keeps the call's receipt", () => {
  for (const as of ['reported', 'blocked'] as const) {
    const walk = new Walk().live().event({ event: 'leave', as });
    assert.ok(walk.state.state === 'ended' && walk.state.reason === as);
    assert.equal(walk.state.call.receipt, 'receipt-of-a-call');
    assert.deepEqual(walk.did, ['close', 'call.end']);
  }
});

test('covers the peer and sends no media while the report sheet is open', () => {
  const walk = new Walk().live().event({ event: 'cover', cover: 'shown' });
  walk.event({ event: 'aside', aside: true });
  assert.deepEqual([coverOf(walk.state), maySend(walk.state)], ['covered', false]);
  walk.event({ event: 'cover', cover: 'shown' });
  assert.equal(coverOf(walk.state), 'covered');
  walk.event({ event: 'aside', aside: false });
  assert.deepEqual([coverOf(walk.state), maySend(walk.state)], ['covered', true]);
});

test('ends the call or search when the page goes away', () => {
  const call = new Walk().live().event({ event: 'page-hidden' });
  assert.deepEqual(call.sent, [
    { type: 'call.end', match: 'match-0001', epoch: 1, reason: 'page-hidden' },
  ]);
  assert.equal(call.state.state, 'idle');
  const search = new Walk().searching().event({ event: 'page-hidden' });
  assert.deepEqual(search.did, ['ticket.withdraw']);
});

test('ends the search after too many consecutive calls fail to connect', () => {
  const walk = new Walk().searching();
  for (let failure = 1; failure <= CONNECT_RETRIES_MAX; failure++) {
    walk.found({ match: `match-000${failure}` }).after(CONNECT_TIMEOUT_MS);
    assert.ok(walk.state.state === 'searching' && walk.state.pursuit.connectFailures === failure);
    walk.event({ event: 'prepared', ticket: walk.ticket, offer: null });
  }
  walk.found({ match: 'match-last' }).after(CONNECT_TIMEOUT_MS);
  assert.ok(walk.state.state === 'ended' && walk.state.reason === 'no-connection');
});

test('resets the count of failed calls when a call connects', () => {
  const walk = new Walk().connecting().after(CONNECT_TIMEOUT_MS);
  walk.event({ event: 'prepared', ticket: walk.ticket, offer: null });
  walk.found({ match: 'match-0002' }).event({ event: 'media-connected' });
  assert.ok(walk.state.state === 'live' && walk.state.call.pursuit.connectFailures === 0);
});

test('searches again after a failed connection, refused description or peer failure', () => {
  const failed = new Walk().connecting().event({ event: 'media-failed' });
  assert.deepEqual(failed.did, ['close', 'call.end', 'prepare']);
  const refused = new Walk()
    .connecting()
    .hear({ type: 'signal.refused', ...IN_CALL, reason: 'bad-description' });
  assert.deepEqual(refused.did, ['close', 'call.end', 'prepare']);
  const theirs = new Walk()
    .connecting()
    .hear({ type: 'call.ended', ...IN_CALL, reason: 'connect-failed' });
  assert.deepEqual(theirs.did, ['close', 'prepare'], 'the node knows already');
});

test('keeps the call when media fails after media has flowed', () => {
  const walk = new Walk().live().event({ event: 'media-failed' });
  assert.equal(walk.state.state, 'live');
  walk.hear({ type: 'signal.refused', ...IN_CALL, reason: 'wrong-role' });
  assert.equal(walk.state.state, 'live');
  walk.event({ event: 'media-interrupted' });
  assert.equal(walk.at('live').call.flow, 'interrupted');
  walk.event({ event: 'media-connected' });
  assert.equal(walk.at('live').call.flow, 'flowing');
});

test("keeps the call's connect deadline during and after Next's confirmation", () => {
  const walk = new Walk()
    .connecting()
    .after(CONNECT_TIMEOUT_MS - 1_000)
    .event(NEXT);
  assert.equal(deadlineOf(walk.state), walk.nowMs + 1_000);
  assert.equal(walk.after(1_000).state.state, 'searching');
  const early = new Walk().connecting().event(NEXT).after(NEXT_CONFIRM_MS);
  assert.equal(early.state.state, 'connecting');
  assert.equal(deadlineOf(early.state), early.nowMs + CONNECT_TIMEOUT_MS - NEXT_CONFIRM_MS);
});

test('[PR-43] shows each reason with which the node ends a call', () => {
  for (const reason of ['you', 'left', 'lost', 'moving', 'not-restored'] as const) {
    const walk = new Walk().live().hear({ type: 'call.ended', ...IN_CALL, reason });
    assert.ok(walk.state.state === 'ended' && walk.state.reason === reason);
    assert.deepEqual(walk.did, ['close']);
  }
});

test('[PR-40] ignores messages about other calls', () => {
  const walk = new Walk().live();
  const before = walk.state;
  const stale = { ...IN_CALL, match: 'match-0000' };
  walk.hear({ type: 'call.ended', ...stale, reason: 'left' });
  walk.hear({ type: 'peer.presence', ...stale, present: false });
  walk.hear({ type: 'signal.offer', ...stale, sdp: 'v=0' });
  assert.deepEqual(walk.did, []);
  assert.deepEqual(walk.state, before);
});

test("[PR-44] shows the peer's devices and whether the peer is connected", () => {
  const walk = new Walk().live();
  const media = { camera: 'paused', microphone: 'off', cover: 'shown' } as const;
  walk.hear({ type: 'media.updated', ...IN_CALL, media });
  walk.hear({ type: 'peer.presence', ...IN_CALL, present: false });
  assert.ok(walk.state.state === 'live');
  assert.deepEqual(walk.state.call.peer, media);
  assert.equal(walk.state.call.peerPresent, false);
});

test('[PR-44] offers a direct connection that both users must allow', () => {
  const closed = new Walk().live().event({ event: 'consent-direct', allowed: true });
  assert.deepEqual(closed.did, []);
  const walk = new Walk().connecting({ directOffered: true });
  walk.event({ event: 'media-connected' }).event({ event: 'consent-direct', allowed: true });
  assert.deepEqual(walk.did, ['direct.consent']);
  walk.hear({ type: 'direct.updated', ...IN_CALL, you: true, stranger: false });
  assert.deepEqual(walk.effects, [{ effect: 'allow-direct', allowed: false }]);
  walk.hear({ type: 'direct.updated', ...IN_CALL, you: true, stranger: true });
  assert.deepEqual(walk.effects, [{ effect: 'allow-direct', allowed: true }]);
});

test('continues the search in a new session and keeps the waiting time', () => {
  const walk = new Walk().searching({ mode: 'text' });
  const { ticket } = walk;
  walk.nowMs += 5_000;
  walk.event({ event: 'session-opened' });
  assert.deepEqual(walk.did, ['ticket.create']);
  assert.notEqual(walk.ticket, ticket);
  assert.ok(walk.state.state === 'searching' && walk.state.pursuit.startedAtMs === 10_000);
});

test('[PR-60] restores the call in a new session; keeps its media', () => {
  const walk = new Walk().live().event({ event: 'session-opened' });
  assert.deepEqual(walk.effects, [{ effect: 'restore', receipt: 'receipt-of-a-call' }]);
  assert.ok(walk.state.state === 'live' && walk.state.call.restoring);
  walk.hear({ type: 'call.restoring', seq: 1, match: 'match-0001', deadlineMs: 30_000 });
  walk.hear(callRestored());
  assert.deepEqual(walk.did, ['restored']);
  assert.ok(walk.state.state === 'live');
  const { epoch, restoring, receipt } = walk.state.call;
  assert.deepEqual([epoch, restoring, receipt], [2, false, 'another-receipt-of-it']);
});

test('sends device changes and video consent only after the call is restored', () => {
  const walk = new Walk().connecting({ directOffered: true });
  walk.event({ event: 'media-connected' }).event({ event: 'consent-direct', allowed: true });
  walk.event({ event: 'session-opened' });
  walk.event({ event: 'media', media: { camera: 'off', microphone: 'off' } });
  walk.event({ event: 'cover', cover: 'shown' });
  assert.deepEqual(walk.did, []);
  walk.hear(callRestored());
  assert.deepEqual(walk.did, ['restored', 'direct.consent', 'media.update']);
});

test("[PR-62] ends a call that the node doesn't restore", () => {
  const refused = new Walk().live().event({ event: 'session-opened' });
  refused.hear({ type: 'restore.refused', seq: 1, reason: 'too-late' });
  assert.ok(refused.state.state === 'ended' && refused.state.reason === 'not-restored');
  assert.deepEqual(refused.did, ['close']);
  const alone = new Walk().live().event({ event: 'session-opened' });
  alone.hear({ type: 'call.ended', ...IN_CALL, reason: 'not-restored' });
  assert.ok(alone.state.state === 'ended');
});

test('ends a restored call that the user had already left', () => {
  const walk = new Walk().live().event({ event: 'session-opened' }).event({ event: 'stop' });
  walk.hear(callRestored());
  assert.deepEqual(walk.sent, [
    { type: 'call.end', match: 'match-0001', epoch: 2, reason: 'stop' },
  ]);
  assert.equal(walk.state.state, 'ended');
});
