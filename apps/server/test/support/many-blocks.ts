import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brandId, type DeviceKeyId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import type { ApartChange } from '@farandole/moderation/apart/note-apart';
import { readKeys } from '../../src/keys/keys.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Ends } from './ends.ts';
import { startMain } from './main-process.ts';
import { builtPage, temporaryFolder } from './test-server.ts';

const WRITTEN_AT_ONCE = 10_000;
/** Number of blocks by one user. */
const BLOCKS_A_PERSON = 10;

/** Starts the program on a new data folder, then again with this many blocks in its store. */
export async function residentMibWith(t: Ends, blocks: number): Promise<number> {
  const dataDir = join(await temporaryFolder(t), 'data');
  const pagesDir = await builtPage(t);
  await residentMibOf(t, dataDir, pagesDir);
  await writeBlocks(dataDir, blocks);
  return await residentMibOf(t, dataDir, pagesDir);
}

/** Starts the program and stops it. Returns its resident memory after the start, in MiB. */
async function residentMibOf(t: Ends, dataDir: string, pagesDir: string): Promise<number> {
  const env = { PORT: '0', FARANDOLE_DATA_DIR: dataDir };
  const program = startMain(t, ['--pages', pagesDir], env);
  await program.printed(/^Farandole is at/m);
  const status = readFileSync(`/proc/${program.child.pid}/status`, 'utf8');
  program.child.kill('SIGTERM');
  const code = await program.ended;
  if (code !== 0) throw new Error(`the program ended with ${code}: ${program.stderr()}`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024;
}

async function writeBlocks(dataDir: string, count: number): Promise<void> {
  const store = await openStore({ databaseUrl: null }, dataDir, await readKeys(dataDir), 'here');
  try {
    for (let from = 0; from < count; from += WRITTEN_AT_ONCE) {
      const length = Math.min(WRITTEN_AT_ONCE, count - from);
      const changes = Array.from({ length }, (_, n) => blockOf(from + n));
      await store.run('apart.note', { changes });
    }
  } finally {
    await store.close();
  }
}

function blockOf(n: number): ApartChange {
  const author = Math.floor(n / BLOCKS_A_PERSON);
  return {
    kind: 'block',
    match: brandId<MatchId>(idOf('match', n)),
    side: 'a',
    mark: idOf('mark', n),
    by: brandId<SubjectId>(idOf('author', author)),
    byDevice: brandId<DeviceKeyId>(idOf('author-device', author)),
    of: brandId<SubjectId>(idOf('other', n)),
    ofDevice: brandId<DeviceKeyId>(idOf('other-device', n)),
    atWallMs: 1 + n,
  };
}

/** Returns an id of the length of a real one. */
function idOf(kind: string, n: number): string {
  return `${kind}-${n}-`.padEnd(43, 'x');
}
