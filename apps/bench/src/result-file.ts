import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ROOT } from '@farandole/e2e/process';

/** Where pictures and records go: in no commit, and out of the browser tests' way, which clear theirs. */
const FOLDER = 'bench-results';

/** Writes a file of the run, and gives its path in the repository. */
export async function writeResult(name: string, text: string): Promise<string> {
  const path = `${FOLDER}/${name}`;
  const file = join(ROOT, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return path;
}
