import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Mutant, misplaced, readMutants, sourceWith } from '../support/planting/mutant.ts';

describe('a planted bug replaces exactly one syntax node', () => {
  const read = (change: string): Mutant => {
    const [mutant] = readMutants(
      `gateway/src/credits.ts spend\n  I10 a name\n    ${change}`,
      'packages/',
    );
    assert.ok(mutant !== undefined);
    return mutant;
  };

  it('replaces a syntax node and keeps the part that `$A` captured', () => {
    assert.match(sourceWith(read('limit.$A - 1 ~> limit.$A - 2')), /\(limit\.burst - 2\)/);
  });

  it('refuses a mutant unless its pattern matches exactly one node', () => {
    assert.throws(() => sourceWith(read('limit.burst - 7 ~> 0')), /0 nodes of spend/);
    assert.throws(() => sourceWith(read('limit ~> 0')), /nodes of spend/);
  });

  it('lists by name a mutant whose pattern matches no syntax node', () => {
    const [listed = ''] = misplaced([read('limit.burst - 7 ~> 0')]);
    assert.match(listed, /^a name: 0 nodes of spend in packages\/gateway\/src\/credits.ts/);
    assert.deepEqual(misplaced([read('limit.$A - 1 ~> 0')]), []);
  });
});
