import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Mutant, sourceWith, urlOf } from './mutants/mutant.ts';
import { MUTANTS } from './mutants/mutants.ts';

/** Plants a bug in this process. Call it before anything of what is tested is imported. */
export function plant(name: string): void {
  const mutant = MUTANTS.find((each) => each.name === name);
  if (mutant === undefined) throw new Error(`no mutant has the name: ${name}`);
  plantMutant(mutant);
}

function plantMutant(mutant: Mutant): void {
  const source = sourceWith(mutant);
  const url = pathToFileURL(fileURLToPath(urlOf(mutant))).href;
  registerHooks({
    load: (loaded, context, nextLoad) =>
      loaded === url
        ? { format: 'module-typescript', source, shortCircuit: true }
        : nextLoad(loaded, context),
  });
}
