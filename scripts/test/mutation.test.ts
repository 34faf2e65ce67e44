import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { mutantsOf, sampleOf } from '../mutation/mutants.ts';
import { root } from '../setup.mjs';
import { temporaryFolder } from './temporary-folder.ts';

const TEXT = `import { assert } from './assert.ts';
export function isFree(taken: number, max: number): boolean {
  assert(taken >= 0, 'taken is negative');
  if (max === 0) throw new RangeError('no room');
  return (taken ?? 0) < max && !(max > 9 || taken > 7);
}
`;

test('creates mutants of conditions but not of assertions and error messages', async () => {
  const mutants = await mutantsOf('a.ts', TEXT);
  const changes = mutants.map(({ line, original, replacement }) => [line, original, replacement]);
  assert.ok(changes.some((change) => change.join() === '5,(taken ?? 0) < max,(taken ?? 0) <= max'));
  assert.ok(changes.some(([line, original]) => line === 4 && original === 'max === 0'));
  assert.ok(changes.every(([line, original]) => line !== 3 && original !== `'no room'`));
  for (const { text } of mutants) {
    assert.notEqual(text, TEXT);
    stripTypeScriptTypes(text);
  }
});

test('chooses the same mutants for a seed although other files changed', async () => {
  const all = await mutantsOf('a.ts', TEXT);
  const chosen = sampleOf(all, 7, 5);
  assert.equal(new Set(chosen).size, 5);
  assert.deepEqual(sampleOf(all.toReversed(), 7, 5), chosen);
  assert.notDeepEqual(sampleOf(all, 8, 5), chosen);
  const more = sampleOf([...all, ...(await mutantsOf('b.ts', TEXT))], 7, all.length * 2);
  assert.deepEqual(more.filter(({ path }) => path === 'a.ts').slice(0, 5), chosen);
});

test('replaces a mutated module in the main thread and in workers', (t) => {
  const folder = temporaryFolder(t);
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const target = write('target.ts', 'export const value: number = 1;');
  const mutant = write('mutant.ts', 'export const value: number = 2;');
  const main = write(
    'main.ts',
    `import { Worker, isMainThread } from 'node:worker_threads';
    import { value } from './target.ts';
    console.log(value satisfies number);
    if (isMainThread) new Worker(new URL(import.meta.url));`,
  );
  const plant = pathToFileURL(join(root, 'scripts', 'mutation', 'plant.mjs')).href;
  const env = {
    ...process.env,
    NODE_OPTIONS: `--import=${plant}`,
    MUTANT_URL: pathToFileURL(target).href,
    MUTANT_TEXT: mutant,
  };
  const { stdout } = spawnSync(process.execPath, [main], { env, encoding: 'utf8' });
  assert.equal(stdout, '2\n2\n');
});
