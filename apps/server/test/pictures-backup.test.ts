import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PictureKey } from '@farandole/moderation/evidence/picture';
import { PictureVault } from '../src/evidence/picture-vault.ts';
import { RoleKeys } from '../src/evidence/role-keys.ts';
import { CommandLine } from './support/command-line.ts';
import { ANA, hire, nowMs, storeOf, theCase } from './support/moderated.ts';
import { RECORDED, reportWithPictures } from './support/pictured.ts';
import { startSharedServer, temporaryFolder } from './support/test-server.ts';

type Row = readonly [table: string, row: Pick<PictureKey, 'picture'>];

const rowsIn = async (path: string): Promise<readonly unknown[]> =>
  (await readFile(path, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));

async function picturesOf(backup: string) {
  const files = (await rowsIn(join(backup, 'pictures.sealed'))) as readonly (readonly [string])[];
  // The first line of the store's dump is a header.
  const [, ...rows] = (await rowsIn(join(backup, 'store.jsonl'))) as readonly Row[];
  const keys = rows.filter(([table]) => table === 'picture_keys').map(([, key]) => key);
  return {
    held: files.map(([id]) => id),
    opened: [...new Set(keys.map(({ picture }) => picture))].toSorted(),
  };
}

test("[ST-30] backs up exactly the pictures that the store's dump lists, during uploads", async (t) => {
  const { port, dataDir } = await startSharedServer(t, { env: RECORDED });
  const line = new CommandLine(dataDir, RECORDED);
  const to = await temporaryFolder(t);
  const rounds = 5;
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

test('[ST-31] backs up and restores despite missing and unreferenced picture files', async (t) => {
  const server = await startSharedServer(t, { env: RECORDED });
  const { port, dataDir } = server;
  await reportWithPictures(t, port, 'one');
  const store = await storeOf(t, server);
  await hire(store);
  await theCase(store);
  await store.close();
  await server.close();
  const folder = join(dataDir, 'pictures');
  const [first = '', second = ''] = (await readdir(folder)).toSorted();
  await rm(join(folder, first));
  await writeFile(join(folder, `${'f'.repeat(32)}.sealed`), 'of nobody');
  const line = new CommandLine(dataDir, RECORDED);
  const to = join(await temporaryFolder(t), 'backup');
  assert.match(await line.says('backup', to), /1 picture is not on this machine/);
  const { held, opened } = await picturesOf(to);
  assert.deepEqual([held, opened.length], [[second.replace('.sealed', '')], 2]);
  await rm(dataDir, { recursive: true });
  await line.says('restore', to);
  const again = await startSharedServer(t, { env: RECORDED, dataDir });
  const restored = await storeOf(t, again);
  const vault = new PictureVault(dataDir, await RoleKeys.open(dataDir, false));
  const { id } = await theCase(restored);
  const shown = await restored.run('case.show', { case: id, by: ANA, nowMs: nowMs() });
  assert.ok(shown.ok);
  const found: string[] = [];
  for (const { id: picture } of shown.value.reports.flatMap(({ pictures }) => pictures)) {
    const input = { picture, by: ANA, shiftMax: 10, nowMs: nowMs() };
    const revealed = await restored.run('picture.reveal', input);
    assert.ok(revealed.ok);
    const bytes = await vault.open(revealed.value.picture, revealed.value.keys);
    found.push(bytes.ok ? 'opened' : bytes.reason);
  }
  assert.deepEqual(found.toSorted(), ['file-missing', 'opened']);
});
