import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_SCHEMAS } from '../src/client-message.ts';
import { decodeClientMessage, encodeServerMessage } from '../src/codec.ts';
import { decodeServerMessage, encodeClientMessage } from '../src/server-codec.ts';
import { SERVER_SCHEMAS } from '../src/server-message.ts';
import { parseServerMessage } from '../src/testing/parse-server-message.ts';
import { fixtureTypes, readFixture } from './support/fixtures.ts';

test('[PR-6] every type of a client has one fixture, and no fixture is of no type', () => {
  assert.deepEqual(fixtureTypes('client'), Object.keys(CLIENT_SCHEMAS).sort());
});

test('[PR-6] every type of a node has one fixture, and no fixture is of no type', () => {
  assert.deepEqual(fixtureTypes('server'), Object.keys(SERVER_SCHEMAS).sort());
});

for (const type of fixtureTypes('client')) {
  test(`[PR-6] a ${type} of the fixtures is read as it is written`, () => {
    const frame = readFixture('client', type);
    const text = JSON.stringify(frame);
    const decoded = decodeClientMessage(text, Buffer.byteLength(text));
    assert.ok(decoded.ok, 'the fixture is refused');
    assert.deepEqual(decoded.value, frame);
    assert.equal(encodeClientMessage(decoded.value), text);
  });
}

for (const type of fixtureTypes('server')) {
  test(`[PR-6] a node's ${type} of the fixtures is read as it is written`, () => {
    const frame = readFixture('server', type);
    const text = JSON.stringify(frame);
    const checked = parseServerMessage(text);
    assert.deepEqual(checked, frame);
    assert.deepEqual(decodeServerMessage(text), frame);
    assert.equal(encodeServerMessage(checked), text);
  });
}
