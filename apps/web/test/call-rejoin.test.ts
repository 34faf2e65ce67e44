import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverOf } from '../src/call/call-state.ts';
import { callRestored, IN_CALL, KEPT_CALL, Walk, WISHES } from './support/calls.ts';

const restored = () => callRestored({ newPage: true });

test("[PR-64] asks for the earlier page's call and starts it over", () => {
  const walk = new Walk().event({ event: 'rejoin', kept: KEPT_CALL, wishes: WISHES });
  assert.deepEqual(walk.did, ['rejoin']);
  const { call } = walk.at('live');
  assert.equal(call.commonKnown, false, 'nobody says then that they share nothing');
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

test('[PR-64] covers the stranger and reconnects for the side that stayed', () => {
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

test('[PR-64] resumes a text call without a connection and ends anytime', () => {
  const kept = { ...KEPT_CALL, mode: 'text' } as const;
  const walk = new Walk().event({ event: 'rejoin', kept, wishes: WISHES });
  walk.hear({ ...restored(), mode: 'text' });
  assert.deepEqual(walk.did, ['restored']);
  const refused = new Walk().event({ event: 'rejoin', kept, wishes: WISHES });
  refused.hear({ type: 'restore.refused', seq: 1, reason: 'too-late' });
  assert.equal(refused.at('ended').reason, 'not-restored');
});
