import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { ask } from '@farandole/e2e/http';
import { createPrng } from '@farandole/kernel/prng';
import { REPORT_OUTCOME_PATH } from '@farandole/protocol/http-api';
import { CommitGuard } from '@farandole/storage/sqlite/commit-guard';
import type { CrashResult } from '@farandole/storage/test/crash-result';
import { STORE_ANSWERS_WITHIN_MS } from '../../src/limits.ts';
import { STORE_FILE } from '../../src/store/open-store.ts';
import type { Ends } from '../support/ends.ts';
import { type MainProcess, startMain } from '../support/main-process.ts';
import { builtPage, temporaryFolder } from '../support/test-server.ts';
import { Book, Crowd, type Promised } from './crowd.ts';
import { faultsOfFolder } from './what-is-left.ts';

/**
 * Moments at which a node is killed: while users report, while the node waits for a blocked store,
 * after it has refused reports because the store was blocked, and while it starts.
 */
const WAYS = ['reporting', 'store-held', 'refusing', 'starting'] as const;

const PEOPLE = 8;
/** Minimum number of acknowledgements before the kill. The maximum is twice this number. */
const ANSWERED_MIN = 12;
/**
 * Maximum delay of the kill in ms, after an acknowledgement or after the store was blocked. Most
 * delays are much shorter: about one event-loop turn that passes reports to the store, or a few
 * flushes.
 */
const LATE_MS = 60;
/**
 * Maximum delay of a kill after the start of a node, in ms. It is longer than a start takes, so
 * that some nodes are killed after their start.
 */
const START_MS = 1_500;
/** Time in ms for which the store stays blocked until the node refuses reports. */
const HELD_MS = 1.3 * STORE_ANSWERS_WITHIN_MS;
/**
 * Distance between the user numbers of successive processes. It exceeds the users of one
 * process, so that their numbers differ.
 */
const PEOPLE_MAX = 10_000;

/**
 * Kills the shipped program repeatedly on one data folder while users are connected, and checks
 * what the next process finds.
 *
 * @throws if the program doesn't start, exits early or doesn't answer
 */
export async function nodeCrashRun(
  ends: Ends,
  { kills, seed }: { readonly kills: number; readonly seed: number },
): Promise<CrashResult> {
  const prng = createPrng(seed);
  const book = new Book();
  const pagesDir = await builtPage(ends);
  const dataDir = join(await temporaryFolder(ends), 'data');
  const start = (): MainProcess =>
    startMain(ends, ['--pages', pagesDir], {
      PORT: '0',
      FARANDOLE_DATA_DIR: dataDir,
    });
  const lost = new Set<string>();
  let unseen: readonly Promised[] = [];
  const look = async (port: number): Promise<void> => {
    for (const code of await goneOf(port, unseen)) lost.add(code);
    unseen = [];
  };
  for (let kill = 0; kill < kills; kill++) {
    const way = WAYS[kill % WAYS.length] ?? 'reporting';
    const node = start();
    if (way === 'starting') {
      await delay(prng.unit() * START_MS);
      await end(node);
      continue;
    }
    const port = await portOf(node);
    await look(port);
    const known = new Set(book.reports.keys());
    const crowd = new Crowd(ends, { port, book, people: PEOPLE, firstPerson: kill * PEOPLE_MAX });
    await crowd.answered(ANSWERED_MIN + prng.below(ANSWERED_MIN));
    const letStore = way === 'reporting' ? () => {} : holdStore(dataDir);
    if (way === 'refusing') await delay(HELD_MS);
    await delay(prng.unit() ** 3 * LATE_MS);
    await crowd.end(() => end(node));
    letStore();
    unseen = [...book.reports.values()].filter(({ code }) => !known.has(code));
  }
  const last = start();
  await look(await portOf(last));
  await end(last, 'SIGTERM');
  const faults = await faultsOfFolder(dataDir, book);
  for (const code of faults.lost) lost.add(code);
  const { acknowledged } = book;
  return { kills, acknowledged, lost: lost.size, corrupt: faults.corrupt };
}

async function portOf(node: MainProcess): Promise<number> {
  return Number((await node.printed(/^Farandole is at http:\/\/localhost:(\d+)$/m))[1]);
}

async function end(node: MainProcess, by: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
  node.child.kill(by);
  const how = await node.ended;
  if (how === (by === 'SIGKILL' ? by : 0)) return;
  throw new Error(`The node ended by itself (${how}):\n${node.stdout()}\n${node.stderr()}`);
}

async function goneOf(port: number, reports: readonly Promised[]): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const { code, outcome, from } of reports) {
    const answer = await ask({
      method: 'POST',
      port,
      path: REPORT_OUTCOME_PATH,
      from,
      headers: { Origin: `http://localhost:${port}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ outcome }),
    });
    if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text()}`);
    if ((answer.json() as { readonly state: string }).state === 'gone') gone.push(code);
  }
  return gone;
}

/** Holds the store's write lock for a shorter time than other writers wait for the lock. */
function holdStore(dataDir: string): () => void {
  const path = join(dataDir, STORE_FILE);
  const store = new DatabaseSync(path, { timeout: 5_000 });
  const guard = new CommitGuard(path);
  guard.watch(store);
  store.exec('begin immediate');
  return () => {
    // The node may be dead, so this may be the last connection, which deletes SQLite's log.
    guard.close();
    store.close();
  };
}
