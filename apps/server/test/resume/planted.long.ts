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
/** The same of what people do beside talking, at places that chance names. */
const ERRANDS = ['--errands', '--cycles', '400', ...RUN.slice(1)];
/** A bug may well be an endless loop, which nothing else would end. */
const STUCK_AFTER_MS = 3 * 60_000;

type Verdict = Readonly<Record<'cycles' | (typeof SYMPTOMS)[number], number>>;

/** A run of its own process, since a bug is planted in the code as it is loaded. */
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

describe('[PR-52] planted bugs of a resume', { concurrency: 2 }, () => {
  for (const { name, caughtBy } of RESUME_BUGS) {
    it(`the cut at every byte notices when ${name}`, async () => {
      const verdict = await runWith(name);
      const seen = SYMPTOMS.filter((symptom) => caughtBy.includes(symptom) && verdict[symptom] > 0);
      assert.notEqual(seen.length, 0, `not noticed as meant: ${JSON.stringify(verdict)}`);
    });
  }

  it('errands notice what is said again as something new, and what is not kept', async () => {
    const [again, unkept] = await Promise.all([
      runWith('the page says again, as something new, what it kept', ERRANDS),
      runWith('the page keeps nothing that it says without a socket', ERRANDS),
    ]);
    assert.ok(again.doubled + again.failed > 0, JSON.stringify(again));
    assert.ok(unkept.lost + unkept.failed > 0, JSON.stringify(unkept));
  });
});
