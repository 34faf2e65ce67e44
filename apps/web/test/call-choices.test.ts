import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverOf } from '../src/call/call-state.ts';
import { ESCAPE_GUARD_MS, MET_GUARD_MS, NEXT_GUARD_MS } from '../src/call/limits.ts';
import { callRestored, IN_CALL, KEPT_CALL, matchFound, Walk, WISHES } from './support/calls.ts';

const NEXT = { event: 'next', wishes: WISHES } as const;
const ESCAPE = { event: 'escape', wishes: WISHES } as const;

test('ignores the second click of a double click that confirms Next', () => {
  const walk = new Walk().live().event(NEXT);
  walk.nowMs += NEXT_GUARD_MS;
  walk
    .event(NEXT)
    .after(NEXT_GUARD_MS - 1)
    .event({ event: 'stop' });
  assert.deepEqual(walk.did, []);
  walk.at('searching');
  walk.event({ event: 'prepared', ticket: walk.ticket, offer: null });
  const { ticket } = walk;
  walk.hear({ type: 'ticket.refused', seq: 2, ticket, reason: 'too-fast' });
  walk.event({ event: 'stop' });
  // A press of Stop within the double-click time doesn't stop a paused search.
  walk.at('held');
  walk.after(1).event({ event: 'stop' }).at('idle');
});

test('handles Esc in a call as Next; even a quick second Esc confirms', () => {
  const walk = new Walk().live().after(MET_GUARD_MS).event(ESCAPE);
  walk.at('confirming-next');
  walk.nowMs += 1;
  walk
    .event(ESCAPE)
    .after(ESCAPE_GUARD_MS - 1)
    .event(ESCAPE);
  walk.at('searching');
  walk.after(1).event(ESCAPE);
  assert.deepEqual([walk.state.state, walk.did], ['idle', []]);
  const searching = new Walk().searching().event(ESCAPE);
  assert.deepEqual([searching.state.state, searching.did], ['idle', ['ticket.withdraw']]);
});

test('ignores the second click of a double click on Next', () => {
  const walk = new Walk().live().event(NEXT);
  walk.at('confirming-next');
  walk.nowMs += NEXT_GUARD_MS - 1;
  walk.event(NEXT).at('confirming-next');
  walk.nowMs += 1;
  walk.event(NEXT).at('searching');
});

test('Esc right after a match ends the call, except after Next', () => {
  const met = new Walk().connecting();
  met.nowMs += MET_GUARD_MS - 1;
  met.event(ESCAPE);
  assert.ok(met.state.state === 'ended' && met.state.reason === 'you');
  assert.deepEqual(met.did, ['close', 'call.end']);
  const later = new Walk().connecting();
  later.nowMs += MET_GUARD_MS;
  later.event(ESCAPE).at('confirming-next');
  const again = new Walk().live().event(NEXT);
  again.nowMs += NEXT_GUARD_MS;
  again.event(NEXT).event({ event: 'prepared', ticket: again.ticket, offer: null });
  again.found({ match: 'match-0002' });
  again.nowMs += NEXT_GUARD_MS - 1;
  again.event(ESCAPE).at('connecting');
});

test('widens the open or pending search ticket on the button "Anyone"', () => {
  const open = new Walk().searching({ onlyShared: true }).event({ event: 'anyone' });
  assert.deepEqual(open.sent, [{ type: 'ticket.widen', ticket: open.ticket }]);
  open.event({ event: 'anyone' });
  assert.deepEqual(open.did, [], 'once is enough');
  const early = new Walk().event({ event: 'start', wishes: { ...WISHES, onlyShared: true } });
  early.event({ event: 'anyone' });
  assert.deepEqual(early.did, []);
  early.event({ event: 'prepared', ticket: early.ticket, offer: null });
  const [ticket] = early.sent;
  assert.ok(ticket?.type === 'ticket.create' && !ticket.onlyShared);
});

test('restarts a running or paused search when its criteria change', () => {
  const wishes = { ...WISHES, mode: 'text', interests: ['chess'] } as const;
  const walk = new Walk().searching({ mode: 'text' });
  const { ticket } = walk;
  walk.after(70_000).event({ event: 'wishes', wishes });
  const [withdrawn, created] = walk.sent;
  assert.deepEqual(withdrawn, { type: 'ticket.withdraw', ticket });
  assert.ok(created?.type === 'ticket.create' && created.ticket !== ticket);
  assert.deepEqual(created.interests, ['chess']);
  assert.ok(walk.state.state === 'searching');
  assert.equal(walk.state.pursuit.startedAtMs, walk.nowMs);
  // The match arrives late: its ticket was withdrawn, and its peer doesn't fit the changed search
  // criteria.
  walk.hear(matchFound({ ticket }));
  assert.deepEqual(walk.did, ['call.end']);
  assert.equal(walk.state.state, 'searching');
  walk.hear({
    type: 'ticket.refused',
    seq: 1,
    ticket: walk.ticket,
    reason: 'pool-full',
    retryAfterMs: 1_000,
  });
  walk.event({ event: 'wishes', wishes: { ...wishes, interests: ['film'] } });
  assert.deepEqual(walk.did, []);
  walk.after(1_000);
  const [again] = walk.sent;
  assert.ok(again?.type === 'ticket.create');
  assert.deepEqual(again.interests, ['film']);
});

test('counts consecutive quick presses of Next; a longer call resets the count', () => {
  const walk = new Walk().live();
  const goOn = (afterMs: number): number => {
    walk.after(afterMs).event({ event: 'next', wishes: WISHES });
    walk.after(1_000).event({ event: 'next', wishes: WISHES });
    walk.event({ event: 'prepared', ticket: walk.ticket, offer: null });
    const { quickly } = walk.at('searching').pursuit;
    walk.found().event({ event: 'media-connected' });
    return quickly;
  };
  assert.deepEqual([goOn(2_000), goOn(8_999), goOn(500)], [1, 2, 3]);
  assert.equal(goOn(9_000), 0, 'ten seconds after the last');
  assert.equal(goOn(500), 1);
  // A press of Next after the peer ended the call counts as a quick Next. A changed search doesn't
  // count.
  walk.hear({ type: 'call.ended', ...IN_CALL, reason: 'left' });
  walk.after(1_000).event({ event: 'next', wishes: WISHES });
  const { ticket } = walk;
  walk.event({ event: 'prepared', ticket, offer: null });
  walk.hear({ type: 'ticket.refused', seq: 4, ticket, reason: 'too-fast', retryAfterMs: 20_000 });
  walk.event({ event: 'wishes', wishes: { ...WISHES, interests: ['chess'] } });
  assert.equal(walk.at('held').pursuit.quickly, 2);
  assert.equal(walk.after(20_000).at('searching').pursuit.quickly, 2);
});

const restored = () => callRestored({ newPage: true });

test("[PR-64] restores the earlier page's call and reconnects its media", () => {
  const walk = new Walk().event({ event: 'rejoin', kept: KEPT_CALL, wishes: WISHES });
  assert.deepEqual(walk.did, ['rejoin']);
  const { call } = walk.at('live');
  assert.deepEqual([call.restoring, call.cover, call.foundAtMs], [true, 'covered', -80_000]);
  walk.event({ event: 'media', media: { camera: 'on', microphone: 'off' } });
  assert.deepEqual(walk.did, [], 'nothing would arrive');
  walk.hear({ ...restored(), side: 'b', role: 'answerer' });
  assert.deepEqual(walk.did, ['restored', 'turn', 'media.update']);
  assert.deepEqual(
    [walk.at('live').call.restoring, walk.at('live').call.flow],
    [false, 'connecting'],
  );
});

test('[PR-64] covers the stranger and reconnects when the peer rejoins', () => {
  const walk = new Walk().connecting({ directOffered: true });
  walk.event({ event: 'first-frame' }).event({ event: 'cover', cover: 'shown' });
  walk.event({ event: 'consent-direct', allowed: true });
  walk.hear({ type: 'peer.presence', ...IN_CALL, present: false });
  assert.equal(coverOf(walk.state), 'shown');
  walk.hear(restored());
  assert.deepEqual(walk.did, ['restored', 'turn', 'direct.consent', 'media.update']);
  assert.equal(coverOf(walk.state), 'covered');
  const { call } = walk.at('live');
  assert.deepEqual(
    [call.peerPresent, call.flow, call.firstFrameMs, call.way, call.peer],
    [true, 'connecting', null, null, { camera: 'on', microphone: 'on', cover: 'covered' }],
  );
});

test('[PR-64] restores a text call without media; ends it when refused', () => {
  const kept = { ...KEPT_CALL, mode: 'text' } as const;
  const walk = new Walk().event({ event: 'rejoin', kept, wishes: WISHES });
  walk.hear({ ...restored(), mode: 'text' });
  assert.deepEqual(walk.did, ['restored']);
  const refused = new Walk().event({ event: 'rejoin', kept, wishes: WISHES });
  refused.hear({ type: 'restore.refused', seq: 1, reason: 'too-late' });
  assert.equal(refused.at('ended').reason, 'not-restored');
});
