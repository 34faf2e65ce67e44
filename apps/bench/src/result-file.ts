import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ROOT } from '@farandole/e2e/process';

/** The output folder isn't committed, and the browser tests don't clear it. */
const FOLDER = 'bench-results';

export async function writeResult(name: string, text: string): Promise<string> {
  const path = `${FOLDER}/${name}`;
  const file = join(ROOT, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return path;
}
