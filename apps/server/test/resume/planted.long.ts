import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { RESUME_BUGS, SYMPTOMS } from './resume-bugs.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const RUN = [
  '--every-byte',
  '--until-fault',
  '--parallel',
  '8',
  '--patience-s',
  '8',
  '--seed',
  '7',
];
/** Command-line arguments of a run with call steps and cuts at random positions. */
const ERRANDS = ['--errands', '--cycles', '400', ...RUN.slice(1)];
/** Time in ms after which a run is killed, because the bug may cause an endless loop. */
const STUCK_AFTER_MS = 3 * 60_000;

type Verdict = Readonly<Record<'cycles' | (typeof SYMPTOMS)[number], number>>;

/** Each run is a separate process, because a bug can only be planted while the code loads. */
function runWith(name: string, run: readonly string[] = RUN): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [MAIN, ...run, '--bug', name],
      { timeout: STUCK_AFTER_MS },
      (_failure, stdout, stderr) => {
        const last = stdout.trimEnd().split('\n').at(-1) ?? '';
        if (last.startsWith('{')) resolve(JSON.parse(last) as Verdict);
        else reject(new Error(`no verdict: ${stderr}`));
      },
    );
  });
}

describe('[PR-52] detects planted resume bugs', { concurrency: 2 }, () => {
  for (const { name, caughtBy } of RESUME_BUGS) {
    it(`detects the planted bug ${name} by cutting the connection at every byte`, async () => {
      const verdict = await runWith(name);
      const seen = SYMPTOMS.filter((symptom) => caughtBy.includes(symptom) && verdict[symptom] > 0);
      assert.notEqual(seen.length, 0, `not noticed as meant: ${JSON.stringify(verdict)}`);
    });
  }

  it('detects planted bugs that repeat or lose call steps', async () => {
    const [again, unkept] = await Promise.all([
      runWith('the page says again, as something new, what it kept', ERRANDS),
      runWith('the page keeps nothing that it says without a socket', ERRANDS),
    ]);
    assert.ok(again.doubled + again.failed > 0, JSON.stringify(again));
    assert.ok(unkept.lost + unkept.failed > 0, JSON.stringify(unkept));
  });
});
