/**
 * Loaded with `--import` before a test file. Replaces the text of the file MUTANT_URL by the
 * text of the file at the path MUTANT_TEXT, or writes the package sources that the test loads to
 * the path MUTANT_LOADED.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const { MUTANT_URL, MUTANT_TEXT, MUTANT_LOADED } = process.env;

registerHooks({
  load(url, context, nextLoad) {
    if (MUTANT_LOADED !== undefined && /\/packages\/\w+\/src\//.test(url)) {
      appendFileSync(MUTANT_LOADED, `${url}\n`);
    }
    if (url !== MUTANT_URL || MUTANT_TEXT === undefined) return nextLoad(url, context);
    return {
      format: 'module-typescript',
      source: readFileSync(MUTANT_TEXT, 'utf8'),
      shortCircuit: true,
    };
  },
});
