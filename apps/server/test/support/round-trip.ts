import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type TestContext } from 'node:test';
import { brandId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import type { StoredPair } from '@farandole/moderation/store/stored';
import type { TestPostgres } from '@farandole/storage/test/postgres';
import { readKeys } from '../../src/keys/keys.ts';
import { openStore } from '../../src/store/open-store.ts';
import { type CliEnd, runCliProcess } from './cli-process.ts';
import { CommandLine } from './command-line.ts';
import { nowMs } from './moderated.ts';
import { startSharedServer, temporaryFolder } from './test-server.ts';

const PAIRS_AT_ONCE = 1_000;

/** How long each command of a round trip took, in milliseconds, by name. */
export type Durations = Readonly<Record<string, number>>;

/** Starts and ends a server. Adds a member and `pairs` meetings to its store, one row for each. */
export async function filledFolder(t: TestContext, pairs: number): Promise<string> {
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
 * PostgreSQL, so that each direction occurs. Each command is a process of its own. Requires equal
 * digests and a valid audit at each stop.
 */
export async function roundTrip(
  t: TestContext,
  postgres: TestPostgres,
  first: string,
): Promise<Durations> {
  const durations: Record<string, number> = {};
  const timed = async (
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<CliEnd> => {
    const began = performance.now();
    const end = await runCliProcess(args, { env });
    assert.equal(end.code, 0, `${name}: ${end.stdout}${end.stderr}`);
    assert.equal(end.stderr, '', 'progress is shown on a terminal only');
    durations[name] = performance.now() - began;
    return end;
  };
  const backups = await temporaryFolder(t);
  const digests: string[] = [];
  let from = 'sqlite';
  let env: Readonly<Record<string, string>> = { FARANDOLE_DATA_DIR: first };
  for (const [at, to] of [...(['postgres', 'sqlite', 'sqlite', 'postgres'] as const), null].entries()) {
    const backup = join(backups, String(at));
    const { stdout } = await timed(`backup ${at} of ${from}`, ['backup', backup], env);
    digests.push(/digest ([0-9a-f]{64})/.exec(stdout)?.[1] ?? stdout);
    const verified = await runCliProcess(['audit', 'verify'], { env });
    assert.match(verified.stdout, /"ok": true/, from);
    if (to === null) break;
    env = {
      FARANDOLE_DATA_DIR: join(await temporaryFolder(t), 'data'),
      ...(to === 'postgres' && { FARANDOLE_DATABASE_URL: await postgres.createDatabase() }),
    };
    await timed(`restore ${at} to ${to}`, ['restore', backup], env);
    from = to;
  }
  assert.equal(digests.length, 5);
  assert.equal(new Set(digests).size, 1, digests.join('\n'));
  return durations;
}
