import { join } from 'node:path';
import { after, describe } from 'node:test';
import type { StoreLocation } from '../src/backup/store-location.ts';
import { backupContract } from './backup-contract.ts';
import { startPostgres } from './support/postgres.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const postgres = await startPostgres();
const folder = await temporaryFolder();
let files = 0;

after(async () => {
  await postgres.stop();
  await folder.remove();
});

async function sqlite(): Promise<StoreLocation> {
  files += 1;
  return { kind: 'sqlite', path: join(folder.path, `${files}.sqlite`) };
}

async function postgresql(): Promise<StoreLocation> {
  return { kind: 'postgres', url: await postgres.createDatabase() };
}

// Migrates the first schema version and every fourth after it. The long tests migrate all.
const everyFourth = (index: number): boolean => index % 4 === 0;
describe('SQLite restores dumps and migrates earlier versions', () =>
  backupContract(sqlite, postgresql, everyFourth));
describe('PostgreSQL restores dumps and migrates earlier versions', () =>
  backupContract(postgresql, sqlite, everyFourth));
