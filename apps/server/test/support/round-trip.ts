import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { brandId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import type { StoredPair } from '@farandole/moderation/store/stored';
import type { TestPostgres } from '@farandole/storage/test/postgres';
import { readKeys } from '../../src/keys/keys.ts';
import { openStore } from '../../src/store/open-store.ts';
import { runCliProcess } from './cli-process.ts';
import { CommandLine } from './command-line.ts';
import type { Ends } from './ends.ts';
import { nowMs } from './moderated.ts';
import { startSharedServer, temporaryFolder } from './test-server.ts';

const PAIRS_AT_ONCE = 1_000;

/** How long each command of a round trip took, in milliseconds, by name. */
type Durations = Readonly<Record<string, number>>;

/** Starts and ends a server. Adds a member and `pairs` meetings to its store, one row for each. */
export async function filledFolder(t: Ends, pairs: number): Promise<string> {
  const server = await startSharedServer(t);
  await server.close();
  const { dataDir } = server;
  await new CommandLine(dataDir).says('user', 'add', 'Ana', '--role', 'moderator');
  const store = await openStore({ databaseUrl: null }, dataDir, await readKeys(dataDir), 'here');
  for (let from = 0; from < pairs; from += PAIRS_AT_ONCE) {
    const length = Math.min(PAIRS_AT_ONCE, pairs - from);
    await store.run('pairs.note', { pairs: Array.from({ length }, (_, n) => pairOf(from + n)) });
  }
  await store.close();
  return dataDir;
}

function pairOf(n: number): StoredPair {
  const idOf = (name: string): string =>
    createHash('sha256').update(`${name} ${n}`).digest('base64url');
  const place = { tier: 'normal', circle: 'normal' } as const;
  return {
    id: brandId<MatchId>(idOf('match').slice(0, 22)),
    atMs: nowMs(),
    sides: [
      { subject: brandId<SubjectId>(idOf('a')), place },
      { subject: brandId<SubjectId>(idOf('b')), place },
    ],
    mode: 'video',
    age: 'declared',
    policy: 1,
  };
}

/**
 * Backs up a SQLite store, restores the backup into PostgreSQL, and goes on to SQLite, SQLite and
 * PostgreSQL, so that each direction occurs. Each restore is a process of its own. Requires equal
 * digests and a valid audit at each stop.
 */
export async function roundTrip(
  t: Ends,
  postgres: TestPostgres,
  first: string,
): Promise<Durations> {
  const durations: Record<string, number> = {};
  const timed = async <Value>(name: string, work: () => Promise<Value>): Promise<Value> => {
    const began = performance.now();
    const value = await work();
    durations[name] = performance.now() - began;
    return value;
  };
  const backups = await temporaryFolder(t);
  const digests: string[] = [];
  const stops = ['sqlite', 'postgres', 'sqlite', 'sqlite', 'postgres'] as const;
  let dataDir = first;
  for (const [at, kind] of stops.entries()) {
    const database: Readonly<Record<string, string>> =
      kind === 'postgres' ? { FARANDOLE_DATABASE_URL: await postgres.createDatabase() } : {};
    if (at > 0) {
      dataDir = join(await temporaryFolder(t), 'data');
      const env = { FARANDOLE_DATA_DIR: dataDir, ...database };
      const args = ['restore', join(backups, String(at - 1))];
      const name = `restore ${at} from ${stops[at - 1]} to ${kind}`;
      const end = await timed(name, () => runCliProcess(args, { env }));
      assert.deepEqual([end.code, end.stderr], [0, ''], `${name}: ${end.stdout}`);
    }
    const line = new CommandLine(dataDir, database);
    const to = join(backups, String(at));
    const said = await timed(`backup ${at} of ${kind}`, () => line.says('backup', to));
    digests.push(/digest ([0-9a-f]{64})/.exec(said)?.[1] ?? said);
    assert.match(await line.says('audit', 'verify'), /^ok: yes$/m);
  }
  assert.equal(digests.length, stops.length);
  assert.equal(new Set(digests).size, 1, digests.join('\n'));
  return durations;
}
