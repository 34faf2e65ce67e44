import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { RESUME_BUGS } from './resume-bugs.ts';

const ROOT = new URL('../../../../', import.meta.url);

/** Plants a bug by replacing its file's source on load. Call it before importing the code under test. */
export function plant(name: string): void {
  const bug = RESUME_BUGS.find((each) => each.name === name);
  assert.ok(bug !== undefined, `there is no bug named: ${name}`);
  const path = fileURLToPath(new URL(bug.file, ROOT));
  const source = readFileSync(path, 'utf8');
  assert.equal(source.split(bug.find).length, 2, `${bug.file} holds this once: ${bug.find}`);
  const planted = source.replace(bug.find, () => bug.replace);
  const url = pathToFileURL(path).href;
  registerHooks({
    load: (loaded, context, nextLoad) =>
      loaded === url
        ? { format: 'module-typescript', source: planted, shortCircuit: true }
        : nextLoad(loaded, context),
  });
}
