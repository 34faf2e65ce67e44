import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type DecodeFault, decodeClientMessage } from '../../src/codec.ts';
import { decodeServerMessage } from '../../src/server-codec.ts';
import { type Frame, fixtureNames, fixtureTypes, readFixture } from './fixtures.ts';

const TYPES: ReadonlySet<string> = new Set(fixtureTypes('client'));
export const CLIENT_FIXTURES: readonly Frame[] = fixtureNames('client').map((name) =>
  readFixture('client', name),
);
const TEXTS = CLIENT_FIXTURES.map((frame) => JSON.stringify(frame));

const FAULTS: ReadonlySet<string> = new Set<DecodeFault>([
  'too-large',
  'malformed',
  'version-unsupported',
]);

/** Generates arbitrary bytes decoded as UTF-8, arbitrary texts and arbitrary JSON. */
const anything = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
  fc.string({ unit: 'binary' }),
  fc.json(),
);

const edit = fc.record({
  at: fc.nat(),
  remove: fc.nat({ max: 8 }),
  insert: fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('"', '{', '[', '\\u', '0', ',')),
});

const editedText = fc
  .tuple(fc.constantFrom(...TEXTS), fc.array(edit, { minLength: 1, maxLength: 4 }))
  .map(([text, edits]) => {
    let edited = text;
    for (const { at, remove, insert } of edits) {
      const place = at % (edited.length + 1);
      edited = edited.slice(0, place) + insert + edited.slice(place + remove);
    }
    return edited;
  });

/** Generates valid frames in which one value was replaced, at any depth. */
const otherValue = fc
  .tuple(fc.constantFrom(...CLIENT_FIXTURES), fc.nat(), fc.oneof(fc.jsonValue(), fc.integer()))
  .map(([frame, at, value]) => {
    const places = placesIn(frame, []);
    const path = places[at % places.length] ?? [];
    return JSON.stringify(withValueAt(frame, path, value));
  });

export const HOSTILE_FRAMES = {
  'any bytes or text': anything,
  'a valid frame with anything in it altered': editedText,
  'a valid frame with any value put anywhere': otherValue,
} as const satisfies Readonly<Record<string, fc.Arbitrary<string>>>;

/**
 * Decodes a frame. Returns the decoded type or the close reason, and fails for any other result.
 */
export function assertTotal(text: string): string {
  const decoded = decodeClientMessage(text, Buffer.byteLength(text));
  decodeServerMessage(text);
  if (!decoded.ok) {
    assert.ok(FAULTS.has(decoded.reason), decoded.reason);
    return decoded.reason;
  }
  assert.ok(TYPES.has(decoded.value.type), decoded.value.type);
  // Serializing a decoded message and decoding it again gives the same message.
  const again = JSON.stringify(decoded.value);
  assert.deepEqual(decodeClientMessage(again, Buffer.byteLength(again)), decoded);
  return decoded.value.type;
}

type JsonPath = readonly (string | number)[];

function placesIn(value: unknown, path: JsonPath): readonly JsonPath[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    return [at, ...placesIn(inner, at)];
  });
}

function withValueAt(value: unknown, [key, ...rest]: JsonPath, replacement: unknown): unknown {
  if (key === undefined || typeof value !== 'object' || value === null) return replacement;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.with(Number(key), withValueAt(items[Number(key)], rest, replacement));
  }
  const inner = (value as Readonly<Record<string, unknown>>)[key];
  return { ...value, [key]: withValueAt(inner, rest, replacement) };
}
