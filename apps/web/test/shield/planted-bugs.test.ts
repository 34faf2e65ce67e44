import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as shipped from '../../src/shield/shield-machine.ts';
import { MUTANTS, type Mutant } from './mutants.ts';
import type { Machine } from './scenes.ts';
import { walk } from './walk.ts';

const MACHINE = new URL('../../src/shield/shield-machine.ts', import.meta.url);
const SOURCE = readFileSync(fileURLToPath(MACHINE), 'utf8');
/** Enough to catch each planted bug; most show within a hundred walks. */
const WALKS = 1_500;
const SEED = 7;

/** Loads a copy of the machine with this bug. */
async function plant({ find, replace }: Mutant, number: number): Promise<Machine> {
  assert.equal(SOURCE.split(find).length, 2, `the machine holds this once: ${find}`);
  const planted = SOURCE.replace(find, () => replace);
  const url = `${MACHINE.href}?planted=${number}`;
  const hooks = registerHooks({
    load: (loaded, context, nextLoad) =>
      loaded === url
        ? { format: 'module-typescript', source: planted, shortCircuit: true }
        : nextLoad(loaded, context),
  });
  try {
    return (await import(url)) as Machine;
  } finally {
    hooks.deregister();
  }
}

describe('bugs planted in the shield', () => {
  for (const [number, mutant] of MUTANTS.entries()) {
    it(`[${mutant.killedBy[0] ?? ''}] is broken when ${mutant.name}`, async () => {
      const { broken, steps } = walk(await plant(mutant, number), SEED, WALKS);
      assert.ok(broken !== null, `not noticed in ${steps} steps`);
      assert.ok(mutant.killedBy.includes(broken), `${broken} noticed it first`);
    });
  }

  it('breaks no rule in the shipped machine and visits every state', () => {
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
