import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { importPlanted } from '@farandole/e2e/planting/plant';
import * as shipped from '../../src/shield/shield-machine.ts';
import { MUTANTS } from './mutants.ts';
import type { Machine } from './scenes.ts';
import { walk } from './walk.ts';

/** Enough to catch each planted bug; most show within a hundred walks. */
const WALKS = 1_500;
const SEED = 7;

describe('bugs planted in the shield', () => {
  for (const mutant of MUTANTS) {
    it(`[${mutant.caughtBy[0] ?? ''}] is broken when ${mutant.name}`, async () => {
      const { broken, steps } = walk((await importPlanted(mutant)) as Machine, SEED, WALKS);
      assert.ok(broken !== null, `not noticed in ${steps} steps`);
      assert.ok(mutant.caughtBy.includes(broken), `${broken} noticed it first`);
    });
  }

  it('finds no broken rule in the shipped machine and reaches every state', () => {
    const { broken, visited } = walk(shipped, SEED, WALKS);
    assert.equal(broken, null);
    assert.deepEqual([...visited].sort(), [
      'clear',
      'covered',
      'flagged',
      'left',
      'loading',
      'resumed',
      'unavailable',
    ]);
  });

  it('has enough bugs with unique names', () => {
    assert.equal(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length);
    assert.ok(MUTANTS.length >= 15);
  });
});
