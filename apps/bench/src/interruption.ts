import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Ends all child programs and removes temporary files when the run ends by anything short of
 * SIGKILL. A signal skips our `exit` listeners, so all temporary folders share one parent.
 */
export function endProgramsWithUs(): void {
  const folder = mkdtempSync(join(tmpdir(), 'farandole-run-'));
  process.env['TMPDIR'] = folder;
  process.once('exit', () => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // A program that is still ending may write there after the removal. The operating system
      // cleans its temporary folder anyway.
    }
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
