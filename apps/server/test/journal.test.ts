import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { JournalRecord } from '@farandole/gateway/ports';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { REMATCH_COOLDOWN_MS } from '@farandole/matchmaking/limits';
import { subject } from '@farandole/storage/test/desk';
import fc from 'fast-check';
import { JournalFile } from '../src/journal/journal-file.ts';
import { parseJournalRecord } from '../src/journal/journal-record.ts';
import { JOURNAL_BATCH_BYTES_MAX, JOURNAL_PENDING_MAX } from '../src/limits.ts';
import { StartError } from '../src/start-error.ts';
import { type Faults, FaultyFile } from './support/faulty-file.ts';
import { openJournal } from './support/opened-journal.ts';
import {
  blockRecord,
  encounterRecord,
  reportedRecord,
  reportRecord,
  unblockRecord,
} from './support/records.ts';
import { temporaryFolder } from './support/test-server.ts';

const unblock = (n: number): JournalRecord => unblockRecord(blockRecord(n));
const report = reportRecord(1, {
  note: 'a "note"\nof two lines, with \u2028 in it',
  lines: [{ side: 'b', counters: [0, 1], atMs: 5, text: '👋 "\\\n' }],
});
const reported = reportedRecord(report);
const ageRefused: JournalRecord = { kind: 'age-refused', subject: subject('c'), atWallMs: 9 };

test('reads every kind of journal record back from its own file', async (t) => {
  const folder = await temporaryFolder(t);
  const clock = new SimClock();
  const records = [
    encounterRecord(1, clock.wallMs()),
    ageRefused,
    blockRecord(1),
    unblock(1),
    report,
  ];
  const first = await openJournal({ dataDir: folder, clock });
  assert.deepEqual(first.journal.records, []);
  for (const record of records) assert.equal(await first.append(record), true);
  await first.journal.close();
  assert.deepEqual((await readdir(folder)).toSorted(), [
    'ages.jsonl',
    'blocks.jsonl',
    'encounters.jsonl',
    'reports.jsonl',
    'reports.waiting-1.jsonl',
    'reports.waiting-2.jsonl',
  ]);
  for (const name of await readdir(folder)) {
    assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600);
  }
  const second = await openJournal({ dataDir: folder, clock });
  assert.deepEqual(second.journal.records, records);
  assert.deepEqual(second.events, []);
  await second.journal.close();
});

test('drops a truncated last journal line of any length and continues', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'blocks.jsonl');
  const whole = `${JSON.stringify(blockRecord(1))}\n${JSON.stringify(blockRecord(2))}\n`;
  const keptBytes = whole.indexOf('\n') + 1;
  for (let length = keptBytes; length < whole.length; length += 7) {
    await writeFile(path, whole.slice(0, length));
    const { journal, events, append } = await openJournal({ dataDir: folder });
    assert.deepEqual(journal.records, [blockRecord(1)]);
    const cut = { event: 'journal-tail-cut', file: 'blocks.jsonl', bytes: length - keptBytes };
    assert.deepEqual(events, length === keptBytes ? [] : [cut]);
    await append(blockRecord(3));
    await journal.close();
    const text = `${JSON.stringify(blockRecord(1))}\n${JSON.stringify(blockRecord(3))}\n`;
    assert.equal(await readFile(path, 'utf8'), text);
  }
});

test('reports a damaged earlier journal line by file and line number', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'reports.jsonl');
  const line = JSON.stringify(report);
  for (const [text, place] of [
    [`${line}\nnonsense\n${line}\n`, 2],
    [`\n${line}\n`, 1],
    [`${line}\n{"kind":"report"}\n`, 2],
    [`${line}\n${line.replace('"report"', '"rapport"')}\n`, 2],
    [`${'\0'.repeat(64)}\n`, 1],
    [`${line}\r\n${line}x\n`, 2],
  ] as const) {
    await writeFile(path, text);
    await assert.rejects(
      openJournal({ dataDir: folder }),
      (error) => error instanceof StartError && error.message.startsWith(`${path}:${place} `),
    );
    assert.equal(await readFile(path, 'utf8'), text);
  }
});

test("writes one event-loop turn's journal records at once, in the order appended", async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'lines');
  const file = await FaultyFile.open(path);
  const settled: number[] = [];
  const journal = new JournalFile(file, 0, {
    onSettled: (entries) => void settled.push(...entries),
    onFailed: () => {},
  });
  for (let entry = 0; entry < 100; entry++) journal.append(entry, `line ${entry}`);
  assert.equal(settled.length, 0, 'nothing settles inside append');
  await journal.close();
  assert.equal(file.flushes, 1);
  assert.deepEqual(
    settled,
    Array.from({ length: 100 }, (_, entry) => entry),
  );
  const text = await readFile(path, 'utf8');
  assert.equal(text, settled.map((entry) => `line ${entry}\n`).join(''));
});

test('limits the bytes of a journal write, except for one longer line', async (t) => {
  const path = join(await temporaryFolder(t), 'lines');
  const file = await FaultyFile.open(path);
  const batches: number[] = [];
  const journal = new JournalFile(file, 0, {
    onSettled: (entries) => batches.push(entries.length),
    onFailed: () => {},
  });
  const half = 'x'.repeat(JOURNAL_BATCH_BYTES_MAX / 2 - 1);
  for (const line of [half, half, 'one over', 'y'.repeat(JOURNAL_BATCH_BYTES_MAX + 1), 'z']) {
    journal.append(0, line);
  }
  await journal.close();
  assert.deepEqual(batches, [2, 1, 1, 1]);
});

test('reports an oversized journal record as lost, after append returned', async (t) => {
  const path = join(await temporaryFolder(t), 'lines');
  const file = await FaultyFile.open(path);
  const gate = Promise.withResolvers<void>();
  file.gate = gate.promise;
  const stored: number[] = [];
  const lost: number[] = [];
  const journal = new JournalFile(file, 0, {
    onSettled: (entries, isStored) => (isStored ? stored : lost).push(...entries),
    onFailed: () => {},
  });
  for (let entry = 0; entry < JOURNAL_PENDING_MAX; entry++) journal.append(entry, 'l');
  journal.append(-1, 'one over');
  assert.deepEqual(lost, []);
  await Promise.resolve();
  assert.deepEqual(lost, [-1]);
  gate.resolve();
  await journal.close();
  assert.equal(stored.length, JOURNAL_PENDING_MAX);
  assert.deepEqual(lost, [-1]);
});

test('keeps all acknowledged journal records in append order under any disk fault', async (t) => {
  const folder = await temporaryFolder(t);
  const faults = fc.constantFrom<Faults>(
    {},
    {},
    { write: 'ENOSPC', truncate: 'EIO' },
    { write: 'none taken' },
    { datasync: 'EIO', truncate: 'EIO' },
  );
  const step = fc.record({ faults, lines: fc.integer({ min: 1, max: 4 }) });
  let run = 0;
  let failures = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const path = join(folder, `lines-${run++}`);
      const file = await FaultyFile.open(path);
      const acknowledged: number[] = [];
      const refused: number[] = [];
      let wake = (): void => {};
      const journal = new JournalFile(file, 0, {
        onSettled: (entries, stored) => {
          (stored ? acknowledged : refused).push(...entries);
          wake();
        },
        onFailed: () => {
          failures += 1;
        },
      });
      let entry = 0;
      for (const { faults: next, lines } of steps) {
        file.faults = next;
        const settled = new Promise<void>((resolve) => {
          wake = resolve;
        });
        for (let i = 0; i < lines; i++, entry++) journal.append(entry, `line ${entry}`);
        await settled;
      }
      file.faults = {};
      await journal.close();
      assert.equal(acknowledged.length + refused.length, entry);
      const text = await readFile(path, 'utf8');
      assert.equal(text, acknowledged.map((each) => `line ${each}\n`).join(''));
    }),
    { numRuns: 100 },
  );
  assert.ok(failures > 50, 'the disk failed often');
});

test('keeps encounter records for the cool-down in two files, then deletes them', async (t) => {
  const folder = await temporaryFolder(t);
  const clock = new SimClock();
  const startMs = clock.wallMs();
  const { journal, append } = await openJournal({ dataDir: folder, clock });
  await append(encounterRecord(1, clock.wallMs()));
  clock.advance(REMATCH_COOLDOWN_MS - 1);
  await append(encounterRecord(2, clock.wallMs()));
  assert.ok(!(await readdir(folder)).includes('encounters.previous.jsonl'));
  clock.advance(1);
  await append(encounterRecord(3, clock.wallMs()));
  const kinds = async (): Promise<string[]> => {
    const names = (await readdir(folder)).filter((name) => name.startsWith('encounters'));
    return await Promise.all(
      names.toSorted().map(async (name) => {
        const lines = (await readFile(join(folder, name), 'utf8')).trimEnd().split('\n');
        return `${name}: ${lines.map((line) => Number(/match-(\d+)/.exec(line)?.[1])).join()}`;
      }),
    );
  };
  assert.deepEqual(await kinds(), ['encounters.jsonl: 3', 'encounters.previous.jsonl: 1,2']);
  clock.advance(REMATCH_COOLDOWN_MS);
  await append(encounterRecord(4, clock.wallMs()));
  assert.deepEqual(await kinds(), ['encounters.jsonl: 4', 'encounters.previous.jsonl: 3']);
  await journal.close();

  const again = await openJournal({ dataDir: folder, clock });
  assert.deepEqual(again.journal.records, [
    encounterRecord(3, startMs + REMATCH_COOLDOWN_MS),
    encounterRecord(4, startMs + 2 * REMATCH_COOLDOWN_MS),
  ]);
  await again.journal.close();
  clock.advance(REMATCH_COOLDOWN_MS);
  await (await openJournal({ dataDir: folder, clock })).journal.close();
  assert.deepEqual(await kinds(), ['encounters.jsonl: 4']);
});

test('never drops the journal record of a block or report', async (t) => {
  const folder = await temporaryFolder(t);
  const clock = new SimClock();
  const { journal, append } = await openJournal({ dataDir: folder, clock });
  await append(blockRecord(1, { atWallMs: clock.wallMs() }));
  clock.advance(400 * REMATCH_COOLDOWN_MS);
  await append(blockRecord(2, { atWallMs: clock.wallMs() }));
  await journal.close();
  const again = await openJournal({ dataDir: folder, clock });
  assert.equal(again.journal.records.length, 2);
  await again.journal.close();
});

test('parses valid journal records and returns null for any other line', () => {
  for (const record of [
    encounterRecord(1, 5),
    blockRecord(1),
    unblock(1),
    report,
    reported,
    ageRefused,
  ]) {
    assert.deepEqual(parseJournalRecord(JSON.stringify(record)), record);
    for (const key of Object.keys(record)) {
      // `ofDevice` is optional in this record. It is tested with the other fields of a separation.
      if (record.kind === 'reported' && key === 'ofDevice') continue;
      const lacking = Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
      assert.equal(parseJournalRecord(JSON.stringify(lacking)), null, `${record.kind}.${key}`);
      for (const value of [-1, 0.5, [], {}, null, true]) {
        if (key === 'note' && value === null) continue;
        if (key === 'lines' && Array.isArray(value)) continue;
        const changed = JSON.stringify({ ...record, [key]: value });
        assert.equal(
          parseJournalRecord(changed),
          null,
          `${record.kind}.${key} = ${JSON.stringify(value)}`,
        );
      }
    }
  }
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
      assert.equal(parseJournalRecord(line), null);
    }),
  );
});

test("refuses a folder whose journal files can't be opened, with a reason", async (t) => {
  await assert.rejects(
    openJournal({
      dataDir: await temporaryFolder(t),
      openFile: () => Promise.reject(Object.assign(new Error('no'), { code: 'EROFS' })),
    }),
    (error) => error instanceof StartError && /cannot be written \(EROFS\)/.test(error.message),
  );
});
