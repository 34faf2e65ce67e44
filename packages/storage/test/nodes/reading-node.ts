/**
 * Takes the lock of the audit, asks for a large result and stops itself before it reads the
 * result. Each line on the standard input begins the next round.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setImmediate as turn } from 'node:timers/promises';
import { sql } from 'kysely';
import { connectNode } from '../../src/postgres/postgres-database.ts';
import { lockAudit, startWrite } from '../../src/postgres/postgres-transactions.ts';

const [url = ''] = process.argv.slice(2);
const { audit } = await connectNode(url);

for await (const _ of createInterface({ input: process.stdin })) {
  const transaction = await startWrite(audit);
  await lockAudit(transaction);
  const large = sql`select repeat('x', 1000) from generate_series(1, 50000)`.execute(transaction);
  const ended = large.then(
    () => 'read',
    () => 'ended',
  );
  // The driver sends the statement within these turns of the event loop.
  await turn();
  await turn();
  writeSync(1, 'stops\n');
  process.kill(process.pid, 'SIGSTOP');
  writeSync(1, `${await ended}\n`);
  await transaction
    .rollback()
    .execute()
    .catch(() => {});
}
