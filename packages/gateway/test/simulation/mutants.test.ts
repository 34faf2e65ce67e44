import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type Mutant, readMutants, sourceWith } from './mutants/mutant.ts';
import { MUTANTS } from './mutants/mutants.ts';
import { isTestFile } from './mutants/run.ts';
import { PROMISES } from './oracle/violation.ts';

// The long tier runs every planted bug: `npm run test:long -- mutants`.
describe('planted bugs', () => {
  it('match and change exactly one node each', () => {
    const missing = MUTANTS.flatMap((mutant) => {
      try {
        return sourceWith(mutant) === '' ? [mutant.name] : [];
      } catch (cause) {
        return [cause instanceof Error ? cause.message : mutant.name];
      }
    });
    assert.deepEqual(missing, []);
  });

  it('have unique names', () => {
    assert.equal(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length);
  });

  it('name known invariants and test files', () => {
    const known = new Set([...Object.keys(PROMISES), 'protocol', 'assertion']);
    const isKnown = (by: string) =>
      isTestFile(by) ? existsSync(new URL(`../../../${by}`, import.meta.url)) : known.has(by);
    const unknown = MUTANTS.filter(({ caughtBy }) => !caughtBy.every(isKnown));
    assert.deepEqual(unknown, []);
  });

  it('break each promise I1 to I12 at least twice', () => {
    const counts = new Map<string, number>();
    for (const { caughtBy } of MUTANTS) {
      for (const by of caughtBy) counts.set(by, (counts.get(by) ?? 0) + 1);
    }
    const promises = Object.keys(PROMISES).filter((name) => name.startsWith('I'));
    assert.deepEqual(
      promises.filter((name) => (counts.get(name) ?? 0) < 2),
      [],
    );
  });
});

describe('a planted bug', () => {
  const read = (change: string): Mutant => {
    const [mutant] = readMutants(`gateway/src/credits.ts spend\n  I10 a name\n    ${change}`);
    assert.ok(mutant !== undefined);
    return mutant;
  };

  it('replaces a node and keeps what `$A` stood for', () => {
    assert.match(sourceWith(read('limit.$A - 1 ~> limit.$A - 2')), /\(limit\.burst - 2\)/);
  });

  it('is refused where no node, or more than one, is like its pattern', () => {
    assert.throws(() => sourceWith(read('limit.burst - 7 ~> 0')), /0 nodes of spend/);
    assert.throws(() => sourceWith(read('limit ~> 0')), /nodes of spend/);
  });
});
