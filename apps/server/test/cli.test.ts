import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask } from '@farandole/e2e/http';
import { readArguments } from '../src/cli/arguments.ts';
import { runCli } from '../src/cli/cli.ts';
import { printable } from '../src/cli/printable.ts';
import { systemClock } from '../src/node/system-clock.ts';
import { report } from './support/meeting.ts';
import { SoftPasskey } from './support/soft-passkey.ts';
import { TestPage } from './support/test-page.ts';
import { startSharedServer, temporaryFolder } from './support/test-server.ts';

interface Ran {
  readonly code: number;
  readonly said: string;
}

async function cli(dataDir: string, ...args: readonly string[]): Promise<Ran> {
  let said = '';
  const code = await runCli(args, { FARANDOLE_DATA_DIR: dataDir }, systemClock.wallMs(), (text) => {
    said += `${text}\n`;
  });
  return { code, said };
}

async function told(dataDir: string, ...args: readonly string[]): Promise<unknown> {
  const { code, said } = await cli(dataDir, ...args, '--json');
  assert.equal(code, 0, said);
  return JSON.parse(said);
}

test('decides a report by command line while the server runs', async (t) => {
  const { port, dataDir } = await startSharedServer(t);
  const mallory = new TestPage(t, port);
  const victim = new TestPage(t, port);
  await report(mallory, victim, { reason: 'hate', note: 'red: \u001b[31m' });

  await told(dataDir, 'user', 'add', 'Ana', '--role', 'moderator');
  assert.match((await cli(dataDir, 'user', 'add', 'Ana', '--role', 'senior')).said, /already/);
  const [queued] = (await told(dataDir, 'case', 'list', '--as', 'Ana')) as [{ of: { id: string } }];
  const { id } = queued.of;
  const shown = await cli(dataDir, 'case', 'show', id, '--as', 'Ana', '--json');
  // The command removes control characters from the reporter's note (MO-5).
  assert.match(shown.said, /"note": "red: \[31m"/);
  const decide = ['case', 'decide', id, 'suspend-1h', '--reason', 'hate', '--as', 'Ana'];
  const decided = (await told(dataDir, ...decide)) as { sanctions: readonly { id: string }[] };
  assert.equal(decided.sanctions.length, 2);
  assert.equal((await mallory.untilClosed()).reason, 'sanctioned');
  const said = 'Refused: The case has changed, so this is no longer possible. (not-now)\n';
  assert.deepEqual(await cli(dataDir, ...decide), { code: 1, said });
  for (const sanction of decided.sanctions) await told(dataDir, 'sanction', 'lift', sanction.id);
  const days = ['--from', '2020-01-01', '--until', '2099-12-31'];
  const published = join(dataDir, 'published');
  const wrote = (await told(dataDir, 'transparency', published, ...days)) as { files: string[] };
  assert.deepEqual((await readdir(published)).toSorted(), wrote.files.toSorted());
  const statements = await readFile(join(published, 'statements.ndjson'), 'utf8');
  assert.match(statements, /"measure":"suspend-1h"/);
  assert.match((await cli(dataDir, 'transparency', published, ...days)).said, /cannot be written/);
  assert.match((await cli(dataDir, 'transparency', published)).said, /--from and --until/);
  const { ok } = (await told(dataDir, 'audit', 'verify')) as { ok: boolean };
  assert.equal(ok, true);
});

test('[MO-101] signs a member in by a printed link, and out again', async (t) => {
  const server = await startSharedServer(t);
  const { dataDir, port } = server;
  const [origin = ''] = server.origins;
  const passkey = new SoftPasskey(origin);
  const post = async (path: string, body: unknown, cookie = '') => {
    const headers = { Origin: origin, 'Content-Type': 'application/json', Cookie: cookie };
    const answer = await ask({
      port,
      path: `/console/api${path}`,
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    const cookies = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]);
    return { status: answer.status, body: answer.json(), cookie: cookies.join('; ') };
  };
  assert.match((await cli(dataDir, 'user', 'passkey-link', 'Ana')).said, /no member named Ana/);
  await told(dataDir, 'user', 'add', 'Ana', '--role', 'moderator');
  const given = (await told(dataDir, 'user', 'passkey-link', 'Ana')) as { link: string };
  const [, token] = /#link=([A-Za-z0-9_-]{43})$/.exec(given.link) ?? [];
  const options = await post('/link/passkey-options', { token });
  const credential = passkey.create(options.body);
  const input = { token, label: 'A key', credential };
  const came = await post('/link/passkey', input, options.cookie);
  assert.equal(came.status, 200);
  const own = { port, path: '/console/api/security', headers: { Cookie: came.cookie } };
  assert.equal((await ask(own)).status, 200);
  await told(dataDir, 'user', 'disable', 'Ana');
  assert.equal((await ask(own)).status, 401, 'by another process, and at once');
});

test('rejects invalid commands without side effects', async (t) => {
  const dataDir = await temporaryFolder(t);
  for (const [args, pattern] of [
    [[], /^Usage/],
    [['case', 'forget'], /^There is no command case forget\./],
    [['user', 'add', '--colour', 'red'], /Unknown option/],
    [['user', 'list'], /no server has run/],
  ] as const) {
    const { code, said } = await cli(dataDir, ...args);
    assert.equal(code, 1);
    assert.match(said, pattern);
  }
  assert.equal((await cli(dataDir, '--help')).code, 0);
  // One id in 64 begins with a dash. The command line must not read such an id as an option.
  const lift = await cli(dataDir, 'sanction', 'lift', '-forAll22characters_-x');
  assert.match(lift.said, /no server has run/);
  await writeFile(join(dataDir, 'keys.json'), '{}', { mode: 0o600 });
  assert.match((await cli(dataDir, 'user', 'list')).said, /keys\.json/);
});

test('reads an id that begins with a dash as an argument', () => {
  const receipt = `-keyId_.${'Ab-_'.repeat(40)}`;
  for (const dashes of ['-', '--']) {
    // These lengths are those of an id, a decision's code and a subject.
    for (const length of [22, 38, 43]) {
      const ours = dashes.padEnd(length, 'aZ_09-');
      const read = readArguments(['export', ours, '--code', ours, '\\word', `--code=${ours}`]);
      assert.equal(read.values.code, ours);
      assert.deepEqual(read.positionals, ['export', ours, '\\word']);
      assert.equal(readArguments(['export', '--session', ours]).values.session, ours);
    }
  }
  assert.equal(readArguments(['erase', '--session', receipt]).values.session, receipt);
  assert.equal(readArguments(['erase', `--session=${receipt}`]).values.session, receipt);
});

test('rejects unknown options of any length', () => {
  for (const option of [
    '--colour',
    '--colour-of-the-room-they-met-in',
    '--without-asking=x',
    '-x',
  ]) {
    assert.throws(() => readArguments(['erase', option]), /Unknown option/);
  }
});

test('escapes control characters of user text for terminals', () => {
  const text = printable({ note: 'a\u001b[2Jb\u009bc\u202ed\u2028e\n👋é' });
  assert.equal(text, '{\n  "note": "a\\u001b[2Jb\\u{9b}c\\u{202e}d\\u{2028}e\\n👋é"\n}');
});
