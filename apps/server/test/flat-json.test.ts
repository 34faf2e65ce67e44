import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FlatJsonError, parseFlatJson } from '../src/config/flat-json.ts';
import { editDistance, nearestName } from '../src/config/nearest-name.ts';

const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
  fc.boolean(),
  fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }),
);
const flatObject = fc.dictionary(fc.string({ unit: 'grapheme' }), value, { maxKeys: 6 });

test('reads every flat object that JSON.stringify writes, at any indentation', () => {
  fc.assert(
    fc.property(flatObject, fc.constantFrom(0, 1, 2, '\t'), (object, indent) => {
      const entries = parseFlatJson(JSON.stringify(object, null, indent));
      assert.deepEqual(
        entries.map(({ key, value: read }) => [key, read]),
        Object.entries(object),
      );
    }),
  );
});

test('refuses invalid JSON exactly as JSON.parse does', () => {
  fc.assert(
    fc.property(flatObject, fc.nat(), fc.string({ maxLength: 3 }), (object, at, inserted) => {
      const text = JSON.stringify(object);
      const place = at % (text.length + 1);
      const changed = text.slice(0, place) + inserted + text.slice(place);
      let isJson = true;
      try {
        JSON.parse(changed);
      } catch {
        isJson = false;
      }
      try {
        parseFlatJson(changed);
      } catch (error) {
        // Duplicate keys and nested values are valid JSON, but not a flat object.
        assert.ok(error instanceof FlatJsonError);
        return;
      }
      assert.ok(isJson, `read as JSON, which it is not: ${changed}`);
    }),
    { numRuns: 2_000 },
  );
});

test('reports the position of a JSON syntax error', () => {
  const placeOf = (text: string): string => {
    try {
      parseFlatJson(text);
    } catch (error) {
      assert.ok(error instanceof FlatJsonError);
      return `${error.line}:${error.column}`;
    }
    return 'none';
  };
  assert.equal(placeOf('[]'), '1:1');
  assert.equal(placeOf('{\n  "a" 1\n}'), '2:7');
  assert.equal(placeOf('{\n  "a": nothing\n}'), '2:8');
  assert.equal(placeOf('{\n  "a": {}\n}'), '2:8');
  assert.equal(placeOf('{\n  "a": 1\n  "b": 2\n}'), '3:3');
  assert.equal(placeOf('{ "a": "open }'), '1:8');
  assert.equal(placeOf('{ "a": ["x", 1] }'), '1:14');
  assert.equal(placeOf('{} {}'), '1:4');
  assert.equal(placeOf("{ 'a': 1 }"), '1:3');
  assert.equal(placeOf('\uFEFF{ "a": 1 }'), 'none');
});

test('suggests a known setting name for a typo, none for other words', () => {
  const names = ['PORT', 'HOST', 'FARANDOLE_RELAY'];
  assert.equal(nearestName('PROT', names), 'PORT');
  assert.equal(nearestName('farandole_relay', names), 'FARANDOLE_RELAY');
  assert.equal(nearestName('FARANDOLE_RELAYS', names), 'FARANDOLE_RELAY');
  assert.equal(nearestName('COLOUR', names), null);
});

test('computes an edit distance that satisfies the axioms of a metric', () => {
  const short = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(short, short, short, (a, b, c) => {
      assert.equal(editDistance(a, a), 0);
      assert.equal(editDistance(a, b), editDistance(b, a));
      assert.ok(editDistance(a, c) <= editDistance(a, b) + editDistance(b, c));
      assert.equal(editDistance(a, b) === 0, a === b);
    }),
  );
});
