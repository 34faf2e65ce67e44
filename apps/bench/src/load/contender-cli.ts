import { join } from 'node:path';
import { ROOT, startProgram } from '@farandole/e2e/process';

/** Runs a command of the server's CLI while the server runs, and parses the JSON that it prints. */
export async function runCli(dataDir: string, ...args: readonly string[]): Promise<unknown> {
  const path = join(ROOT, 'apps/server/src/cli/main.ts');
  const program = startProgram(process.execPath, [path, ...args, '--json'], {
    FARANDOLE_DATA_DIR: dataDir,
  });
  // The pattern matches the closing bracket only at the end of a line, where the JSON ends.
  const [text] = await program.printed(/^(?:\{[^]*^\}|\[[^]*^\]|\[\]|\{\})$/m);
  await program.stop();
  return JSON.parse(text);
}
