import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { MUTANTS } from './mutants.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
/** Enough for each planted bug to show; most do within a hundred sessions. */
const RUN = ['--seed', '1', '--sessions', '2400', '--people', '60'];

/** A planted bug may well be an endless loop, and is then noticed by nothing else. */
const STUCK_AFTER_MS = 5 * 60_000;

interface Verdict {
  readonly violated: string | null;
  readonly sessions: number;
}

/** A run of its own process, since a bug is planted in the code as it is loaded. */
function simulateWith(name: string): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [MAIN, ...RUN, '--mutant', name],
      { maxBuffer: 64 * 1024 * 1024, timeout: STUCK_AFTER_MS },
      (_failure, stdout, stderr) => {
        const last = stdout.trimEnd().split('\n').at(-1) ?? '';
        if (last.startsWith('{')) resolve(JSON.parse(last) as Verdict);
        else reject(new Error(`no verdict: ${stderr}`));
      },
    );
  });
}

describe('planted bugs', { concurrency: 2 }, () => {
  for (const { name, killedBy } of MUTANTS) {
    it(`${killedBy[0]} notices when ${name}`, async () => {
      const { violated, sessions } = await simulateWith(name);
      assert.ok(violated !== null, `not noticed in ${sessions} sessions`);
      assert.ok((killedBy as readonly string[]).includes(violated), `${violated} noticed it first`);
    });
  }

  it('each has a name of its own, and there are enough of them', () => {
    assert.equal(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length);
    assert.ok(MUTANTS.length >= 10);
  });
});
