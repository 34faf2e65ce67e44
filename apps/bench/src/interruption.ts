import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Whatever ends the run, short of SIGKILL, ends its programs and removes what they left for a
 * while. A signal would end us without our `exit` listeners, one of which ends the programs; and
 * no program of ours may outlive us to remove its own folder, so all of them are in one.
 */
export function endProgramsWithUs(): void {
  const folder = mkdtempSync(join(tmpdir(), 'farandole-run-'));
  // Here, and in every program that is started from here.
  process.env['TMPDIR'] = folder;
  process.once('exit', () => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // A program that is just being killed wrote into it: what is left is in the folder of the
      // system for such things.
    }
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
