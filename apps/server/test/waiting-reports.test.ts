import assert from 'node:assert/strict';
import { constants, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ReportRecord } from '@farandole/gateway/ports';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { StoreError } from '@farandole/storage/store-error';
import { TextEncryption } from '@farandole/storage/text-encryption';
import { FileJournal, type FileJournalOptions } from '../src/journal/file-journal.ts';
import { WAITING_FILE_BYTES, WAITING_REPORTS_MAX } from '../src/limits.ts';
import { ReportIntake } from '../src/outbox/report-intake.ts';
import { StartError } from '../src/start-error.ts';
import { reportedRecord, reportRecord } from './support/records.ts';
import { TEST_SEAL, temporaryFolder } from './support/test-server.ts';

const WAITING = ['reports.waiting-1.jsonl', 'reports.waiting-2.jsonl'];

class FakeStore implements Pick<ModerationStore, 'run'> {
  works = true;
  readonly taken: string[] = [];
  readonly evidence: string[] = [];

  async run(_: string, input: unknown): Promise<never> {
    await Promise.resolve();
    if (!this.works) throw new StoreError('failed', 'out of reach');
    const { id, evidence } = (input as { report: { id: string; evidence: string } }).report;
    this.taken.push(id);
    this.evidence.push(evidence);
    return null as never;
  }
}

interface Node {
  readonly journal: FileJournal;
  readonly intake: ReportIntake;
  report(record: ReportRecord): Promise<boolean>;
  close(): Promise<void>;
}

async function startNode(
  t: TestContext,
  dataDir: string,
  store: FakeStore,
  options: Partial<FileJournalOptions> = {},
): Promise<Node> {
  const clock = new SimClock();
  const waiting = new Map<number, (stored: boolean) => void>();
  const journal = await FileJournal.open({
    dataDir,
    clock,
    seal: TEST_SEAL,
    log: () => {},
    onSettled: (entries, stored) => {
      for (const entry of entries) waiting.get(entry)?.(stored);
      intake.settled(entries, stored);
    },
    ...options,
  });
  let next = 0;
  const intake = new ReportIntake({
    journal,
    store: store as Pick<ModerationStore, 'run'>,
    clock: { monotonicMs: () => 0, wallMs: () => 2_000 },
    freshId: () => `case-${next}`,
    chance: () => 0,
    onTaken: () => {},
  });
  const close = async (): Promise<void> => {
    await intake.whenIdle();
    await journal.close();
  };
  t.after(close);
  return {
    journal,
    intake,
    report: (record) =>
      new Promise((resolve) => {
        waiting.set(next, resolve);
        intake.recorded(next, record);
        journal.append(next++, record);
      }),
    close,
  };
}

/** Journal options that turn flushes off, for tests with many writes. */
const unflushed: Partial<FileJournalOptions> = {
  restMs: 0,
  openFile: async (path) =>
    Object.assign(await openOrMake(path), {
      datasync: () => Promise.resolve(),
    }),
};

/** A disk that refuses writes while `isFull` is set. */
function diskThatFills(): { isFull: boolean; readonly openFile: typeof openOrMake } {
  const disk = {
    isFull: false,
    openFile: async (path: string) => {
      const file = await openOrMake(path);
      const write = file.write.bind(file);
      return Object.assign(file, {
        write: async (...args: Parameters<typeof write>) => {
          if (disk.isFull) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
          return await write(...args);
        },
      });
    },
  };
  return disk;
}

const openOrMake = (path: string): ReturnType<typeof open> =>
  open(path, constants.O_CREAT | constants.O_RDWR, 0o600);

async function textOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('reports'));
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')]);
  return Object.fromEntries(await Promise.all(texts)) as Record<string, string>;
}

test("[GW-55] marks forged chat lines in the report's case, even after a restart", async (t) => {
  const folder = await temporaryFolder(t);
  const store = new FakeStore();
  const node = await startNode(t, folder, store, unflushed);
  const without = { lines: [] };
  const forged = { ...reportRecord(3), ...without, contradicted: true } as const;
  const all: readonly ReportRecord[] = [
    reportRecord(1),
    { ...reportRecord(2), ...without },
    forged,
  ];
  store.works = false;
  await Promise.all(all.map((one) => node.report(one)));
  await node.close();
  store.works = true;
  const next = await startNode(t, folder, store, unflushed);
  await next.intake.whenTaken();
  assert.deepEqual(store.evidence, ['verified', 'inconclusive', 'contradicted']);
});

test('[ST-10] keeps an acknowledged report encrypted until a case has it', async (t) => {
  const folder = await temporaryFolder(t);
  const store = new FakeStore();
  store.works = false;
  const first = await startNode(t, folder, store);
  assert.equal(await first.report(reportRecord(1)), true);
  const before = await textOf(folder);
  assert.ok(Object.values(before).join('').includes('match-000001'), 'it is there');
  assert.ok(!Object.values(before).join('').includes('canary'), 'and nobody reads it');
  await first.close();

  // The next process must find the complete report.
  store.works = true;
  const second = await startNode(t, folder, store);
  assert.deepEqual(second.journal.waiting, [reportRecord(1)]);
  assert.deepEqual(second.journal.records, [reportRecord(1)]);
  assert.equal(await second.intake.takeUntaken(), false);
  await second.close();
  assert.deepEqual(store.taken, ['match-000001-a']);
  assert.deepEqual(await textOf(folder), {
    'reports.jsonl': `${JSON.stringify(reportedRecord(reportRecord(1)))}\n`,
    ...Object.fromEntries(WAITING.map((name) => [name, ''])),
  });
  // The process after the next one must still know that the call was reported.
  const third = await startNode(t, folder, store);
  assert.deepEqual(third.journal.records, [reportedRecord(reportRecord(1))]);
});

test('[ST-1] retries a failed report until the store has it, without duplicates', async (t) => {
  const folder = await temporaryFolder(t);
  const store = new FakeStore();
  const node = await startNode(t, folder, store, unflushed);
  store.works = false;
  for (let n = 0; n < 150; n++) assert.equal(await node.report(reportRecord(n)), true);
  await assert.rejects(node.intake.takeUntaken(), { code: 'failed' });
  assert.deepEqual(store.taken, []);
  store.works = true;
  assert.equal(await node.intake.takeUntaken(), true, 'there is more');
  assert.equal(await node.intake.takeUntaken(), false);
  await node.close();
  assert.equal(new Set(store.taken).size, 150);
  assert.equal(store.taken.length, 150);
  for (const name of WAITING) assert.equal((await textOf(folder))[name], '');
});

test('[ST-10] limits the size of waiting report files while reports keep coming', async (t) => {
  const folder = await temporaryFolder(t);
  const store = new FakeStore();
  const node = await startNode(t, folder, store, unflushed);
  const long = 'x'.repeat(10_000);
  let longest = 0;
  // Two reports overlap in time, so that one is always waiting for the store.
  let last = node.report(reportRecord(0, { note: long }));
  for (let n = 1; n < 3 * (WAITING_FILE_BYTES / long.length); n++) {
    const next = node.report(reportRecord(n, { note: long }));
    await last;
    last = next;
    if (n % 20 > 0) continue;
    await node.intake.takeUntaken();
    node.intake.releaseTaken();
    for (const text of Object.values(await textOf(folder)).slice(1)) {
      longest = Math.max(longest, text.length);
    }
  }
  await last;
  await node.close();
  assert.ok(longest < 2 * WAITING_FILE_BYTES, `${longest} bytes`);
  for (const name of WAITING) assert.equal((await textOf(folder))[name], '');
});

test('[ST-10] retries recording that a report is stored, then deletes its text', async (t) => {
  const folder = await temporaryFolder(t);
  const disk = diskThatFills();
  const node = await startNode(t, folder, new FakeStore(), {
    restMs: 0,
    openFile: disk.openFile,
    log: (event) => {
      if (event.event === 'journal-failed') failed.resolve();
    },
  });
  const failed = Promise.withResolvers<void>();
  assert.equal(await node.report(reportRecord(1)), true);
  await node.intake.takeUntaken();
  disk.isFull = true;
  node.intake.releaseTaken();
  await failed.promise;
  await new Promise(setImmediate);
  assert.match((await textOf(folder))[WAITING[0] ?? ''] ?? '', /match-000001/);
  disk.isFull = false;
  await node.close();
  assert.deepEqual(await textOf(folder), {
    'reports.jsonl': `${JSON.stringify(reportedRecord(reportRecord(1)))}\n`,
    ...Object.fromEntries(WAITING.map((name) => [name, ''])),
  });
});

test('[ST-1] moves a report into a case on request while others arrive', async (t) => {
  const folder = await temporaryFolder(t);
  const store = new FakeStore();
  const node = await startNode(t, folder, store, unflushed);
  let n = 0;
  let isAsked = true;
  const others = async (): Promise<void> => {
    // Two reports overlap in time, so that one is always waiting for the store.
    let last = node.report(reportRecord(++n));
    while (isAsked && n < 5_000) {
      const next = node.report(reportRecord(++n));
      await last;
      last = next;
    }
    await last;
  };
  await node.report(reportRecord(0));
  const reporting = others();
  await node.intake.whenTaken();
  assert.ok(store.taken.includes('match-000000-a'));
  assert.ok(n < 5_000, `${n} more came before`);
  isAsked = false;
  await reporting;
});

test('refuses a report above the limit of waiting reports, keeps earlier ones', async (t) => {
  const folder = await temporaryFolder(t);
  const store = new FakeStore();
  store.works = false;
  const node = await startNode(t, folder, store, unflushed);
  const all = Array.from({ length: WAITING_REPORTS_MAX }, (_, n) => node.report(reportRecord(n)));
  const oneOver = node.report(reportRecord(WAITING_REPORTS_MAX));
  assert.ok((await Promise.all(all)).every(Boolean));
  assert.equal(await oneOver, false);
  store.works = true;
  while (await node.intake.takeUntaken());
  // Once the journal records that the store took reports, it has room for others.
  while (!(await node.report(reportRecord(WAITING_REPORTS_MAX + 1)))) {
    node.intake.releaseTaken();
    await new Promise(setImmediate);
  }
  await node.close();
  assert.equal(store.taken.length, WAITING_REPORTS_MAX + 1);
});

test('[ST-2] refuses a report on a full disk without leaving traces', async (t) => {
  const folder = await temporaryFolder(t);
  const disk = diskThatFills();
  const node = await startNode(t, folder, new FakeStore(), {
    openFile: disk.openFile,
  });
  disk.isFull = true;
  assert.equal(await node.report(reportRecord(1)), false);
  disk.isFull = false;
  assert.equal(await node.report(reportRecord(1)), true);
  await node.close();
  assert.equal(
    (await textOf(folder))['reports.jsonl'],
    `${JSON.stringify(reportedRecord(reportRecord(1)))}\n`,
  );
});

test("[ST-10] encrypts an earlier version's plain reports at start, even without a store", async (t) => {
  const folder = await temporaryFolder(t);
  const earlier = [reportRecord(1), reportedRecord(reportRecord(2)), reportRecord(3)];
  const text = earlier.map((record) => `${JSON.stringify(record)}\n`).join('');
  await writeFile(join(folder, 'reports.jsonl'), text);
  const store = new FakeStore();
  const node = await startNode(t, folder, store);
  assert.deepEqual(node.journal.waiting, [reportRecord(1), reportRecord(3)]);
  assert.ok(
    !Object.values(await textOf(folder))
      .join('')
      .includes('canary'),
  );
  await node.intake.takeUntaken();
  await node.close();
  const again = await startNode(t, folder, store);
  assert.deepEqual(again.journal.waiting, []);
  assert.deepEqual(
    again.journal.records.map((record) => record.kind === 'reported' && record.id),
    ['report-2', 'report-1', 'report-3'],
  );
});

test('[ST-12] refuses to start with damaged or foreign waiting reports, leaving them unchanged', async (t) => {
  const folder = await temporaryFolder(t);
  const store = new FakeStore();
  store.works = false;
  const node = await startNode(t, folder, store);
  await node.report(reportRecord(1));
  await node.close();
  const path = join(folder, WAITING[0] ?? '');
  const sealed = await readFile(path, 'utf8');
  const starting = (seal: TextEncryption) => startNode(t, folder, store, { seal });
  const says = (pattern: RegExp) => (error: unknown) =>
    error instanceof StartError && pattern.test(error.message);
  await assert.rejects(
    starting(new TextEncryption(new Uint8Array(32).fill(1))),
    says(/waiting-1\.jsonl:1 was encrypted with another key.*keys\.json/),
  );
  assert.equal(await readFile(path, 'utf8'), sealed);
  for (const damaged of [
    'nonsense\n',
    sealed.replace('"sealed"', '"seeled"'),
    '{"kind":"report"}\n',
  ]) {
    await writeFile(path, damaged);
    await assert.rejects(starting(TEST_SEAL), says(/waiting-1\.jsonl:1 is damaged/));
    assert.equal(await readFile(path, 'utf8'), damaged);
  }
});
