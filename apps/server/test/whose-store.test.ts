import assert from 'node:assert/strict';
import { copyFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { startPostgres } from '@farandole/storage/test/postgres';
import { KEYS_FILE } from '../src/keys/keys.ts';
import { STORE_FILE } from '../src/store/open-store.ts';
import { CommandLine, type Ran } from './support/command-line.ts';
import { type MainProcess, startMain } from './support/main-process.ts';
import { OLD_KEYS } from './support/old-keys.ts';
import { builtPage, temporaryFolder } from './support/test-server.ts';

const postgres = await startPostgres();
after(() => postgres.stop());

type Env = Readonly<Record<string, string>>;

/** Runs a command in this process, because a separate process takes much longer. */
function runCommand(env: Env, ...command: readonly string[]): Promise<Ran> {
  return new CommandLine(env['FARANDOLE_DATA_DIR'] ?? '', env).run(...command);
}

async function start(t: TestContext, env: Env): Promise<MainProcess> {
  return startMain(t, ['--pages', await builtPage(t)], { PORT: '0', ...env });
}

async function serving(t: TestContext, env: Env): Promise<MainProcess> {
  const program = await start(t, env);
  await program.printed(/^Farandole is at/m);
  return program;
}

async function refuses(t: TestContext, env: Env, reason: RegExp): Promise<void> {
  const program = await start(t, env);
  assert.equal(await program.ended, 1, program.stdout());
  assert.match(program.stderr(), reason);
  assert.doesNotMatch(program.stderr(), /\bat .*:\d+:\d+/, 'no stack');
}

/** Every kind of command: on the store, on the folder, and on the keys. */
const COMMANDS: readonly (readonly string[])[] = [
  ['user', 'list'],
  ['user', 'add', 'Eve', '--role', 'moderator'],
  ['audit', 'verify'],
  ['migrate'],
  ['keys', 'rotate'],
  ['doctor'],
];

async function commandsRefuse(t: TestContext, env: Env, reason: RegExp): Promise<void> {
  const to = join(await temporaryFolder(t), 'backup');
  for (const command of [...COMMANDS, ['backup', to]]) {
    const { code, said } = await runCommand(env, ...command);
    assert.equal(code, 1, `${command.join(' ')}: ${said}`);
    assert.match(said, reason, command.join(' '));
  }
  assert.deepEqual(await readdir(to).catch(() => []), []);
}

async function says(env: Env, ...command: readonly string[]): Promise<string> {
  const { code, said } = await runCommand(env, ...command);
  assert.equal(code, 0, said);
  return said;
}

/** Returns the number of the audit's last row. The audit must verify. */
async function wholeAudit(env: Env): Promise<number> {
  const said = await says(env, 'audit', 'verify', '--json');
  const { ok, head } = JSON.parse(said) as { readonly ok: boolean; readonly head: number };
  assert.equal(ok, true);
  return head;
}

test('[ST-50, ST-51] refuses lost keys and other keys at a used PostgreSQL; its audit stays whole', async (t) => {
  const database = { FARANDOLE_DATABASE_URL: await postgres.createDatabase() };
  const [first, lost, second, shared] = [
    await temporaryFolder(t),
    await temporaryFolder(t),
    await temporaryFolder(t),
    await temporaryFolder(t),
  ];
  const env = (dataDir: string): Env => ({ FARANDOLE_DATA_DIR: dataDir, ...database });
  // A new database needs keys that the operator made, because only they know of other nodes.
  await refuses(t, env(first), /^There is no .*keys\.json\. For a new installation, .*keys init/);
  assert.match(await says(env(first), 'keys', 'init'), /keys\.json has the keys\. Back it up/);
  assert.equal((await stat(join(first, KEYS_FILE))).mode & 0o777, 0o600);
  const node = await serving(t, env(first));
  await says(env(first), 'user', 'add', 'Ana', '--role', 'moderator');
  const head = await wholeAudit(env(first));
  assert.ok(head > 0);

  await refuses(
    t,
    env(lost),
    /^The database .* is in use, and its keys file .* is missing\. Restore it from a backup, or copy it/,
  );
  const noKeys = await runCommand(env(lost), 'user', 'list');
  assert.equal(noKeys.code, 1);
  assert.match(noKeys.said, /There is no .*keys\.json.*FARANDOLE_KEYS_FILE/);

  const other =
    /The database of FARANDOLE_DATABASE_URL belongs to other keys than those of .*FARANDOLE_KEYS_FILE.*copy it from the other node, or restore it/;
  await says(env(second), 'keys', 'init');
  await refuses(t, env(second), other);
  await commandsRefuse(t, env(second), other);
  // Also without the fingerprint, as version 0.1.0 left a database.
  await postgres.query(database.FARANDOLE_DATABASE_URL, 'delete from server_keys');
  await refuses(t, env(second), other);
  await commandsRefuse(t, env(second), other);

  // Another node with the same keys works beside the first.
  const keys = { FARANDOLE_KEYS_FILE: join(first, KEYS_FILE) };
  const beside = await serving(t, { ...env(shared), ...keys });
  await says({ ...env(shared), ...keys }, 'user', 'add', 'Ben', '--role', 'moderator');
  assert.equal(await wholeAudit(env(first)), head + 1);
  for (const { child, ended } of [node, beside]) {
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
  }
  await refuses(t, env(second), other);
});

test('[ST-51] refuses other keys in the folder of a SQLite store; its audit stays whole', async (t) => {
  const dataDir = await temporaryFolder(t);
  const env = { FARANDOLE_DATA_DIR: dataDir };
  const node = await serving(t, env);
  await says(env, 'user', 'add', 'Ana', '--role', 'moderator');
  const head = await wholeAudit(env);
  node.child.kill('SIGTERM');
  assert.equal(await node.ended, 0);
  const path = join(dataDir, KEYS_FILE);
  const [kept, others] = [join(dataDir, 'kept'), join(await temporaryFolder(t), 'others')];
  await copyFile(path, kept);
  await says({ FARANDOLE_DATA_DIR: await temporaryFolder(t) }, 'keys', 'init', '--file', others);
  await copyFile(others, path);
  const reason = /store\.sqlite belongs to other keys than those of .*restore it from a backup/;
  await refuses(t, env, reason);
  await commandsRefuse(t, env, reason);
  await rm(path);
  const missing = /keys\.json is missing, and store\.sqlite can't be used without it\. Restore it/;
  await refuses(t, env, missing);
  assert.match((await runCommand(env, 'keys', 'init')).said, missing);
  await copyFile(kept, path);
  assert.equal(await wholeAudit(env), head);
  await serving(t, env);
});

test('[ST-54] refuses a second node on one folder; the command line works beside a node', async (t) => {
  const dataDir = await temporaryFolder(t);
  const env = { FARANDOLE_DATA_DIR: dataDir };
  const node = await serving(t, env);
  const reason = /^Another server uses the data folder .*Stop it first/;
  await refuses(t, env, reason);
  await says(env, 'user', 'add', 'Ana', '--role', 'moderator');
  await says(env, 'keys', 'rotate');
  await says(env, 'backup', join(await temporaryFolder(t), 'backup'));
  // The attempts and commands haven't released the lock of the running node.
  await refuses(t, env, reason);
  node.child.kill('SIGSTOP');
  await refuses(t, env, reason);
  node.child.kill('SIGKILL');
  assert.equal(await node.ended, 'SIGKILL');
  await serving(t, env);
  await wholeAudit(env);
});

test('[ST-53] starts in a folder of version 0.1.0, whose keys move once', async (t) => {
  const dataDir = await temporaryFolder(t);
  const env = { FARANDOLE_DATA_DIR: dataDir };
  const path = join(dataDir, KEYS_FILE);
  await writeFile(path, JSON.stringify(OLD_KEYS), { mode: 0o600 });
  assert.match((await runCommand(env, 'keys', 'rotate')).said, /earlier version\. Start a server/);
  const node = await serving(t, { ...env });
  await says(env, 'user', 'add', 'Ana', '--role', 'moderator');
  await wholeAudit(env);
  node.child.kill('SIGKILL');
  await node.ended;
  await serving(t, env);
  await says(env, 'keys', 'rotate');
  assert.ok((await stat(join(dataDir, STORE_FILE))).size > 0);
});
