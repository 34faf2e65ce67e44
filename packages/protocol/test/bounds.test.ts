import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_SCHEMAS } from '../src/client-message.ts';
import { decodeClientMessage } from '../src/codec.ts';
import { SERVER_SCHEMAS } from '../src/server-message.ts';
import { parseServerMessage } from '../src/testing/parse-server-message.ts';
import { boundsOf, withValue } from './support/bounds.ts';
import { type Frame, readFixture } from './support/fixtures.ts';

for (const [type, schema] of Object.entries(CLIENT_SCHEMAS)) {
  test(`[PR-5] accepts each limit of a client's ${type} and rejects one above`, () => {
    const frame = withAcks(readFixture('client', type));
    for (const { path, by, allowed, refused } of boundsOf(schema, frame)) {
      // A hello's version is checked separately, before the schema.
      if (type === 'session.hello' && path[0] === 'version') continue;
      const name = `${type}: ${by} of ${path.join('.')}`;
      assert.ok(decode(withValue(frame, path, allowed)).ok, `${name} refuses what it allows`);
      const over = decode(withValue(frame, path, refused));
      assert.deepEqual(
        over,
        { ok: false, reason: 'malformed' },
        `${name} lets through ${String(refused)}`,
      );
    }
  });
}

for (const [type, schema] of Object.entries(SERVER_SCHEMAS)) {
  test(`[PR-5] accepts each limit of a node's ${type} and rejects one above`, () => {
    const frame = withAcks(readFixture('server', type));
    for (const { path, by, allowed, refused } of boundsOf(schema, frame)) {
      const name = `${type}: ${by} of ${path.join('.')}`;
      assert.doesNotThrow(() => parse(withValue(frame, path, allowed)), name);
      assert.throws(() => parse(withValue(frame, path, refused)), name);
    }
  });
}

/** Adds the fields that only the fixtures with `+` in their names have. */
function withAcks(frame: Frame): Frame {
  if (frame.type === 'session.challenge') return { ...frame, acks: true };
  return 'seq' in frame ? { ...frame, ack: 1 } : frame;
}

function decode(frame: unknown): ReturnType<typeof decodeClientMessage> {
  const text = JSON.stringify(frame);
  return decodeClientMessage(text, Buffer.byteLength(text));
}

function parse(frame: unknown): unknown {
  return parseServerMessage(JSON.stringify(frame));
}
