import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { MUTANTS } from './mutants/mutants.ts';
import { judge } from './mutants/run.ts';
import { PROMISES } from './oracle/violation.ts';
import { sourceWith } from './plant.ts';

/** Of their promises the bugs that show after the fewest sessions, where the first shows far later. */
const SHOWS_SOON: ReadonlySet<string> = new Set([
  'the pre-made offer of the wrong search is given on',
  'wishes are held for ever',
]);

/** One bug of each promise, so that none goes unwatched; the long tier plants every one. */
const ONE_OF_EACH = [
  ...new Map(
    [...MUTANTS.toReversed(), ...MUTANTS.filter(({ name }) => SHOWS_SOON.has(name))].map(
      (mutant) => [mutant.killedBy[0], mutant],
    ),
  ).values(),
];

describe('planted bugs', { concurrency: 2 }, () => {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'farandole-planted-'));
  after(() => rmSync(cacheFolder, { recursive: true, force: true, maxRetries: 3 }));

  it('each is in its file, once, and has a name of its own; and there are enough of them', () => {
    for (const mutant of MUTANTS) assert.doesNotThrow(() => sourceWith(mutant), mutant.name);
    assert.equal(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length);
    assert.ok(MUTANTS.length >= 40);
  });

  it('some bug breaks each promise first, so that none is kept by an oracle that is blind', () => {
    const broken = new Set(MUTANTS.map(({ killedBy }) => killedBy[0]));
    assert.deepEqual(
      PROMISES.filter((promise) => !broken.has(promise)),
      [],
    );
  });

  it('what shows soon is among them', () => {
    const names = MUTANTS.map(({ name }) => name);
    assert.deepEqual(
      [...SHOWS_SOON].filter((name) => !names.includes(name)),
      [],
    );
  });

  for (const mutant of ONE_OF_EACH) {
    it(`${mutant.killedBy[0]} notices when ${mutant.name}`, async () => {
      const { violated, isKilled, sessions } = await judge(mutant, cacheFolder);
      assert.ok(violated !== null, `not noticed in ${sessions} sessions`);
      assert.ok(isKilled, `${violated} noticed it first`);
    });
  }
});
