import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { commitsOf } from '@farandole/storage/sqlite/commit-guard';
import { readMark } from '@farandole/storage/sqlite/commit-mark';
import { CHECKPOINT_FILE } from '../src/store/audit-checkpoint.ts';
import { STORE_FILE } from '../src/store/open-store.ts';
import { CommandLine } from './support/command-line.ts';
import { type MainProcess, startMain } from './support/main-process.ts';
import { arriveAndMeet } from './support/meeting.ts';
import { SmallDisk } from './support/small-disk.ts';
import { TestPage } from './support/test-page.ts';
import { builtPage, temporaryFolder } from './support/test-server.ts';

const THREAD_FAULTS = join(import.meta.dirname, 'support', 'ending-thread.ts');
const DEAD_DISK = join(import.meta.dirname, 'support', 'dead-disk.ts');
const CLI = join(import.meta.dirname, '..', 'src', 'cli', 'main.ts');
const STACK = /^\s+at .*:\d+:\d+/m;

interface StartOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly within?: readonly string[];
}

async function start(
  t: TestContext,
  dataDir: string,
  { args = [], env = {}, within = [] }: StartOptions = {},
): Promise<MainProcess> {
  const all = { PORT: '0', FARANDOLE_DATA_DIR: dataDir, FARANDOLE_PROOF_MS: '1', ...env };
  return startMain(t, ['--pages', await builtPage(t), ...args], all, within);
}

async function portOf(program: MainProcess): Promise<number> {
  const [, port] = await program.printed(/^Farandole is at http:\/\/localhost:(\d+)$/m);
  return Number(port);
}

/** Starts the server, expects it to end with one message, and returns the message. */
async function refusal(t: TestContext, dataDir: string, options?: StartOptions): Promise<string> {
  const program = await start(t, dataDir, options);
  const printed = program.printed(/^Farandole is at/m);
  assert.equal(await printed.catch(() => program.ended), 1, 'it started');
  assert.doesNotMatch(program.stderr() + program.stdout(), STACK);
  assert.equal(program.stderr().trimEnd().split('\n').length, 1, program.stderr());
  return program.stderr();
}

async function copied(t: TestContext, dataDir: string): Promise<string> {
  const copy = await temporaryFolder(t);
  for (const name of await readdir(dataDir)) {
    if (!name.endsWith('.lock')) {
      await cp(join(dataDir, name), join(copy, name), { recursive: true });
    }
  }
  return copy;
}

async function killed(program: MainProcess): Promise<void> {
  program.child.kill('SIGKILL');
  await program.ended;
}

/** Lets two users meet, which makes the server write to the store. */
async function meet(t: TestContext, port: number): Promise<void> {
  await arriveAndMeet(new TestPage(t, port), new TestPage(t, port));
}

/** Lets two users meet, and waits until the server has noted a commit that it hadn't made before. */
async function committed(t: TestContext, port: number, dataDir: string): Promise<void> {
  const path = join(dataDir, STORE_FILE);
  const database = new DatabaseSync(path);
  const before = commitsOf(database);
  database.close();
  await meet(t, port);
  while ((readMark(path)?.commits ?? 0) <= before) await delay(5);
}

for (const [fault, error, code] of [
  ['throw', 'TypeError', 'none'],
  ['exit', 'Error', 'exit-3'],
] as const) {
  test(`[ST-60] ends with one fatal line when the store's thread ends by ${fault}`, async (t) => {
    const env = { NODE_OPTIONS: `--import=${THREAD_FAULTS}`, THREAD_FAULT: fault };
    const program = await start(t, await temporaryFolder(t), { env });
    await portOf(program);
    program.child.kill('SIGUSR2');
    assert.equal(await program.ended, 1);
    const fatal = program
      .stdout()
      .split('\n')
      .filter((line) => line.includes('"fatal"'));
    assert.equal(fatal.length, 1, program.stdout());
    const { frames, time, ...line } = JSON.parse(fatal[0] ?? '') as Record<string, unknown>;
    assert.deepEqual(line, { level: 'fatal', event: 'store-ended', error, code });
    assert.ok(Array.isArray(frames) && typeof time === 'string');
  });
}

test('[ST-61, ST-61b] refuses a lost or older store after a kill; starts with the right one', async (t) => {
  const dataDir = await temporaryFolder(t);
  const program = await start(t, dataDir);
  const port = await portOf(program);
  await committed(t, port, dataDir);
  const older = await copied(t, dataDir);
  await committed(t, port, dataDir);
  await killed(program);
  const files = [STORE_FILE, `${STORE_FILE}-wal`, `${STORE_FILE}-shm`];

  const missing = await copied(t, dataDir);
  for (const name of files) await rm(join(missing, name));
  assert.match(await refusal(t, missing), /store\.sqlite is missing.*backup.*--accept-loss/);
  assert.match(await new CommandLine(missing).refuses('case', 'list'), /store\.sqlite is missing/);
  const back = await copied(t, dataDir);
  for (const name of files) await cp(join(older, name), join(back, name));
  assert.match(await refusal(t, back), /is older than the store that ran last.*--accept-loss/);
  const logless = await copied(t, dataDir);
  await rm(join(logless, `${STORE_FILE}-wal`));
  assert.match(await refusal(t, logless), /(?:older|-wal is missing).*--accept-loss/);

  await portOf(await start(t, dataDir));
  for (const folder of [missing, back, logless]) {
    const accepted = await start(t, folder, { args: ['--accept-loss'] });
    await portOf(accepted);
    accepted.child.kill('SIGTERM');
    assert.equal(await accepted.ended, 0, accepted.stderr());
    const database = new DatabaseSync(join(folder, STORE_FILE));
    const rows = database.prepare(`select 1 from audit where about = 'store.accepted-loss'`).all();
    database.close();
    assert.equal(rows.length, 1);
    await portOf(await start(t, folder));
  }
});

test('[ST-61a] refuses a missing store of version 0.1.0, which wrote no mark', async (t) => {
  const dataDir = await temporaryFolder(t);
  const program = await start(t, dataDir);
  await portOf(program);
  await new CommandLine(dataDir).says('user', 'add', 'Ana', '--role', 'moderator');
  program.child.kill('SIGTERM');
  assert.equal(await program.ended, 0);
  for (const name of [STORE_FILE, `${STORE_FILE}-committed`]) await rm(join(dataDir, name));
  const known = await readFile(join(dataDir, CHECKPOINT_FILE), 'utf8');
  assert.match(await refusal(t, dataDir), /store\.sqlite is missing.*--accept-loss/);
  assert.equal(await readFile(join(dataDir, CHECKPOINT_FILE), 'utf8'), known);
  await portOf(await start(t, dataDir, { args: ['--accept-loss'] }));
});

test('[ST-62] names a full disk at a first and a later start, and starts with room', async (t) => {
  const disk = await SmallDisk.mount(t, 8);
  const { within, path } = disk;
  const dataDir = join(path, 'data');
  await disk.fill();
  assert.match(await refusal(t, dataDir, { within }), /The disk is full: make room .*ENOSPC/);
  await disk.makeRoom();
  const program = await start(t, dataDir, { within });
  await portOf(program);
  program.child.kill('SIGTERM');
  assert.equal(await program.ended, 0);
  await disk.fill();
  assert.match(await refusal(t, dataDir, { within }), /The disk is full: make room .*ENOSPC/);
  await disk.makeRoom();
  await portOf(await start(t, dataDir, { within }));
});

test('[ST-62] names a full disk while the server runs, and works again with room', async (t) => {
  const disk = await SmallDisk.mount(t, 8);
  const { within, path } = disk;
  const program = await start(t, path, { within });
  const port = await portOf(program);
  await disk.fill();
  await meet(t, port);
  await program.printed(/"event":"store-failed".*"code":"SQLITE_FULL\/ENOSPC"/);
  await disk.makeRoom();
  await program.printed(/"event":"store-works"/);
  program.child.kill('SIGTERM');
  assert.equal(await program.ended, 0, program.stderr());
  await portOf(await start(t, path, { within }));
});

test('[ST-62] names a read-only disk at a start and while the server runs', async (t) => {
  const disk = await SmallDisk.mount(t, 8);
  const { within, path } = disk;
  const program = await start(t, path, { within });
  const port = await portOf(program);
  await disk.makeReadOnly();
  await meet(t, port);
  const [node, ...args] = [...within, process.execPath, CLI, 'user', 'add', 'Ana'];
  const env = { ...process.env, FARANDOLE_DATA_DIR: path };
  const command = promisify(execFile)(node, args, { env });
  await assert.rejects(command, (error: { readonly stdout: string; readonly stderr: string }) => {
    assert.match(error.stdout + error.stderr, /It is read-only: mount .*EROFS/);
    return true;
  });
  await killed(program);
  assert.match(await refusal(t, path, { within }), /It is read-only: mount .*EROFS/);
  await disk.makeWritable();
  await portOf(await start(t, path, { within }));
});

test('[ST-62] names a disk that fails at a first and a later start', async (t) => {
  const dataDir = await temporaryFolder(t);
  const env = { NODE_OPTIONS: `--import=${DEAD_DISK}` };
  assert.match(await refusal(t, dataDir, { env }), /The disk failed: check it .*EIO/);
  const program = await start(t, dataDir);
  await portOf(program);
  await killed(program);
  assert.match(await refusal(t, dataDir, { env }), /The disk failed: check it .*EIO/);
  await portOf(await start(t, dataDir));
});

test('[ST-62] names a disk that fails while the server runs, and works again', async (t) => {
  const dataDir = await temporaryFolder(t);
  const program = await start(t, dataDir);
  const port = await portOf(program);
  const limit = async (bytes: string): Promise<void> => {
    await promisify(execFile)('prlimit', [`--pid=${program.child.pid}`, `--fsize=${bytes}:`]);
  };
  // Each write fails at this limit with another error than that of a full disk.
  await limit('1');
  await meet(t, port);
  await program.printed(/"event":"store-failed".*"code":"SQLITE_IOERR_WRITE\/EFBIG"/);
  await limit('unlimited');
  await program.printed(/"event":"store-works"/);
  program.child.kill('SIGTERM');
  assert.equal(await program.ended, 0, program.stderr());
  await portOf(await start(t, dataDir));
});
