import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MUTANTS } from './mutants.ts';

const PACKAGES = new URL('../../../', import.meta.url);

/**
 * Plants a bug: from here on the file of the mutant is loaded as if it had been written so. To be
 * called before anything of what is to be tested is imported.
 */
export function plant(name: string): void {
  const mutant = MUTANTS.find((each) => each.name === name);
  assert.ok(mutant !== undefined, `there is no mutant named: ${name}`);
  const url = new URL(mutant.file, PACKAGES).href;
  const source = readFileSync(fileURLToPath(url), 'utf8');
  assert.equal(
    source.split(mutant.find).length,
    2,
    `${mutant.file} holds this once: ${mutant.find}`,
  );
  const planted = source.replace(mutant.find, () => mutant.replace);
  registerHooks({
    load: (loaded, context, nextLoad) =>
      loaded === pathToFileURL(fileURLToPath(url)).href
        ? { format: 'module-typescript', source: planted, shortCircuit: true }
        : nextLoad(loaded, context),
  });
}
