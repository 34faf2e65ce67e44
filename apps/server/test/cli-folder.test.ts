import assert from 'node:assert/strict';
import { appendFile, chmod, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, type TestContext, test } from 'node:test';
import { CASE_KEPT_MS } from '@farandole/moderation/limits';
import { LANGUAGES } from '@farandole/ui/locales';
import { readKeys } from '../src/keys/keys.ts';
import { AuditWitness, parseSigned } from '../src/store/audit-witness.ts';
import { CommandLine } from './support/command-line.ts';
import { RunEnds } from './support/ends.ts';
import { report } from './support/meeting.ts';
import { TestPage } from './support/test-page.ts';
import { startSharedServer, temporaryFolder } from './support/test-server.ts';

const ends = new RunEnds();
/** Data folder of a server that got a report and was closed. It has no member. */
let template = '';

before(async () => {
  const server = await startSharedServer(ends);
  const pages = [new TestPage(ends, server.port), new TestPage(ends, server.port)] as const;
  await report(...pages, { reason: 'hate', note: 'canary-note' });
  await server.close();
  template = server.dataDir;
});
after(() => ends.end());

async function closedFolder(t: TestContext): Promise<string> {
  const copy = join(await temporaryFolder(t), 'data');
  await cp(template, copy, { recursive: true });
  return copy;
}

/** Adds the moderator Ana to a data folder with a report. */
async function reportedFolder(t: TestContext): Promise<string> {
  const dataDir = await closedFolder(t);
  await new CommandLine(dataDir).says('user', 'add', 'Ana', '--role', 'moderator');
  return dataDir;
}

const digestIn = (said: string): string => /digest ([0-9a-f]{64})/.exec(said)?.[1] ?? said;

test('[ST-30] restores a backup made while the server ran', async (t) => {
  const server = await startSharedServer(t, { dataDir: await reportedFolder(t) });
  const line = new CommandLine(server.dataDir);
  const to = join(await temporaryFolder(t), 'backup');
  const whileRunning = await line.says('backup', to);
  assert.match(
    whileRunning,
    /also in cases that may involve a minor.*Protect it like the data folder/,
  );
  for (const name of await readdir(to)) {
    assert.ok(!(await readFile(join(to, name), 'utf8')).includes('canary'), name);
  }
  assert.match(await line.refuses('backup', to), /isn.t empty/);
  assert.match(await line.refuses('restore', to), /uses the data folder/);
  await server.close();
  assert.match(await line.refuses('restore', to), /is not empty/);
  const checkpoint = join(server.dataDir, 'audit-checkpoint.json');
  const kept = await readFile(checkpoint, 'utf8');

  const later = join(await temporaryFolder(t), 'later');
  const digest = digestIn(await line.says('backup', later));
  await rm(server.dataDir, { recursive: true });
  assert.equal(digestIn(await line.says('restore', later)), digest);
  assert.equal(await readFile(checkpoint, 'utf8'), kept, 'it is known how far the audit was');
  assert.equal(digestIn(await line.says('backup', join(later, 'again'))), digest);
  const second = await startSharedServer(t, { dataDir: server.dataDir });
  const [queued] = (await line.tells('case', 'list', '--as', 'Ana')) as [{ of: { id: string } }];
  assert.match(await line.says('case', 'show', queued.of.id, '--as', 'Ana'), /canary-note/);
  await second.close();

  // The restored audit is valid, and the folder's checkpoint is later than the one saved before.
  assert.match(await line.says('audit', 'verify'), /^ok: yes$/m);
  const seqIn = (text: string): number => (JSON.parse(text) as { readonly seq: number }).seq;
  assert.ok(seqIn(await readFile(checkpoint, 'utf8')) > seqIn(kept));
  const witness = join(await temporaryFolder(t), 'witness.json');
  await writeFile(witness, await line.says('audit', 'checkpoint'));
  const against = ['audit', 'verify', '--against', witness] as const;
  await line.says('user', 'add', 'Ben', '--role', 'auditor');
  assert.match(await line.says(...against), /^ok: yes$/m);
  const whole = await readFile(witness, 'utf8');
  const said = parseSigned(whole);
  const { subject } = await readKeys(server.dataDir);
  assert.ok(said !== null);
  const long = new AuditWitness(subject).sign(said, line.nowMs() - CASE_KEPT_MS);
  await writeFile(witness, JSON.stringify(long));
  assert.match(await line.refuses(...against), /there is nothing to compare it with/);
  const changed = whole.replace(/"hash": "./, (start) =>
    start.endsWith('0') ? '"hash": "1' : '"hash": "0',
  );
  await writeFile(witness, changed);
  assert.match(await line.refuses(...against), /isn't signed with this server's key/);
  await writeFile(witness, '{}');
  assert.match(await line.refuses(...against), /isn't the output of audit checkpoint/);
  await writeFile(witness, whole);
  for (const name of ['store.sqlite', 'store.sqlite-committed']) {
    await rm(join(server.dataDir, name));
  }
  await line.says('user', 'add', 'Ana', '--role', 'moderator');
  assert.match(await line.refuses('audit', 'verify'), /Row 2 of the audit/);
  assert.match(await line.refuses('doctor'), /^fail +audit .*row 2 /m);
  assert.match(await line.refuses('audit', 'checkpoint'), /continue its last checkpoint/);
  await writeFile(checkpoint, 'nonsense');
  assert.match(await line.refuses('audit', 'verify'), /audit-checkpoint\.json is damaged/);
  // An attacker with access to the folder can also delete its checkpoint, but not the witness's
  // copy.
  await rm(checkpoint);
  assert.match(await line.says('audit', 'verify'), /^ok: yes$/m);
  assert.match(await line.refuses(...against), /Row \d+ of the audit/);
});

test('[ST-31] refuses a damaged backup and leaves nothing behind', async (t) => {
  const to = join(await temporaryFolder(t), 'backup');
  await new CommandLine(await reportedFolder(t)).says('backup', to);
  const empty = await temporaryFolder(t);
  const line = new CommandLine(empty);
  assert.match(await line.refuses('restore', empty), /is no backup/);
  assert.match(await line.refuses('restore'), /Give the folder of a backup/);
  for (const name of ['keys.json', 'store.jsonl', 'backup.json']) {
    const path = join(to, name);
    const whole = await readFile(path);
    await appendFile(path, name === 'backup.json' ? 'x' : ' ');
    assert.match(await line.refuses('restore', to), /is damaged/);
    await rm(path);
    assert.match(await line.refuses('restore', to), /cannot be read/);
    await writeFile(path, whole);
  }
  assert.deepEqual(await readdir(empty), []);
  assert.match(await new CommandLine(join(to, 'keys.json')).refuses('restore', to), /not a folder/);
  await line.says('restore', to);
});

test('`doctor` prints each check and its remedy', async (t) => {
  const dataDir = await reportedFolder(t);
  const line = new CommandLine(dataDir);
  await chmod(dataDir, 0o700);
  const well = await line.says('doctor');
  for (const about of ['settings', 'folder', 'disk', 'files', 'keys', 'clock', 'schema', 'audit']) {
    assert.match(well, new RegExp(`^ok +${about} `, 'm'));
  }
  assert.match(well, /^warn +relay +none is set/m);
  const unreviewed = Object.keys(LANGUAGES).filter((tag) => LANGUAGES[tag]?.unreviewed);
  assert.ok(unreviewed.includes('es') && !unreviewed.includes('en'));
  assert.match(well, new RegExp(`^warn +languages .* in ${unreviewed.join(', ')}\\.`, 'm'));
  await chmod(dataDir, 0o755);
  assert.match(await line.says('doctor'), /^warn +folder .*chmod 700/m);
  await chmod(join(dataDir, 'store.sqlite'), 0o644);
  assert.match(await line.says('doctor'), /^warn +files .*chmod 600 .*store\.sqlite/m);
  line.nowMs = () => 1_000_000_000_000;
  assert.match(await line.refuses('doctor'), /^fail +clock .*2001-09-09.*NTP/m);
  line.nowMs = () => Date.UTC(2025, 5, 1);
  assert.match(await line.says('doctor'), /^warn +clock .*something here was written at/m);
  line.nowMs = () => Date.now();

  const store = new DatabaseSync(join(dataDir, 'store.sqlite'));
  store.exec(`update audit set action = 'other' where seq = 2`);
  assert.match(await line.refuses('doctor'), /^fail +audit .*row 2 /m);
  assert.match(await line.refuses('audit', 'verify'), /Row 2 of the audit/);
  store.exec(`insert into kysely_migration values ('9999-later', '2100-01-01')`);
  store.close();
  assert.match(await line.refuses('doctor'), /^fail +schema .*9999-later/m);
  assert.match(await line.refuses('migrate'), /9999-later/);

  await chmod(join(dataDir, 'keys.json'), 0o640);
  assert.match(await line.refuses('doctor'), /^fail +keys .*chmod 600/m);
  const relay = {
    FARANDOLE_TURN_URLS: 'turn:no-such-name.invalid',
    FARANDOLE_TURN_SECRET: 'x'.repeat(40),
  };
  const other = new CommandLine(dataDir, relay);
  assert.match(await other.refuses('doctor'), /^fail +relay .*no-such-name\.invalid/m);
  const nowhere = new CommandLine(join(dataDir, 'nowhere'));
  assert.match(await nowhere.refuses('doctor'), /^fail +folder .*ENOENT/m);
});

test('`doctor` warns if no active member may open child-safety cases', async (t) => {
  const line = new CommandLine(await closedFolder(t));
  const nobody =
    /^warn +members +no member may open .*user add NAME --role child-safety .* under Members$/m;
  assert.match(await line.says('doctor'), nobody, 'there is no member yet');
  // The first member also gets the role that may open child-safety cases.
  await line.says('user', 'add', 'Ana', '--role', 'senior', '--role', 'admin');
  assert.match(await line.says('doctor'), /^ok +members +1 may open cases/m);
  await line.says('user', 'add', 'Ben', '--role', 'moderator');
  await line.says('user', 'disable', 'Ana');
  assert.match(await line.says('doctor'), nobody);
  await line.says('user', 'add', 'Mia', '--role', 'child-safety');
  assert.match(await line.says('doctor'), /^ok +members +1 may open cases/m);
  await line.says('user', 'disable', 'Mia');
  assert.match(await line.says('doctor'), nobody);
});

test('`migrate` upgrades a store only once', async (t) => {
  const dataDir = await closedFolder(t);
  for (const name of ['store.sqlite', 'store.sqlite-committed']) await rm(join(dataDir, name));
  const line = new CommandLine(dataDir);
  assert.match(await line.says('doctor'), /^warn +schema .*no store yet/m);
  const first = (await line.tells('migrate')) as { before: unknown[]; done: unknown[] };
  assert.deepEqual(first.before, []);
  assert.ok(first.done.length > 0);
  assert.deepEqual(await line.tells('migrate'), { before: first.done, done: [], backup: null });
  await mkdir(join(dataDir, 'never-used'));
  assert.match(await new CommandLine(join(dataDir, 'never-used')).refuses('migrate'), /no server/);
});
