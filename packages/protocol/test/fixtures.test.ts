import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_SCHEMAS } from '../src/client-message.ts';
import { decodeClientMessage, encodeServerMessage } from '../src/codec.ts';
import { decodeServerMessage, encodeClientMessage } from '../src/server-codec.ts';
import { SERVER_SCHEMAS } from '../src/server-message.ts';
import { parseServerMessage } from '../src/testing/parse-server-message.ts';
import { fixtureNames, fixtureTypes, readFixture } from './support/fixtures.ts';

test('[PR-6] has exactly one fixture for each client message type', () => {
  assert.deepEqual(fixtureTypes('client'), Object.keys(CLIENT_SCHEMAS).sort());
});

test('[PR-6] has exactly one fixture for each server message type', () => {
  assert.deepEqual(fixtureTypes('server'), Object.keys(SERVER_SCHEMAS).sort());
});

for (const name of fixtureNames('client')) {
  test(`[PR-6] decodes the client's ${name} fixture without changes`, () => {
    const frame = readFixture('client', name);
    const text = JSON.stringify(frame);
    const decoded = decodeClientMessage(text, Buffer.byteLength(text));
    assert.ok(decoded.ok, 'the fixture is refused');
    assert.deepEqual(decoded.value, frame);
    assert.equal(encodeClientMessage(decoded.value), text);
  });
}

for (const name of fixtureNames('server')) {
  test(`[PR-6] decodes the node's ${name} fixture without changes`, () => {
    const frame = readFixture('server', name);
    const text = JSON.stringify(frame);
    const checked = parseServerMessage(text);
    assert.deepEqual(checked, frame);
    assert.deepEqual(decodeServerMessage(text), frame);
    assert.equal(encodeServerMessage(checked), text);
  });
}
