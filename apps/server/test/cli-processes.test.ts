import assert from 'node:assert/strict';
import { chmod, chown, cp, mkdir, open, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { startPostgres, type TestPostgres } from '@farandole/storage/test/postgres';
import { type CliEnd, runCliProcess, runProcess } from './support/cli-process.ts';
import { CommandLine } from './support/command-line.ts';
import { RunEnds } from './support/ends.ts';
import { startMain } from './support/main-process.ts';
import { filledFolder, roundTrip } from './support/round-trip.ts';
import { temporaryFolder } from './support/test-server.ts';

const EXIT_CODE = new URL('../src/cli/exit-code.ts', import.meta.url).href;

/** Requires that a command ended with exit code 1 and one line that names the cause. */
function assertNamed({ code, stdout, stderr }: CliEnd, cause: RegExp): void {
  assert.deepEqual([code, stderr], [1, ''], stdout);
  assert.match(stdout, cause);
  assert.ok(!/\n\s+at /.test(stdout), stdout);
}

const ends = new RunEnds();
let template = '';
let postgres: TestPostgres;

before(async () => {
  postgres = await startPostgres();
  ends.after(() => postgres.stop());
  template = await filledFolder(ends, 1_500);
});
after(() => ends.end());

/** Copies the data folder of a server that was closed. */
async function dataFolder(t: TestContext): Promise<string> {
  const copy = join(await temporaryFolder(t), 'data');
  await cp(template, copy, { recursive: true });
  return copy;
}

test('[ST-30] restores between SQLite and PostgreSQL in all four directions', async (t) => {
  await roundTrip(t, postgres, await dataFolder(t));
});

test('[ST-33] names a missing password of the database and exits', async (t) => {
  const { url, withoutPassword } = await postgres.createGuarded();
  const dataDir = await dataFolder(t);
  const env = { FARANDOLE_DATA_DIR: dataDir, FARANDOLE_DATABASE_URL: withoutPassword };
  const cause =
    /^The database of FARANDOLE_DATABASE_URL cannot be used: .* wants a password, and its URL contains none/;
  for (const args of [
    ['backup', join(dataDir, 'backup')],
    ['user', 'list'],
  ]) {
    assertNamed(await runCliProcess(args, { env }), cause);
  }
  const doctor = await runCliProcess(['doctor'], { env });
  assert.equal(doctor.code, 1);
  assert.match(doctor.stdout, /^fail +schema .* wants a password/m);
  const server = startMain(t, [], { ...env, PORT: '0' });
  assert.equal(await server.ended, 1);
  assert.match(server.stderr(), cause);
  await new CommandLine(dataDir, { FARANDOLE_DATABASE_URL: url }).says('migrate');
});

test('[ST-32] prints an error and exits with 1 if a command never settles', async () => {
  const run = async (command: string): Promise<CliEnd> => {
    const code = `import { exitWith } from '${EXIT_CODE}'; exitWith(${command});`;
    return await runProcess(process.execPath, ['--input-type=module', '--eval', code]);
  };
  const hangs = await run('new Promise(() => {})');
  assert.deepEqual([hangs.code, hangs.stdout], [1, '']);
  assert.match(hangs.stderr, /^The command stopped before it was finished\./);
  assert.deepEqual(await run('Promise.resolve(0)'), { code: 0, stdout: '', stderr: '' });
  assert.deepEqual(await run('Promise.resolve(1)'), { code: 1, stdout: '', stderr: '' });
  const fails = await run('Promise.reject(new Error("an internal error"))');
  assert.equal(fails.code, 1);
  assert.match(fails.stderr, /an internal error/);
  assert.ok(!fails.stderr.includes('stopped before'));
});

test('[ST-31a] writes backups and restored folders readable by their owner only', async (t) => {
  const dataDir = await dataFolder(t);
  const folder = await temporaryFolder(t);
  const [backup, data] = [join(folder, 'backup'), join(folder, 'data')];
  for (const path of [backup, data]) {
    await mkdir(path);
    await chmod(path, 0o755);
  }
  const umask = { before: 'umask 000' };
  for (const [args, env] of [
    [['backup', backup], { FARANDOLE_DATA_DIR: dataDir }],
    [['restore', backup], { FARANDOLE_DATA_DIR: data }],
  ] as const) {
    const { code, stdout } = await runCliProcess(args, { env, ...umask });
    assert.equal(code, 0, stdout);
  }
  for (const path of [backup, data]) {
    const names = await readdir(path);
    assert.ok(names.length >= 2);
    for (const [name, mode] of [
      ['', 0o700],
      ...names.map((one) => [one, 0o600] as const),
    ] as const) {
      const found = (await stat(join(path, name))).mode & 0o777;
      assert.equal(found.toString(8), mode.toString(8), join(path, name));
    }
  }
});

test('[ST-31b] shows progress only to a terminal', async (t) => {
  const dataDir = await dataFolder(t);
  const line = new CommandLine(dataDir);
  const to = join(await temporaryFolder(t), 'backup');
  const shown = await line.shows('backup', to);
  assert.deepEqual([shown[0], shown[1], shown.at(-1)], ['0 rows', '1000 rows', '']);
  const fresh = new CommandLine(join(await temporaryFolder(t), 'data'));
  assert.deepEqual(await fresh.shows('restore', to), shown);
});

test('[ST-33] names a full disk, and changes nothing', async (t) => {
  const dataDir = await dataFolder(t);
  const folder = await temporaryFolder(t);
  const small = (kib: number): string => `mount -t tmpfs -o size=${kib}k tmpfs ${folder}`;
  const full = await runCliProcess(['backup', join(folder, 'backup')], {
    env: { FARANDOLE_DATA_DIR: dataDir },
    before: small(64),
  });
  assertNamed(full, /store\.jsonl cannot be written \(ENOSPC\): the disk is full\. Make room/);

  const backup = join(await temporaryFolder(t), 'backup');
  await new CommandLine(dataDir).says('backup', backup);
  const data = join(folder, 'data');
  const restored = await runCliProcess(['restore', backup], {
    env: { FARANDOLE_DATA_DIR: data },
    before: small(256),
    after: `ls -A ${data}`,
  });
  assertNamed(restored, /store\.sqlite cannot be used: .*disk is full/);
  assert.match(restored.stdout, /full.*\nnode\.lock\n$/, 'only the empty lock file is left');
});

test('[ST-33] names a read-only folder', async (t) => {
  const dataDir = await dataFolder(t);
  const folder = await temporaryFolder(t);
  // A user namespace may not drop flags that the mount of the temporary folder may have.
  const readOnly = (path: string): string =>
    `mount --bind ${path} ${path} && mount -o remount,bind,ro,nosuid,nodev,noexec ${path}`;
  const env = { FARANDOLE_DATA_DIR: dataDir };
  const to = join(folder, 'backup');
  const backup = await runCliProcess(['backup', to], { env, before: readOnly(folder) });
  assertNamed(backup, /backup cannot be made \(EROFS\): the file system is read-only/);
  const doctor = await runCliProcess(['doctor'], { env, before: readOnly(dataDir) });
  assert.equal(doctor.code, 1);
  assert.match(doctor.stdout, /^fail +folder .*\(EROFS\)/m);
  await new CommandLine(dataDir).says('backup', to);
  const restored = await runCliProcess(['restore', to], {
    env: { FARANDOLE_DATA_DIR: join(folder, 'data') },
    before: readOnly(folder),
  });
  assertNamed(restored, /data folder .* cannot be used: .*\(EROFS\)/);
});

test('[ST-33] names a damaged store, and leaves it as it is', async (t) => {
  const dataDir = await dataFolder(t);
  for (const [what, at] of [
    ['header', 0],
    ['pages', 4_096],
  ] as const) {
    const copy = join(await temporaryFolder(t), 'data');
    await cp(dataDir, copy, { recursive: true });
    const path = join(copy, 'store.sqlite');
    await damage(path, at);
    const damaged = await stat(path);
    const env = { FARANDOLE_DATA_DIR: copy };
    const to = join(copy, 'backup');
    assertNamed(await runCliProcess(['backup', to], { env }), /store\.sqlite cannot be used: /);
    const doctor = await runCliProcess(['doctor'], { env });
    assert.deepEqual([doctor.code, doctor.stderr], [1, ''], what);
    assert.match(doctor.stdout, /^fail +(?:schema|store|audit) /m);
    const { size, mtimeMs } = await stat(path);
    assert.deepEqual([size, mtimeMs], [damaged.size, damaged.mtimeMs], what);
  }
});

test('[ST-33] names a missing store instead of backing up an empty one', async (t) => {
  const dataDir = await dataFolder(t);
  const copy = join(await temporaryFolder(t), 'data');
  await mkdir(copy, { mode: 0o700 });
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith('store.')) await cp(join(dataDir, name), join(copy, name));
  }
  const env = { FARANDOLE_DATA_DIR: copy };
  const to = join(await temporaryFolder(t), 'backup');
  assertNamed(
    await runCliProcess(['backup', to], { env }),
    /store\.sqlite cannot be read \(ENOENT\): it doesn’t exist/,
  );
  await assert.rejects(stat(to), { code: 'ENOENT' });
});

test('`doctor` says that the data folder belongs to another user', async (t) => {
  const dataDir = await dataFolder(t);
  const line = new CommandLine(dataDir);
  assert.match(await line.says('doctor'), /^ok +folder +\S+ is readable by its owner only/m);
  if (process.getuid?.() !== 0) return;
  await chown(dataDir, 65_534, 65_534);
  assert.match(await line.says('doctor'), /^warn +folder +.*id is 65534.*runuser --user NAME/m);
});

test('[ST-34] `doctor` says when the last backup was made', async (t) => {
  const dataDir = await dataFolder(t);
  const line = new CommandLine(dataDir);
  assert.match(await line.says('doctor'), /^warn +backup +none was made/m);
  const to = await temporaryFolder(t);
  await line.says('backup', join(to, 'one'));
  assert.match(
    await line.says('doctor'),
    /^ok +backup +the last one was made less than a day ago/m,
  );
  const { nowMs } = line;
  line.nowMs = () => nowMs() + 8 * 24 * 60 * 60_000;
  assert.match(await line.says('doctor'), /^warn +backup +.* 8 days ago: run backup FOLDER/m);
  line.nowMs = nowMs;
  await writeFile(join(dataDir, 'last-backup.json'), 'nonsense');
  assert.match(await line.says('doctor'), /^warn +backup +none was made/m);
});

async function damage(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  for (let page = at; page < at + 8 * 4_096; page += 4_096) {
    await file.write(Buffer.alloc(4_096, 0x5a), 0, 4_096, page);
  }
  await file.close();
}
