import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeClientMessage } from '../src/codec.ts';
import { SEATS } from '../src/fields.ts';
import { CLIENT_FRAME_BYTES_MAX } from '../src/limits.ts';
import { decodeServerMessage } from '../src/server-codec.ts';
import { ACCEPTED_VERSIONS } from '../src/version.ts';
import { type Frame, readFixture } from './support/fixtures.ts';
import { assertTotal, CLIENT_FIXTURES, HOSTILE_FRAMES } from './support/hostile-frames.ts';

for (const [what, texts] of Object.entries(HOSTILE_FRAMES)) {
  test(`[PR-1] ${what} gives a message or a closed reason`, () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(texts, (text) => void seen.add(assertTotal(text))),
      { numRuns: 5_000 },
    );
    assert.ok(seen.has('malformed'));
  });
}

test('[PR-1] nesting as deep as a frame allows is only malformed', () => {
  for (const opening of ['[', '{"a":']) {
    const text = opening.repeat(Math.floor(CLIENT_FRAME_BYTES_MAX / opening.length));
    assert.deepEqual(decode(text), { ok: false, reason: 'malformed' });
  }
  const whole = '['.repeat(8_000) + ']'.repeat(8_000);
  assert.deepEqual(decode(whole), { ok: false, reason: 'malformed' });
});

test('[PR-1] names that objects are born with are no types', () => {
  for (const type of ['constructor', '__proto__', 'toString', 'hasOwnProperty', '']) {
    const text = JSON.stringify({ type });
    assert.deepEqual(decode(text), { ok: false, reason: 'malformed' });
    assert.equal(decodeServerMessage(text), null);
  }
});

test('[PR-2] a frame at the limit is read, and one byte more is too large', () => {
  const frame = readFixture('client', 'link.ack');
  const short = JSON.stringify(frame);
  // White space is free in JSON, so the size alone makes the difference.
  const text = short + ' '.repeat(CLIENT_FRAME_BYTES_MAX - short.length);
  assert.equal(decodeClientMessage(text, CLIENT_FRAME_BYTES_MAX).ok, true);
  const over = decodeClientMessage(`${text} `, CLIENT_FRAME_BYTES_MAX + 1);
  assert.deepEqual(over, { ok: false, reason: 'too-large' });
});

test('[PR-2] the size is that of the wire and not that of the text', () => {
  const text = JSON.stringify(readFixture('client', 'link.ack'));
  const over = decodeClientMessage(text, CLIENT_FRAME_BYTES_MAX + 1);
  assert.deepEqual(over, { ok: false, reason: 'too-large' });
});

test('[PR-3] an unknown key from a client is malformed, at any depth', () => {
  for (const frame of CLIENT_FIXTURES) {
    for (const altered of withStrangeKeys(frame)) {
      assert.deepEqual(decode(JSON.stringify(altered)), { ok: false, reason: 'malformed' });
    }
  }
});

test('[PR-3] "__proto__" is a key like any other, and unknown', () => {
  const text = '{"type":"session.leave","__proto__":{"seq":1}}';
  assert.deepEqual(decode(text), { ok: false, reason: 'malformed' });
});

test('[PR-3] an unknown type from a client is malformed', () => {
  assert.deepEqual(decode('{"type":"session.dance"}'), { ok: false, reason: 'malformed' });
});

test('[PR-3] the page ignores an unknown type of a node', () => {
  assert.equal(decodeServerMessage('{"type":"session.dance"}'), null);
  assert.equal(decodeServerMessage('no JSON'), null);
  assert.equal(decodeServerMessage('null'), null);
});

test('[PR-3] the page ignores an unknown key of a node', () => {
  const text = '{"type":"link.ack","ack":3,"later":true}';
  assert.equal(decodeServerMessage(text)?.type, 'link.ack');
});

test('[PR-8] rejects counters that are not one number for each seat', () => {
  const replay = readFixture('client', 'chat.replay') as Frame & { readonly line: object };
  for (const counters of [[3, 4], [3], [3, 4, 5], []]) {
    const text = JSON.stringify({ ...replay, line: { ...replay.line, counters } });
    assert.equal(decode(text).ok, counters.length === SEATS.length, counters.join(', '));
  }
  for (const side of [...SEATS, 'c']) {
    const text = JSON.stringify({ ...replay, line: { ...replay.line, side } });
    assert.equal(decode(text).ok, side !== 'c');
  }
});

test('[PR-4] a hello of another version is that and nothing else, whatever else it holds', () => {
  const version = fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((number) => number < ACCEPTED_VERSIONS.min || number > ACCEPTED_VERSIONS.max);
  fc.assert(
    fc.property(version, fc.dictionary(fc.string(), fc.jsonValue()), (number, fields) => {
      const text = JSON.stringify({ ...fields, type: 'session.hello', version: number });
      assert.deepEqual(decode(text), { ok: false, reason: 'version-unsupported' });
    }),
  );
});

test('[PR-4] each accepted version is read', () => {
  const hello = readFixture('client', 'session.hello');
  for (let { min: version } = ACCEPTED_VERSIONS; version <= ACCEPTED_VERSIONS.max; version++) {
    assert.equal(decode(JSON.stringify({ ...hello, version })).ok, true);
  }
});

function decode(text: string): ReturnType<typeof decodeClientMessage> {
  return decodeClientMessage(text, Buffer.byteLength(text));
}

/** The frame with a key too many, in each of its objects in turn. */
function* withStrangeKeys(value: unknown): Generator {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    for (const [place, item] of items.entries()) {
      for (const altered of withStrangeKeys(item)) yield items.with(place, altered);
    }
  } else if (typeof value === 'object' && value !== null) {
    yield { ...value, strange: 1 };
    for (const [key, field] of Object.entries(value)) {
      for (const altered of withStrangeKeys(field)) yield { ...value, [key]: altered };
    }
  }
}
