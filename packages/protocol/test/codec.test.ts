import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeClientMessage, encodeServerMessage } from '../src/codec.ts';
import { SEATS } from '../src/fields.ts';
import { CLIENT_FRAME_BYTES_MAX, LINE_CHARS_DECODED_MAX } from '../src/limits.ts';
import { decodeServerMessage } from '../src/server-codec.ts';
import { ACCEPTED_VERSIONS } from '../src/version.ts';
import { type Frame, readFixture } from './support/fixtures.ts';
import { assertTotal, CLIENT_FIXTURES, HOSTILE_FRAMES } from './support/hostile-frames.ts';

for (const [what, texts] of Object.entries(HOSTILE_FRAMES)) {
  test(`[PR-1] decodes ${what} to a message or to a close reason`, () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(texts, (text) => void seen.add(assertTotal(text))),
      { numRuns: 5_000 },
    );
    assert.ok(seen.has('malformed'));
  });
}

test('[PR-1] rejects JSON with extremely deep nesting as malformed', () => {
  for (const opening of ['[', '{"a":']) {
    const text = opening.repeat(Math.floor(CLIENT_FRAME_BYTES_MAX / opening.length));
    assert.deepEqual(decode(text), { ok: false, reason: 'malformed' });
  }
  const whole = '['.repeat(8_000) + ']'.repeat(8_000);
  assert.deepEqual(decode(whole), { ok: false, reason: 'malformed' });
});

test('[PR-1] rejects names of Object.prototype as message types', () => {
  for (const type of ['constructor', '__proto__', 'toString', 'hasOwnProperty', '']) {
    const text = JSON.stringify({ type });
    assert.deepEqual(decode(text), { ok: false, reason: 'malformed' });
  }
});

test('[PR-2] accepts a frame of the maximum size and rejects one more byte', () => {
  const frame = readFixture('client', 'link.ack');
  const short = JSON.stringify(frame);
  // JSON ignores trailing white space, so this changes only the size.
  const text = short + ' '.repeat(CLIENT_FRAME_BYTES_MAX - short.length);
  assert.equal(decodeClientMessage(text, CLIENT_FRAME_BYTES_MAX).ok, true);
  const over = decodeClientMessage(`${text} `, CLIENT_FRAME_BYTES_MAX + 1);
  assert.deepEqual(over, { ok: false, reason: 'too-large' });
});

test('[PR-2] measures a frame in bytes on the wire, not in characters', () => {
  const text = JSON.stringify(readFixture('client', 'link.ack'));
  const over = decodeClientMessage(text, CLIENT_FRAME_BYTES_MAX + 1);
  assert.deepEqual(over, { ok: false, reason: 'too-large' });
});

test('[PR-3] rejects a client message with an unknown key at any depth', () => {
  for (const frame of CLIENT_FIXTURES) {
    for (const altered of withStrangeKeys(frame)) {
      assert.deepEqual(decode(JSON.stringify(altered)), { ok: false, reason: 'malformed' });
    }
  }
});

test('[PR-3] rejects "__proto__" as an unknown key', () => {
  const text = '{"type":"session.leave","__proto__":{"seq":1}}';
  assert.deepEqual(decode(text), { ok: false, reason: 'malformed' });
});

test('[PR-3] rejects a client message of unknown type', () => {
  assert.deepEqual(decode('{"type":"session.dance"}'), { ok: false, reason: 'malformed' });
});

test('[PR-3] the page ignores a frame that isn’t an object with a type', () => {
  for (const text of ['no JSON', 'null', '"link.ack"', '{}', '{"type":3}']) {
    assert.equal(decodeServerMessage(text), null, text);
  }
});

test('[PR-3] the page ignores an unknown key in a server message', () => {
  const text = '{"type":"link.ack","ack":3,"later":true}';
  assert.equal(decodeServerMessage(text)?.type, 'link.ack');
});

test('[PR-30a] reads a refusal without `byDevice` and writes it byte for byte', () => {
  const { byDevice, ...answered } = readFixture('server', 'age.answered') as Frame & {
    readonly byDevice: object;
  };
  assert.ok('appeal' in byDevice);
  const text = JSON.stringify(answered);
  const read = decodeServerMessage(text);
  assert.ok(read?.type === 'age.answered' && read.byDevice === undefined);
  assert.equal(encodeServerMessage(read), text);
});

test('[PR-8] rejects line counters that don’t have one number per seat', () => {
  const replay = readFixture('client', 'chat.replay') as Frame & { readonly line: object };
  for (const counters of [[3, 4], [3], [3, 4, 5], [3, 4, 5, 6], []]) {
    const text = JSON.stringify({ ...replay, line: { ...replay.line, counters } });
    const isCount = counters.length >= 2 && counters.length <= SEATS.length;
    assert.equal(decode(text).ok, isCount, counters.join(', '));
  }
  for (const side of [...SEATS, 'd']) {
    const text = JSON.stringify({ ...replay, line: { ...replay.line, side } });
    assert.equal(decode(text).ok, side !== 'd');
  }
});

test('[PR-4] rejects a hello for its unsupported version before other faults', () => {
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

test('[PR-4] accepts a hello of each supported version', () => {
  const hello = readFixture('client', 'session.hello');
  for (let { min: version } = ACCEPTED_VERSIONS; version <= ACCEPTED_VERSIONS.max; version++) {
    assert.equal(decode(JSON.stringify({ ...hello, version })).ok, true);
  }
});

function decode(text: string): ReturnType<typeof decodeClientMessage> {
  return decodeClientMessage(text, Buffer.byteLength(text));
}

/** Yields copies of the frame, each with an unknown key in one of the frame's objects. */
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

test('[PR-5] counts a character outside the BMP once, despite two UTF-16 units', () => {
  const decodeLine = (text: string) => {
    const frame = JSON.stringify({ ...readFixture('client', 'chat.send'), text });
    const byteLength = Buffer.byteLength(frame);
    assert.ok(byteLength <= CLIENT_FRAME_BYTES_MAX, 'it is not the frame that is too large');
    return decodeClientMessage(frame, byteLength);
  };
  const most = '👋'.repeat(LINE_CHARS_DECODED_MAX);
  assert.equal(most.length, 2 * LINE_CHARS_DECODED_MAX);
  assert.ok(decodeLine(most).ok);
  assert.deepEqual(decodeLine(`${most}👋`), { ok: false, reason: 'malformed' });
  // A letter with a combining accent counts as two code points.
  const accented = 'e\u0301'.repeat(LINE_CHARS_DECODED_MAX / 2);
  assert.ok(decodeLine(accented).ok);
  assert.deepEqual(decodeLine(`${accented}e`), { ok: false, reason: 'malformed' });
});
