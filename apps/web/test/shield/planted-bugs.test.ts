import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Mutant } from '@farandole/e2e/planting/mutant';
import { importPlanted } from '@farandole/e2e/planting/plant';
import * as sampler from '../../src/shield/sampler.ts';
import * as samples from '../../src/shield/sampling.ts';
import * as shipped from '../../src/shield/shield-machine.ts';
import { MUTANTS } from './mutants.ts';
import type { Rule } from './oracle.ts';
import { judgeLooks, judgeSampler, type Samplers, type Theme } from './sampling-oracle.ts';
import type { Machine, Views } from './scenes.ts';
import { walk } from './walk.ts';

/** Number of random walks per planted bug. Most bugs break a rule within a hundred walks. */
const WALKS = 1_500;
const SEED = 7;

/** Returns the first shield rule that a planted bug breaks, or null. */
async function brokenBy(mutant: Mutant): Promise<Rule | null> {
  const planted = await importPlanted(mutant);
  switch (mutant.file.split('/').at(-1)) {
    case 'sampling.ts':
      return judgeLooks(planted as Theme, SEED);
    case 'sampler.ts':
      return await judgeSampler(planted as Samplers, SEED);
    case 'shield-view.ts':
      return walk(shipped, SEED, WALKS, planted as Views).broken;
    default:
      return walk(planted as Machine, SEED, WALKS).broken;
  }
}

describe('bugs planted in the shield', () => {
  for (const mutant of MUTANTS) {
    it(`[${mutant.caughtBy[0] ?? ''}] is broken when ${mutant.name}`, async () => {
      const broken = await brokenBy(mutant);
      assert.ok(broken !== null, 'not noticed');
      assert.ok(mutant.caughtBy.includes(broken), `${broken} noticed it first`);
    });
  }

  it('finds no broken rule in the shipped shield and reaches every state', () => {
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

  it('finds no broken sampling rule in the shipped order, pauses and sampler', async () => {
    for (const seed of [SEED, SEED + 1, SEED + 2]) {
      assert.equal(judgeLooks(samples, seed), null);
      assert.equal(await judgeSampler(sampler, seed), null);
    }
  });

  it('has enough planted bugs, with unique names', () => {
    assert.equal(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length);
    assert.ok(MUTANTS.length >= 50);
  });
});
