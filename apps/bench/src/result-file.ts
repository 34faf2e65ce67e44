import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ROOT } from '@farandole/e2e/process';

/** Not committed, and outside the folder that the browser tests clear. */
const FOLDER = 'bench-results';

export async function writeResult(name: string, text: string): Promise<string> {
  const path = `${FOLDER}/${name}`;
  const file = join(ROOT, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return path;
}
