import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Ends all child processes and removes temporary files whenever the run ends, except by SIGKILL.
 * All temporary folders share one parent folder, because a signal skips our `exit` listeners.
 */
export function endProgramsWithUs(): void {
  const folder = mkdtempSync(join(tmpdir(), 'farandole-run-'));
  process.env['TMPDIR'] = folder;
  // PostgreSQL refuses to run as root, so as root its folder within belongs to another user.
  chmodSync(folder, 0o711);
  process.once('exit', () => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // A child process that is still ending may write to the folder after its removal. The
      // operating system cleans its temporary folder anyway.
    }
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
