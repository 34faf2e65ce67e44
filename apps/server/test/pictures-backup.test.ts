import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { PictureVault } from '../src/evidence/picture-vault.ts';
import { RoleKeys } from '../src/evidence/role-keys.ts';
import { CommandLine } from './support/command-line.ts';
import { ANA, hire, nowMs, storeOf, theCase } from './support/moderated.ts';
import { asFiles, RECORDED, reportWithPictures } from './support/pictured.ts';
import { startSharedServer, temporaryFolder } from './support/test-server.ts';

type Row = readonly [table: string, row: Readonly<Record<string, unknown>>];

/** Reads the ids of the pictures, and of the pictures that have keys, in the dump of a backup. */
async function picturesOf(backup: string) {
  const text = await readFile(join(backup, 'store.jsonl'), 'utf8');
  // The first line is a header.
  const [, ...lines] = text.trimEnd().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as Row);
  const idsOf = (table: string, column: string): readonly string[] => {
    const ids = rows.filter(([of]) => of === table).map(([, row]) => String(row[column]));
    return [...new Set(ids)].toSorted();
  };
  return { held: idsOf('picture_bytes', 'id'), opened: idsOf('picture_keys', 'picture') };
}

/** Opens the pictures of the only case. Returns 'opened', or why a picture can't be shown. */
async function openAll(dataDir: string, store: ModerationStore): Promise<readonly string[]> {
  const vault = new PictureVault(store, await RoleKeys.open(dataDir, false));
  const { id } = await theCase(store);
  const shown = await store.run('case.show', { case: id, by: ANA, nowMs: nowMs() });
  assert.ok(shown.ok);
  const found: string[] = [];
  for (const { id: picture } of shown.value.reports.flatMap(({ pictures }) => pictures)) {
    const input = { picture, by: ANA, shiftMax: 10, nowMs: nowMs() };
    const revealed = await store.run('picture.reveal', input);
    assert.ok(revealed.ok);
    const bytes = await vault.open(revealed.value.picture, revealed.value.keys);
    found.push(bytes.ok ? 'opened' : bytes.reason);
  }
  return found.toSorted();
}

/** Starts and ends a server that gets a report with two pictures. Returns its data folder. */
async function reportedWithPictures(t: TestContext): Promise<string> {
  const server = await startSharedServer(t, { env: RECORDED });
  await reportWithPictures(t, server.port, 'one');
  const store = await storeOf(t, server);
  await hire(store);
  await theCase(store);
  await store.close();
  await server.close();
  return server.dataDir;
}

test('[ST-30a] backs up every picture whose keys it contains, during uploads', async (t) => {
  const { port, dataDir } = await startSharedServer(t, { env: RECORDED });
  const line = new CommandLine(dataDir, RECORDED);
  const to = await temporaryFolder(t);
  const rounds = 3;
  for (let n = 0; n <= rounds; n++) {
    const folder = join(to, String(n));
    const coming = n < rounds ? reportWithPictures(t, port, `n${n}`) : null;
    await Promise.all([line.says('backup', folder), coming]);
    const { held, opened } = await picturesOf(folder);
    assert.deepEqual(held, opened);
    // The backup must contain every picture that was stored before the backup began.
    assert.ok(held.length >= 2 * n, `${held.length} in round ${n}`);
  }
});

test('[ST-30b] backs up and restores picture files of an earlier version', async (t) => {
  const dataDir = await reportedWithPictures(t);
  const folder = await asFiles(dataDir);
  const [first = ''] = (await readdir(folder)).toSorted();
  await rm(join(folder, first));
  await writeFile(join(folder, `${'f'.repeat(32)}.sealed`), 'of nobody');
  const line = new CommandLine(dataDir, RECORDED);
  const to = join(await temporaryFolder(t), 'backup');
  assert.match(await line.says('backup', to), /1 picture is not on this machine/);
  const files = (await readFile(join(to, 'pictures.sealed'), 'utf8')).trimEnd().split('\n');
  assert.equal(files.length, 1);
  await rm(dataDir, { recursive: true });
  await line.says('restore', to);
  assert.equal((await readdir(folder)).length, 1);
  const again = await startSharedServer(t, { env: RECORDED, dataDir });
  assert.deepEqual(await openAll(dataDir, await storeOf(t, again)), ['file-missing', 'opened']);
  assert.ok(!(await readdir(dataDir)).includes('pictures'));
});
