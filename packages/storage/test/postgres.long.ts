import { join } from 'node:path';
import { after, describe } from 'node:test';
import { backupContract } from './backup-contract.ts';
import { otherContracts } from './contracts.ts';
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
  await lent.end();
  await postgres.stop();
  await folder.remove();
});

otherContracts('PostgreSQL', lent.open);
floodContract('PostgreSQL', lent.open);

describe('PostgreSQL restores dumps and migrates earlier versions', () =>
  backupContract(
    async () => ({ kind: 'postgres', url: await postgres.createDatabase() }),
    async () => {
      files += 1;
      return { kind: 'sqlite', path: join(folder.path, `${files}.sqlite`) };
    },
  ));
