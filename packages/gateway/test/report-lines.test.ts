import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TaggedLine } from '@farandole/protocol/fields';
import fc from 'fast-check';
import { reportsIn, talked } from './support/talked.ts';

const LINES = 4;

const said = talked(LINES).call.lines;
const saidOf = <K extends keyof TaggedLine>(field: K): fc.Arbitrary<TaggedLine[K]> =>
  fc.constantFrom(...said.map((line) => line[field]));
const near = (of: number): fc.Arbitrary<number> =>
  fc.integer({ min: Math.max(0, of - 2), max: of + 2 });

/**
 * Changes one field of a chat line: to another line's value, a similar value, or any valid
 * value.
 */
function anyEdit(of: TaggedLine): fc.Arbitrary<Partial<TaggedLine>> {
  const [a, b] = of.counters;
  const counter = fc.nat(1_000_000);
  const [key, mac] = of.tag.split('.');
  const anyMac = fc.stringMatching(/^[A-Za-z0-9_-]{43}$/);
  return fc.oneof(
    fc.record({ id: fc.oneof(saidOf('id'), fc.stringMatching(/^[A-Za-z0-9_-]{8,12}$/)) }),
    fc.record({ side: fc.constantFrom('a' as const, 'b' as const) }),
    fc.record({ counters: fc.oneof(fc.tuple(near(a), near(b)), fc.tuple(counter, counter)) }),
    fc.record({ atMs: fc.oneof(near(of.atMs), saidOf('atMs'), fc.maxSafeNat()) }),
    fc.record({
      text: fc.oneof(
        saidOf('text'),
        fc.constantFrom(`${of.text} `, of.text.toUpperCase()),
        fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
      ),
    }),
    fc.record({
      tag: fc.oneof(
        saidOf('tag'),
        fc.stringMatching(/^[A-Za-z0-9_-]{1,16}$/).map((other) => `${other}.${mac}`),
        anyMac.map((other) => `${key}.${other}`),
      ),
    }),
  );
}

const edited = fc
  .tuple(fc.nat(LINES - 1), fc.nat(LINES - 1), fc.nat(LINES - 1))
  .map((places) => places.toSorted((a, b) => a - b) as [number, number, number])
  .chain(([from, at, to]) => {
    const line = said[at] as TaggedLine;
    const range = said.slice(from, to + 1);
    return anyEdit(line)
      .map((edit) => ({ ...line, ...edit }))
      .filter((other) => JSON.stringify(other) !== JSON.stringify(line))
      .map((other) => range.map((one) => (one === line ? other : one)));
  });

test('[PR-73, GW-55] refuses a report with edited chat lines, or stores it without lines', () => {
  let [refused, contradicted] = [0, 0];
  const run = (lines: TaggedLine[]): void => {
    const { world, ada, call } = talked(LINES);
    ada.report(call, { lines });
    world.flush();
    const [record] = reportsIn(world);
    if (record === undefined) {
      assert.equal(ada.last('report.refused').reason, 'bad-lines');
      assert.ok(ada.call !== null, 'and the call goes on');
      refused += 1;
      return;
    }
    assert.deepEqual([record.contradicted, record.lines], [true, []]);
    contradicted += 1;
  };
  fc.assert(fc.property(edited, run), { seed: 73, numRuns: 150 });
  assert.ok(refused > 30 && contradicted > 30, `${refused} refused, ${contradicted} contradicted`);
});

test('[PR-73] stores the unedited chat lines of a report completely', () => {
  for (let from = 0; from < LINES; from++) {
    const { world, ada, call } = talked(LINES);
    ada.report(call, { lines: said.slice(from) });
    const [record] = reportsIn(world);
    assert.equal(record?.contradicted, undefined);
    const kept = said.slice(from).map(({ id: _id, tag: _tag, ...line }) => line);
    assert.deepEqual(record?.lines, kept);
  }
});
