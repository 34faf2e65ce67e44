import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { StoreLocation } from '../src/backup/store-location.ts';
import { backupContract } from './backup-contract.ts';
import { otherContracts } from './contracts.ts';
import { crashRun } from './crash/crash-run.ts';
import { crashingPostgres } from './crash/crashing.ts';
import { floodContract } from './queue-contract.ts';
import { emptiedPostgres } from './support/emptied-postgres.ts';
import { lending } from './support/lending.ts';
import { startPostgres } from './support/postgres.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const postgres = await startPostgres();
const folder = await temporaryFolder();
let files = 0;
const lent = lending(() => emptiedPostgres(postgres));

after(async () => {
  await postgres.stop();
  await folder.remove();
});

otherContracts('PostgreSQL', lent.open);
floodContract('PostgreSQL', lent.open);

async function sqlite(): Promise<StoreLocation> {
  files += 1;
  return { kind: 'sqlite', path: join(folder.path, `${files}.sqlite`) };
}

async function postgresql(): Promise<StoreLocation> {
  return { kind: 'postgres', url: await postgres.createDatabase() };
}

describe('SQLite restores dumps and migrates all earlier versions', () =>
  backupContract(sqlite, postgresql));
describe('PostgreSQL restores dumps and migrates all earlier versions', () =>
  backupContract(postgresql, sqlite));

test('[ST-1, ST-2] PostgreSQL keeps each acknowledged write when killed', async () => {
  // The lent store has connections to the server that this test kills.
  await lent.end();
  const result = await crashRun(await crashingPostgres(postgres), { kills: 2, seed: 2 });
  assert.equal(result.lost, 0);
  assert.deepEqual(result.corrupt, []);
  assert.ok(result.acknowledged >= 2 * 40);
});
