import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brandId, type ConnectionId } from '@farandole/kernel/id';
import { PAIR_NOTES_MAX, UNACKED_CHARS_MAX, UNACKED_FRAMES_MAX } from '@farandole/protocol/limits';
import { NODE_SCHEMAS, parseNodeMessage } from '@farandole/protocol/node-message';
import type { SessionSnapshot } from '@farandole/protocol/session-snapshot';
import { ClusterWorld } from './support/cluster-world.ts';

const SOCKET = brandId<ConnectionId>('socket-1');
const MINUTE_MS = 60_000;

/** Returns the only session of the first node, and puts snapshots through the second node. */
function given(prepare: (world: ClusterWorld) => void): {
  readonly snapshot: SessionSnapshot;
  readonly again: (changed: SessionSnapshot) => SessionSnapshot;
} {
  const world = new ClusterWorld(['one', 'two']);
  prepare(world);
  const first = world.node(0).gateway.moves.give(SOCKET, false, world.now);
  assert.ok(first !== null);
  const { snapshot, connection } = first;
  const again = (changed: SessionSnapshot): SessionSnapshot => {
    const { moves } = world.node(1).gateway;
    const message = { type: 'session.move', v: 1, session: changed.session, generation: 2 };
    const read = parseNodeMessage({ ...message, match: null, socket: null, snapshot: changed });
    assert.ok(read?.type === 'session.move', 'the schema refuses the session');
    assert.ok(moves.adopt({ snapshot: read.snapshot, generation: 2, connection }, world.now));
    const next = moves.give(SOCKET, false, world.now);
    assert.equal(next?.generation, 2);
    return next.snapshot;
  };
  return { snapshot, again };
}

describe('a session on another node is the same session', () => {
  it('[GW-100] keeps an idle session with used credits and unacknowledged frames', () => {
    const { snapshot, again } = given((world) => void world.join('ada', 0));
    assert.ok(snapshot.out.frames.length > 0 && snapshot.in.taken > 0);
    assert.ok(snapshot.credits.length > 0);
    assert.deepEqual(again(snapshot), snapshot);
  });

  it('[GW-100] keeps a search with its wishes and its waiting time', () => {
    const { snapshot, again } = given((world) => {
      const wishes = { interests: ['chess'], onlyShared: true, languages: ['en', 'fr'] };
      world.join('ada', 0).searchFor('text', wishes);
      world.flush();
      world.pass(MINUTE_MS);
    });
    const { activity } = snapshot;
    assert.ok(activity.state === 'searching' && activity.waitedMs === MINUTE_MS);
    assert.deepEqual(again(snapshot), snapshot);
  });

  it('[GW-100] keeps a session of the largest size', () => {
    const { snapshot, again } = given((world) => void world.join('ada', 0));
    const frame = 'x'.repeat(UNACKED_CHARS_MAX / UNACKED_FRAMES_MAX);
    const note = {
      kind: 'encounter' as const,
      match: 'match-0001',
      subjects: ['subject-ada', 'subject-bo1'],
      devices: ['device-ada', 'device-bo1'],
      atWallMs: 1_000,
    };
    const largest: SessionSnapshot = {
      ...snapshot,
      out: {
        acknowledged: 2 ** 31 - UNACKED_FRAMES_MAX,
        frames: Array.from({ length: UNACKED_FRAMES_MAX }, () => frame),
      },
      in: { taken: 2 ** 31, told: 0 },
      notes: Array.from({ length: PAIR_NOTES_MAX }, () => note),
    };
    assert.deepEqual(again(largest), largest);
  });

  it('[GW-100] names every field of the schema', () => {
    const { snapshot } = given((world) => void world.join('ada', 0));
    const { properties } = NODE_SCHEMAS['session.move'].properties.snapshot;
    assert.deepEqual(Object.keys(snapshot).sort(), Object.keys(properties).sort());
  });
});
