import { registerHooks } from 'node:module';
import { type Mutant, sourceWith, urlOf } from './mutant.ts';

/** Plants the named bug in this process. Must be called before the code under test is imported. */
export function plant(mutants: readonly Mutant[], name: string): void {
  const mutant = mutants.find((each) => each.name === name);
  if (mutant === undefined) throw new Error(`no mutant has the name: ${name}`);
  replaceSource(urlOf(mutant).href, sourceWith(mutant));
}

/**
 * Imports a second copy of the mutant's module with the bug planted. The first copy stays
 * unchanged.
 */
export async function importPlanted(mutant: Mutant): Promise<unknown> {
  const url = urlOf(mutant);
  url.searchParams.set('planted', mutant.name);
  const hooks = replaceSource(url.href, sourceWith(mutant));
  try {
    return await import(url.href);
  } finally {
    hooks.deregister();
  }
}

function replaceSource(url: string, source: string) {
  return registerHooks({
    load: (loaded, context, nextLoad) =>
      loaded === url
        ? { format: 'module-typescript', source, shortCircuit: true }
        : nextLoad(loaded, context),
  });
}
