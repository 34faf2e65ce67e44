import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CHAOS_BUGS } from '../src/cluster/chaos/planted-bugs.ts';

/** The command `npm run cluster`, which builds the page if it has changed. */
const COMMAND = join(import.meta.dirname, '..', '..', '..', 'scripts', 'cluster.mjs');

/** The fault that shows each planted bug. */
const FAULT_OF: Readonly<Record<string, string>> = {
  'a node forgets users who wait for a restore': 'kill-home',
  "a fenced node ends the sessions of other nodes' sockets": 'valkey-kill',
  'a node keeps no frame for a page without a socket': 'valkey-kill',
  'a new owner of the pool gets no earlier searches': 'kill-owner',
  'a node acknowledges reports before the store has them': 'pg-restart',
};

interface Verdict {
  readonly held: boolean;
  readonly checked: { readonly violations: Readonly<Record<string, number>> };
}

async function runWith(bug: string, fault: string, out: string): Promise<Verdict> {
  const args = ['chaos', '--fault', fault, '--rounds', '2', '--people', '60', '--seed', '1'];
  return await new Promise((resolve, reject) => {
    const all = [COMMAND, ...args, '--out', out, '--bug', bug];
    execFile(process.execPath, all, { maxBuffer: 1e8 }, (_failure, stdout, stderr) => {
      const last = stdout.trimEnd().split('\n').at(-1) ?? '';
      if (last.startsWith('{')) resolve(JSON.parse(last) as Verdict);
      else reject(new Error(`no verdict: ${stderr}`));
    });
  });
}

for (const { name, caughtBy } of CHAOS_BUGS) {
  test(`finds the planted bug: ${name}`, async (t) => {
    const out = await mkdtemp(join(tmpdir(), 'farandole-planted-'));
    t.after(() => rm(out, { recursive: true, force: true }));
    const fault = FAULT_OF[name] ?? assert.fail('no fault shows this bug');
    const { held, checked } = await runWith(name, fault, out);
    assert.equal(held, false);
    const found = caughtBy.filter((rule) => (checked.violations[rule] ?? 0) > 0);
    assert.notEqual(found.length, 0, JSON.stringify(checked.violations));
  });
}
