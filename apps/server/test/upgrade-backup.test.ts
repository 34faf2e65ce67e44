import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { versionsOf } from '@farandole/storage/backup/versions';
import { startPostgres } from '@farandole/storage/test/postgres';
import { CommandLine } from './support/command-line.ts';
import { makeOldFolder, OLD_DUMP, OLD_WALL_MS } from './support/old-store.ts';
import { startTestServer, temporaryFolder } from './support/test-server.ts';

const postgres = await startPostgres();
after(() => postgres.stop());

interface OldServer {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly line: CommandLine;
}

async function oldServer(t: TestContext, kind: 'sqlite' | 'postgres'): Promise<OldServer> {
  const dataDir = join(await temporaryFolder(t), 'data');
  if (kind === 'sqlite') {
    await makeOldFolder(dataDir);
    return { dataDir, env: {}, line: lineOf(dataDir) };
  }
  const url = await postgres.createDatabase();
  await makeOldFolder(dataDir, { kind, url });
  const env = { FARANDOLE_DATABASE_URL: url };
  return { dataDir, env, line: lineOf(dataDir, env) };
}

function lineOf(dataDir: string, env: Readonly<Record<string, string>> = {}): CommandLine {
  const line = new CommandLine(dataDir, env);
  line.nowMs = () => OLD_WALL_MS;
  return line;
}

/** Returns the folder of the only backup that an upgrade made in a data folder. */
async function savedIn(dataDir: string): Promise<string> {
  const saved = (await readdir(dataDir)).filter((name) => name.startsWith('before-upgrade-'));
  assert.equal(saved.length, 1, saved.join(', '));
  return join(dataDir, saved[0] ?? '');
}

for (const kind of ['sqlite', 'postgres'] as const) {
  test(`backs up a ${kind} store of 0.1.0 before a start upgrades it`, async (t) => {
    const { dataDir, env, line } = await oldServer(t, kind);
    const keys = await readFile(join(dataDir, 'keys.json'), 'utf8');
    const server = await startTestServer(t, { dataDir, env, clock: new SimClock(0, OLD_WALL_MS) });
    assert.deepEqual(
      server.events.filter(({ event }) => event === 'backed-up-before-upgrade').length,
      1,
    );
    await server.close();
    const saved = await savedIn(dataDir);
    assert.equal(await readFile(join(saved, 'store.jsonl'), 'utf8'), OLD_DUMP);
    assert.equal(await readFile(join(saved, 'keys.json'), 'utf8'), keys);
    assert.match(await line.says('migrate', '--json'), /"done": \[\]/, 'the store is upgraded');

    // The way back: the backup goes into a new folder, and a server starts with it.
    const back = join(await temporaryFolder(t), 'back');
    const backEnv =
      kind === 'sqlite' ? {} : { FARANDOLE_DATABASE_URL: await postgres.createDatabase() };
    await lineOf(back, backEnv).says('restore', saved);
    const clock = new SimClock(0, OLD_WALL_MS);
    const restored = await startTestServer(t, { dataDir: back, env: backEnv, clock });
    await restored.close();
    assert.match(await lineOf(back, backEnv).says('audit', 'verify'), /ok/);
  });
}

test('backs up once by migrate, and not with --no-backup', async (t) => {
  const first = await oldServer(t, 'sqlite');
  await first.line.says('migrate');
  await first.line.says('migrate');
  assert.equal(await readFile(join(await savedIn(first.dataDir), 'store.jsonl'), 'utf8'), OLD_DUMP);
  const second = await oldServer(t, 'sqlite');
  await second.line.says('migrate', '--no-backup');
  const names = await readdir(second.dataDir);
  assert.deepEqual(
    names.filter((name) => name.startsWith('before-')),
    [],
  );
});

test('backs up before any command upgrades the store', async (t) => {
  const { dataDir, line } = await oldServer(t, 'sqlite');
  assert.match(await line.says('user', 'list'), /backup of before is .*before-upgrade-/);
  await savedIn(dataDir);
});

test('upgrades nothing if the backup fails', async (t) => {
  const { dataDir, line } = await oldServer(t, 'sqlite');
  const stamp = `${new Date(OLD_WALL_MS).toISOString().slice(0, 19)}Z`.replaceAll(':', '');
  const taken = join(dataDir, `before-upgrade-${stamp}`);
  await mkdir(taken);
  await writeFile(join(taken, 'a-file'), '');
  const clock = new SimClock(0, OLD_WALL_MS);
  await assert.rejects(startTestServer(t, { dataDir, clock }), /isn't empty.*Nothing was upgraded/);
  assert.match(await line.refuses('migrate'), /migrate --no-backup/);
  const place = { kind: 'sqlite', path: join(dataDir, 'store.sqlite') } as const;
  assert.ok((await versionsOf(place)).pending.length > 0);
});
