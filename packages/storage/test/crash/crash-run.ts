import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { brandId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import type { AppealId, DecisionId, ReportId } from '@farandole/moderation/ids';
import type { Records } from '@farandole/moderation/store/records';
import { kyselyRecords } from '../../src/kysely-records.ts';
import type { Database } from '../../src/schema.ts';
import { storeSeals } from '../../src/store-seals.ts';
import type { CrashResult } from '../support/crash-result.ts';
import { faultsOf } from '../support/half-kept.ts';
import { KEY } from '../support/keys.ts';

const WRITER = join(import.meta.dirname, 'writer.ts');
/** The test kills the writer after this many acknowledgements, or after up to twice as many. */
const ACKNOWLEDGED_MIN = 40;

export interface Crashing {
  readonly args: readonly string[];
  /** Kills the database server, the writer or both. The argument kills the writer. */
  readonly kill: (writer: () => void) => Promise<void>;
  readonly open: () => Promise<Database>;
}

export async function crashRun(
  store: Crashing,
  { kills, seed }: { readonly kills: number; readonly seed: number },
): Promise<CrashResult> {
  const prng = createPrng(seed);
  let first = 0;
  let acknowledged = 0;
  let lost = 0;
  const corrupt: string[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const wanted = ACKNOWLEDGED_MIN + prng.below(ACKNOWLEDGED_MIN);
    const lines = await storm(store, first, wanted);
    acknowledged += lines.length;
    const db = await store.open();
    try {
      const records = kyselyRecords(db, storeSeals(KEY));
      for (const line of lines) if (!(await isThere(records, line))) lost += 1;
      corrupt.push(...(await faultsOf(records)));
    } finally {
      await db.destroy();
    }
    first += 10_000;
  }
  return { kills, acknowledged, lost, corrupt };
}

/**
 * Starts the writer and kills it after some acknowledgements. @returns the complete lines that
 * the writer printed before the kill
 */
async function storm(store: Crashing, first: number, wanted: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [WRITER, ...store.args, '--first', String(first)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let said = '';
  let complaints = '';
  child.stdout.setEncoding('utf8');
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaints += chunk;
  });
  const enough = new Promise<boolean>((resolve) => {
    child.stdout.on('data', (chunk: string) => {
      said += chunk;
      if (said.split('\n').length > wanted) resolve(true);
    });
    void ended.then(() => resolve(false));
  });
  if (!(await enough)) throw new Error(`The writer ended by itself:\n${complaints}`);
  await store.kill(() => child.kill('SIGKILL'));
  await ended;
  return said.slice(0, said.lastIndexOf('\n')).split('\n');
}

async function isThere(records: Records, line: string): Promise<boolean> {
  const [what, id = ''] = line.split(' ');
  switch (what) {
    case 'report':
      return (
        (await records.reports.get(brandId<ReportId>(id))) !== null &&
        (await records.words.get('report', id)) !== null
      );
    case 'block':
      return (await records.blocks.get(id)) !== null;
    case 'decision':
      return (await records.decisions.get(brandId<DecisionId>(id))) !== null;
    case 'appeal':
      return (
        (await records.appeals.get(brandId<AppealId>(id))) !== null &&
        (await records.words.get('appeal', id)) !== null
      );
    default:
      throw new Error(`The writer said ${line}.`);
  }
}
