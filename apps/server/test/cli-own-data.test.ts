import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId } from '@farandole/kernel/id';
import type { DecisionId } from '@farandole/moderation/ids';
import { readKeys } from '../src/keys/keys.ts';
import { NodeSigner } from '../src/keys/signer.ts';
import { openStore } from '../src/store/open-store.ts';
import { CommandLine } from './support/command-line.ts';
import { meet } from './support/meeting.ts';
import { inCall, TestPage } from './support/test-page.ts';
import { startSharedServer } from './support/test-server.ts';

interface Decided {
  readonly decision: { readonly id: string; readonly subject: string };
  readonly sanctions: readonly { readonly on: { readonly scope: string } }[];
}

async function until(say: () => Promise<string>, what: RegExp): Promise<string> {
  for (;;) {
    const said = await say();
    if (what.test(said)) return said;
  }
}

test('[ST-14, MO-79] exports and erases user data by session, decision code or outcome token', async (t) => {
  const server = await startSharedServer(t);
  const line = new CommandLine(server.dataDir);
  const mallory = new TestPage(t, server.port);
  const victim = new TestPage(t, server.port);
  await mallory.arrive();
  const { receipt: session } = await victim.arrive();
  const [ofMallory, found] = await meet(mallory, victim);
  mallory.say('chat.send', { ...inCall(ofMallory), id: 'line-of-mallory', text: 'what was said' });
  const { line: said } = await victim.next('chat.line');
  const report = { id: 'a-report', receipt: found.receipt, reason: 'hate', note: 'what was meant' };
  victim.say('report.create', { ...report, reason: 'hate', lines: [said] });
  const { code, outcome: proof } = await victim.next('report.accepted');

  await line.says('user', 'add', 'Ana', '--role', 'moderator');
  await line.says('user', 'add', 'Ben', '--role', 'moderator');
  const [queued] = (await line.tells('case', 'list', '--as', 'Ana')) as [
    { of: { id: string; subject: string } },
  ];
  const { subject } = queued.of;

  // Pairs reach the store with a delay, so the test waits until the export contains them.
  const byCode = await until(() => line.says('export', '--code', proof), /"mode": "/);
  assert.match(byCode, /what was meant/);
  assert.match(byCode, /what was said/);
  assert.ok(!byCode.includes(subject), 'nobody learns who the other was');
  assert.equal(await line.says('export', '--session', session), byCode);
  // The command refuses ids that members know, because such an id doesn't prove who the user is.
  for (const known of ['XXXX-XXXX', code, `${code}.${'x'.repeat(43)}`, queued.of.id]) {
    assert.match(await line.refuses('export', '--code', known), /no proof of a stored report/);
  }
  assert.match(await line.refuses('export', '--session', 'forged'), /from this server/);
  assert.match(await line.refuses('export'), /Give a subject/);
  assert.match(await line.refuses('export', 'a b'), /isn't a subject/);

  const erased = { reports: 0, appeals: 0, person: false, later: false, undecided: 1, needed: 0 };
  assert.deepEqual(await line.tells('erase', '--code', proof), erased);
  const decide = ['case', 'decide', queued.of.id, 'suspend-1h', '--reason', 'hate', '--as', 'Ana'];
  const { decision } = (await line.tells(...decide)) as Decided;
  // Erasure keeps this text, because the reviewer of an appeal needs the decision's context.
  const kept = (await line.tells('erase', '--session', session)) as { readonly needed: number };
  assert.equal(kept.needed, 1);
  assert.match(await line.says('export', '--code', proof), /what was meant/);

  // The code of a decision identifies the accused.
  const ring = await readKeys(server.dataDir);
  const appealCode = new NodeSigner(() => ring).appealCode(brandId<DecisionId>(decision.id));
  assert.match(await line.says('export', '--code', appealCode), /suspend-1h/);
  assert.match(await line.refuses('export', '--code', decision.id), /no proof of a stored report/);
  const store = await openStore({ databaseUrl: null }, server.dataDir, ring, 'here');
  const filed = await store.run('appeal.file', {
    decision: brandId<DecisionId>(decision.id),
    text: 'It was not me.',
    freshAppeal: brandId('appeal-of-mallory'),
    nowMs: line.nowMs(),
  });
  await store.close();
  assert.ok(filed.ok);
  // The member who decided the case sees the appeal but can't answer it.
  assert.match(await line.says('appeal', 'list', '--as', 'Ben'), /appeal-of-mallory/);
  assert.match(await line.refuses('appeal', 'list', '--as', 'Cleo'), /no member named Cleo/);
  const answer = ['appeal', 'decide', 'appeal-of-mallory'];
  assert.match(
    await line.refuses(...answer, 'forgive', '--as', 'Ben'),
    /uphold, shorten, overturn/,
  );
  assert.match(await line.refuses(...answer, 'shorten', '--as', 'Ben'), /--until: a time/);
  assert.match(await line.refuses(...answer, 'overturn', '--as', 'Ana'), /Refused/);
  await line.says(...answer, 'overturn', '--as', 'Ben');
  assert.doesNotMatch(await line.says('export', '--code', proof), /what was/);

  // A user can be sanctioned without a report.
  const add = ['sanction', 'add', subject];
  assert.match(
    await line.refuses(...add, 'warn', '--reason', 'hate', '--as', 'Ben'),
    /isn.t a sanction/,
  );
  assert.match(await line.refuses(...add, 'suspend-1d', '--as', 'Ben'), /--reason/);
  const added = (await line.tells(
    ...[...add, 'suspend-1d', '--reason', 'hate', '--note', 'by letter', '--as', 'Ben'],
  )) as Decided;
  assert.deepEqual(
    added.sanctions.map(({ on }) => on.scope),
    ['subject', 'device'],
  );
  assert.equal((await mallory.untilClosed()).reason, 'sanctioned');
  assert.equal(((await line.tells('audit', 'verify')) as { ok: boolean }).ok, true);

  // Two members on one machine don't count as two people, because the command line authenticates
  // neither of them.
  await line.says('user', 'add', 'Dora', '--role', 'senior');
  await line.says('user', 'add', 'Emil', '--role', 'senior');
  const forGood = ['sanction', 'add', subject, 'suspend-permanently', '--reason', 'hate'];
  const proposed = (await line.tells(...forGood, '--as', 'Dora')) as { readonly approval: string };
  const answerIt = [proposed.approval, '--as', 'Emil'];
  assert.match(await line.refuses('approval', 'give', ...answerIt), /two might be one person/);
  await line.says('approval', 'refuse', ...answerIt);
  const shown = await line.says('case', 'show', queued.of.id, '--as', 'Emil', '--json');
  const byMachine = /"action": "case.decide"[^}]*"via": "operator"/;
  assert.match(shown, byMachine);
  // An erasure request for an unknown id changes nothing.
  await line.says('erase', queued.of.id);
  assert.match(await line.says('case', 'show', queued.of.id, '--as', 'Emil', '--json'), byMachine);
  assert.equal(((await line.tells('audit', 'verify')) as { ok: boolean }).ok, true);
  const after = await openStore({ databaseUrl: null }, server.dataDir, ring, 'here');
  const rows = await after.run('audit.read', { by: null, after: 0 });
  await after.close();
  assert.ok(rows.ok);
  const erasure = rows.value.findLast(({ action }) => action === 'subject.erase');
  assert.deepEqual([erasure?.by, erasure?.details?.['via']], ['operator', 'operator']);
});
