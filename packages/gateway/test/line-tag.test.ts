import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type MatchId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import type { Seat, TaggedLine } from '@farandole/protocol/fields';
import fc from 'fast-check';
import { canonicalLine, countLine, isNextLine, tagLine, verifyLine } from '../src/line-tag.ts';
import { FakeSigner } from './support/fake-signer.ts';

const match = brandId<MatchId>('match-one');
const signer = new FakeSigner('a key', createPrng(1));
const untagged = {
  id: 'line-one',
  side: 'a' as Seat,
  counters: [3, 4] as [number, number],
  atMs: 1_800_000_000_000,
  text: 'Hello\nthere',
};
const line = tagLine(signer, match, untagged);

test('[PR-53] a restarted node verifies the tag of an accepted chat line', () => {
  assert.ok(verifyLine(signer, match, line));
  assert.ok(verifyLine(new FakeSigner('a key', createPrng(2)), match, line));
});

test('[PR-53] rejects a chat line’s tag after any change of the line', () => {
  const altered: TaggedLine[] = [
    { ...line, id: 'line-two' },
    { ...line, side: 'b' },
    { ...line, counters: [4, 3] },
    { ...line, counters: [3, 5] },
    { ...line, atMs: line.atMs + 1 },
    { ...line, text: 'Hello\nthere.' },
    { ...line, tag: line.tag.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) },
  ];
  for (const each of altered) assert.equal(verifyLine(signer, match, each), false);
  assert.equal(verifyLine(signer, brandId<MatchId>('match-two'), line), false);
});

test('[PR-53] two different chat lines never encode to the same signed text', () => {
  const anyLine = fc.record({
    match: fc.stringMatching(/^[A-Za-z0-9_-]{8,12}$/),
    id: fc.stringMatching(/^[A-Za-z0-9_-]{8,12}$/),
    side: fc.constantFrom('a' as const, 'b' as const),
    counters: fc.tuple(fc.nat({ max: 1_000 }), fc.nat({ max: 1_000 })),
    atMs: fc.nat(),
    text: fc.string({ minLength: 1, maxLength: 20 }),
  });
  fc.assert(
    fc.property(anyLine, anyLine, (one, other) => {
      const isSame = JSON.stringify(one) === JSON.stringify(other);
      const written = canonicalLine(brandId<MatchId>(one.match), one);
      assert.equal(written === canonicalLine(brandId<MatchId>(other.match), other), isSame);
    }),
  );
});

test('[PR-50] numbers chat lines per user and accepts only the next number', () => {
  assert.deepEqual(countLine([3, 4], 'a'), [4, 4]);
  assert.deepEqual(countLine([3, 4], 'b'), [3, 5]);
  assert.ok(isNextLine([2, 4], line));
  for (const before of [
    [3, 3],
    [3, 4],
    [1, 4],
    [2, 3],
  ] as const) {
    assert.equal(isNextLine([...before], line), false);
  }
});
