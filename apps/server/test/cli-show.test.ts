import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { usageOf } from '../src/cli/arguments.ts';
import { show } from '../src/cli/show.ts';
import { VERSION } from '../src/version.ts';
import { CommandLine } from './support/command-line.ts';
import { startSharedServer, temporaryFolder } from './support/test-server.ts';

test('prints a table for people and JSON with ISO times for programs', async (t) => {
  const { dataDir } = await startSharedServer(t);
  const line = new CommandLine(dataDir);
  line.nowMs = () => Date.UTC(2030, 0, 2, 3, 4, 5);
  assert.match(await line.says('user', 'list'), /^There are none\.$/m);
  await line.says('user', 'add', 'Ana', '--role', 'moderator');
  assert.match(
    await line.says('user', 'list'),
    /^NAME +ROLES +ADDED +LEFT\nAna +moderator, child-safety +20\d\d-\d\d-\d\dT[\d:]{8}Z +–\n$/,
  );
  const [member] = (await line.tells('user', 'list')) as [{ at: string; leftAt: null }];
  assert.match(member.at, /^20\d\d-\d\d-\d\dT[\d:]{8}Z$/);
  assert.equal(member.leftAt, null);
  assert.ok(!Object.hasOwn(member, 'atMs'));
});

test('shows a nested value as an outline without control characters', () => {
  const value = {
    id: 'x',
    ok: true,
    note: 'a\u001b[31m\nb',
    of: { endsAtMs: 0 },
    list: [],
    none: null,
  };
  assert.equal(
    show('case show', value, false),
    'id: x\nok: yes\nnote: a\\u{1b}[31m b\nof:\n  endsAt: 1970-01-01T00:00:00Z\nlist: –\nnone: –',
  );
  assert.equal(show('case undo', null, false), 'Done.');
});

test('keeps the times of an export and of a checkpoint as they are', () => {
  for (const command of ['export', 'audit checkpoint']) {
    assert.deepEqual(JSON.parse(show(command, { atMs: 1 }, false)), { atMs: 1 });
    assert.deepEqual(JSON.parse(show(command, { atMs: 1 }, true)), { atMs: 1 });
  }
});

test('prints the usage of one command, and the version', async (t) => {
  const line = new CommandLine(await temporaryFolder(t));
  const decide = await line.says('help', 'case', 'decide');
  assert.match(decide, /^ {2}case decide CASE .*\n +measures: .*\n +reasons: /);
  assert.doesNotMatch(decide, /case undo/);
  assert.equal((await line.says('case', '--help')).match(/^ {2}case /gm)?.length, 4);
  assert.match(await line.says('help'), /^Usage: farandole COMMAND/);
  assert.match(
    await line.refuses('help', 'dance'),
    /^There is no command dance\. "farandole help"/,
  );
  assert.match(await line.refuses('doctr'), /^There is no command doctr\. Did you mean doctor\? /);
  assert.match(await line.refuses('user', 'lst'), /Did you mean user list\?/);
  assert.match(
    await line.refuses('backpu', '/a/folder'),
    /^There is no command backpu .*Did you mean backup\?/,
  );
  assert.equal(usageOf(['doctor'])?.split('\n').length, 1);
  assert.equal(await line.says('--version'), `${VERSION}\n`);
});

test('names the reason of a refused command', async (t) => {
  const { dataDir } = await startSharedServer(t);
  const line = new CommandLine(dataDir);
  await line.says('user', 'add', 'Ana', '--role', 'auditor');
  const refusal = await line.refuses('case', 'show', 'no-such-case', '--as', 'Ana');
  assert.match(refusal, /^Refused: [A-Z].*\. \([a-z-]+\)$/m);
  const misspelt = await line.refuses('user', 'add', 'Ben', '--role', 'admn');
  assert.match(misspelt, /^There is no role admn\. Give --role, one of .*admin/);
});

test('prints the findings of `doctor` as JSON', async (t) => {
  const line = new CommandLine(join(await temporaryFolder(t), 'nowhere'));
  const { code, said } = await line.run('doctor', '--json');
  assert.equal(code, 1);
  const findings = JSON.parse(said) as readonly { about: string; is: string }[];
  assert.ok(findings.some(({ about, is }) => about === 'folder' && is === 'fail'));
});
