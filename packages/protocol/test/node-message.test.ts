import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UNACKED_CHARS_MAX, UNACKED_FRAMES_MAX } from '../src/limits.ts';
import { NODE_SCHEMAS, type NodeMessageType, parseNodeMessage } from '../src/node-message.ts';
import { SessionSnapshot } from '../src/session-snapshot.ts';
import { boundsOf, withValue } from './support/bounds.ts';
import { ACTIVITIES, NODE_SAMPLES, NOTES, snapshotOf } from './support/node-samples.ts';

const TYPES = Object.keys(NODE_SCHEMAS) as NodeMessageType[];

/** JSON characters of the largest session that moves, with room for quotes and escapes. */
const SNAPSHOT_CHARS_MAX = 300_000;

for (const type of TYPES) {
  test(`[PR-100] a node's ${type} survives JSON unchanged`, () => {
    const sample = NODE_SAMPLES[type];
    assert.deepEqual(parseNodeMessage(JSON.parse(JSON.stringify(sample))), sample);
  });

  test(`[PR-100] rejects a node's ${type} of another version`, () => {
    assert.equal(parseNodeMessage({ ...NODE_SAMPLES[type], v: 2 }), null);
  });

  test(`[PR-100] rejects a node's ${type} with an unknown key`, () => {
    assert.equal(parseNodeMessage({ ...NODE_SAMPLES[type], more: 1 }), null);
  });

  if (type === 'session.move') continue;
  test(`[PR-101] accepts each limit of a node's ${type} and rejects one above`, () => {
    const sample = NODE_SAMPLES[type];
    for (const { path, by, allowed, refused } of boundsOf(NODE_SCHEMAS[type], sample)) {
      const name: string = `${type}: ${by} of ${path.join('.')}`;
      assert.notEqual(parseNodeMessage(withValue(sample, path, allowed)), null, name);
      assert.equal(parseNodeMessage(withValue(sample, path, refused)), null, name);
    }
  });
}

for (const activity of ACTIVITIES) {
  for (const note of NOTES) {
    test(`[PR-101] accepts each limit of a ${activity.state} session with a ${note.kind}`, () => {
      const snapshot = snapshotOf({ activity, notes: [note] });
      for (const { path, by, allowed, refused } of boundsOf(SessionSnapshot, snapshot)) {
        const name = `${by} of ${path.join('.')}`;
        assert.notEqual(moved(withValue(snapshot, path, allowed)), null, name);
        assert.equal(moved(withValue(snapshot, path, refused)), null, name);
      }
    });
  }
}

test('[PR-102] accepts frames of together UNACKED_CHARS_MAX and rejects one more', () => {
  const length = UNACKED_CHARS_MAX / UNACKED_FRAMES_MAX;
  const frames = Array.from({ length: UNACKED_FRAMES_MAX }, () => 'x'.repeat(length));
  const full = snapshotOf({ out: { acknowledged: 0, frames } });
  assert.notEqual(moved(full), null);
  assert.ok(JSON.stringify(full).length < SNAPSHOT_CHARS_MAX);
  const over = [...frames.slice(1), 'x'.repeat(length + 1)];
  assert.equal(moved(snapshotOf({ out: { acknowledged: 0, frames: over } })), null);
});

test('[PR-100] rejects values that are no message', () => {
  for (const value of [null, 1, 'text', [], {}, { type: 'constructor' }, { type: 'toString' }]) {
    assert.equal(parseNodeMessage(value), null);
  }
});

function moved(snapshot: unknown): unknown {
  return parseNodeMessage({ ...NODE_SAMPLES['session.move'], snapshot });
}
