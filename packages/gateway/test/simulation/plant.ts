import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Mutant } from './mutants/mutant.ts';
import { MUTANTS } from './mutants/mutants.ts';

const PACKAGES = new URL('../../../', import.meta.url);

/** The file of a mutant as the bug makes it. Fails where the code has moved on without the mutant. */
export function sourceWith({ file, find, replace }: Mutant): string {
  const source = readFileSync(new URL(file, PACKAGES), 'utf8');
  assert.equal(source.split(find).length, 2, `${file} holds this once: ${find}`);
  return source.replace(find, () => replace);
}

/**
 * Plants a bug: from here on the file of the mutant is loaded as if it had been written so. To be
 * called before anything of what is to be tested is imported.
 */
export function plant(name: string): void {
  const mutant = MUTANTS.find((each) => each.name === name);
  assert.ok(mutant !== undefined, `there is no mutant named: ${name}`);
  const source = sourceWith(mutant);
  const url = pathToFileURL(fileURLToPath(new URL(mutant.file, PACKAGES))).href;
  registerHooks({
    load: (loaded, context, nextLoad) =>
      loaded === url
        ? { format: 'module-typescript', source, shortCircuit: true }
        : nextLoad(loaded, context),
  });
}
