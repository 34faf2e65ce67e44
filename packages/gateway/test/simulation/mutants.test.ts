import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { misplaced } from '@farandole/e2e/planting/mutant';
import { MUTANTS } from './mutants/mutants.ts';
import { isTestFile } from './mutants/run.ts';
import { PROMISES } from './violation.ts';

// These tests check only the definitions of the planted bugs. `npm run test:long -- mutants` runs
// every bug.
describe('planted bugs are defined completely and without ambiguity', () => {
  it('each planted bug matches exactly one syntax node of its file', () => {
    assert.deepEqual(misplaced(MUTANTS), []);
  });

  it('planted bugs have unique names', () => {
    assert.equal(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length);
  });

  it('planted bugs name only known invariants and test files', () => {
    const known = new Set([...Object.keys(PROMISES), 'protocol', 'assertion']);
    const isKnown = (by: string) =>
      isTestFile(by) ? existsSync(new URL(`../../../${by}`, import.meta.url)) : known.has(by);
    const unknown = MUTANTS.filter(({ caughtBy }) => !caughtBy.every(isKnown));
    assert.deepEqual(unknown, []);
  });

  it('each promise I1 to I18 and W1 to W10 has at least two planted bugs', () => {
    const counts = new Map<string, number>();
    for (const { caughtBy } of MUTANTS) {
      for (const by of caughtBy) counts.set(by, (counts.get(by) ?? 0) + 1);
    }
    const promises = Object.keys(PROMISES).filter((name) => /^[IW]\d/.test(name));
    assert.deepEqual(
      promises.filter((name) => (counts.get(name) ?? 0) < 2),
      [],
    );
  });
});
