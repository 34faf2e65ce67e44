import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { JournalRecord, ReplayedRecord, ReportRecord } from '@farandole/gateway/ports';
import { brandId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { REMATCH_COOLDOWN_MS } from '@farandole/matchmaking/limits';
import fc from 'fast-check';
import { JournalFile } from '../src/journal/journal-file.ts';
import { parseJournalRecord } from '../src/journal/journal-record.ts';
import { JOURNAL_BATCH_BYTES_MAX, JOURNAL_PENDING_MAX } from '../src/limits.ts';
import { StartError } from '../src/start-error.ts';
import { type Fault, FaultyFile } from './support/faulty-file.ts';
import { openJournal } from './support/opened-journal.ts';
import { temporaryFolder } from './support/test-server.ts';

const subject = (name: string): SubjectId => brandId<SubjectId>(`subject-${name}`);
const match = (n: number): MatchId => brandId<MatchId>(`match-${n.toString().padStart(6, '0')}`);

function block(n: number, atWallMs = 0): JournalRecord {
  const asked = {
    match: match(n),
    side: 'a',
    mark: `mark-${n.toString().padStart(6, '0')}`,
  } as const;
  return { kind: 'block', ...asked, by: subject('a'), of: subject('b'), atWallMs };
}

function unblock(n: number): JournalRecord {
  const record = block(n);
  assert.ok(record.kind === 'block' && record.side !== null && record.mark !== null);
  const { side, mark, ...rest } = record;
  return { ...rest, kind: 'unblock', side, mark };
}

function encounter(n: number, atWallMs: number): JournalRecord {
  return { kind: 'encounter', match: match(n), subjects: [subject('a'), subject('b')], atWallMs };
}

const report: ReportRecord = {
  kind: 'report',
  id: 'report-1',
  code: 'AB-12',
  match: match(1),
  by: subject('a'),
  of: subject('b'),
  ofDevice: brandId('device-of-b'),
  reason: 'other',
  note: 'a "note"\nof two lines, with \u2028 in it',
  lines: [{ side: 'b', counters: [0, 1], atMs: 5, text: '👋 "\\\n' }],
  reporterSide: 'a',
  atWallMs: 7,
};

const reported: ReplayedRecord = {
  kind: 'reported',
  id: report.id,
  code: report.code,
  match: report.match,
  by: report.by,
  of: report.of,
  reporterSide: 'a',
  atWallMs: 7,
};

const ageRefused: JournalRecord = { kind: 'age-refused', subject: subject('c'), atWallMs: 9 };

test('reads every kind of record back from its own file', async (t) => {
  const folder = await temporaryFolder(t);
  const clock = new SimClock();
  const records = [encounter(1, clock.wallMs()), ageRefused, block(1), unblock(1), report];
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

test('drops a truncated last line at any length and continues', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'blocks.jsonl');
  const whole = `${JSON.stringify(block(1))}\n${JSON.stringify(block(2))}\n`;
  const keptBytes = whole.indexOf('\n') + 1;
  for (let length = keptBytes; length < whole.length; length += 7) {
    await writeFile(path, whole.slice(0, length));
    const { journal, events, append } = await openJournal({ dataDir: folder });
    assert.deepEqual(journal.records, [block(1)]);
    const cut = { event: 'journal-tail-cut', file: 'blocks.jsonl', bytes: length - keptBytes };
    assert.deepEqual(events, length === keptBytes ? [] : [cut]);
    await append(block(3));
    await journal.close();
    const text = `${JSON.stringify(block(1))}\n${JSON.stringify(block(3))}\n`;
    assert.equal(await readFile(path, 'utf8'), text);
  }
});

test('reports other damage by file and line and changes nothing', async (t) => {
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

test("writes one turn's records in one write, in order", async (t) => {
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

test('limits a write in bytes but writes one longer line', async (t) => {
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

test('refuses a record above the limit, and not inside append', async (t) => {
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

test('keeps acknowledged records, complete and in order, under any disk fault', async (t) => {
  const folder = await temporaryFolder(t);
  const fault = fc.constantFrom<Fault>('none', 'none', 'full', 'torn', 'no-flush');
  const step = fc.record({ fault, lines: fc.integer({ min: 1, max: 4 }) });
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
      for (const { fault: next, lines } of steps) {
        file.fault = next;
        const settled = new Promise<void>((resolve) => {
          wake = resolve;
        });
        for (let i = 0; i < lines; i++, entry++) journal.append(entry, `line ${entry}`);
        await settled;
      }
      file.fault = 'none';
      await journal.close();
      assert.equal(acknowledged.length + refused.length, entry);
      const text = await readFile(path, 'utf8');
      assert.equal(text, acknowledged.map((each) => `line ${each}\n`).join(''));
    }),
    { numRuns: 100 },
  );
  assert.ok(failures > 50, 'the disk failed often');
});

test('keeps encounters for the cool-down in two files, then deletes them', async (t) => {
  const folder = await temporaryFolder(t);
  const clock = new SimClock();
  const startMs = clock.wallMs();
  const { journal, append } = await openJournal({ dataDir: folder, clock });
  await append(encounter(1, clock.wallMs()));
  clock.advance(REMATCH_COOLDOWN_MS - 1);
  await append(encounter(2, clock.wallMs()));
  assert.ok(!(await readdir(folder)).includes('encounters.previous.jsonl'));
  clock.advance(1);
  await append(encounter(3, clock.wallMs()));
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
  await append(encounter(4, clock.wallMs()));
  assert.deepEqual(await kinds(), ['encounters.jsonl: 4', 'encounters.previous.jsonl: 3']);
  await journal.close();

  const again = await openJournal({ dataDir: folder, clock });
  assert.deepEqual(again.journal.records, [
    encounter(3, startMs + REMATCH_COOLDOWN_MS),
    encounter(4, startMs + 2 * REMATCH_COOLDOWN_MS),
  ]);
  await again.journal.close();
  clock.advance(REMATCH_COOLDOWN_MS);
  await (await openJournal({ dataDir: folder, clock })).journal.close();
  assert.deepEqual(await kinds(), ['encounters.jsonl: 4']);
});

test('never drops blocks and reports', async (t) => {
  const folder = await temporaryFolder(t);
  const clock = new SimClock();
  const { journal, append } = await openJournal({ dataDir: folder, clock });
  await append(block(1, clock.wallMs()));
  clock.advance(400 * REMATCH_COOLDOWN_MS);
  await append(block(2, clock.wallMs()));
  await journal.close();
  const again = await openJournal({ dataDir: folder, clock });
  assert.equal(again.journal.records.length, 2);
  await again.journal.close();
});

test('loses no acknowledged record when the process is killed', async (t) => {
  const folder = await temporaryFolder(t);
  const module = join(import.meta.dirname, '..', 'src', 'journal', 'file-journal.ts');
  // Writes continuously and prints each number once acknowledged.
  const program = `
    const { FileJournal } = await import(${JSON.stringify(module)});
    const { writeSync } = await import('node:fs');
    let next = Number(process.argv[1]);
    const journal = await FileJournal.open({
      dataDir: ${JSON.stringify(folder)},
      clock: { monotonicMs: () => 0, wallMs: () => 0 },
      log: () => {},
      seal: { seal: () => ({}), open: () => '' },
      restMs: 0,
      onSettled: (entries, stored) => {
        if (!stored) process.exit(3);
        writeSync(1, entries.map((entry) => entry + '\\n').join(''));
        append();
      },
    });
    const append = () => {
      const n = next++;
      const match = 'match-' + String(n).padStart(6, '0');
      journal.append(n, { kind: 'block', match, by: 'subject-a', of: 'subject-b', atWallMs: 0 });
    };
    for (let i = 0; i < 8; i++) append();
  `;
  let next = 0;
  for (let kill = 0; kill < 10; kill++) {
    const child = spawn(
      process.execPath,
      ['--input-type=module', '--eval', program, String(next)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    t.after(() => child.kill('SIGKILL'));
    let output = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk: string) => {
      output += chunk;
      if (output.length > 200 * (kill + 1)) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const acknowledged = output.slice(0, output.lastIndexOf('\n')).split('\n').map(Number);
    assert.ok(acknowledged.length > 10, 'it wrote');
    const { journal } = await openJournal({ dataDir: folder });
    const stored = new Set(
      journal.records.map((record) => (record.kind === 'block' ? record.match : null)),
    );
    await journal.close();
    const lost = acknowledged.filter((n) => !stored.has(match(n)));
    assert.deepEqual(lost, [], `kill ${kill}`);
    next = Math.max(...acknowledged) + 100;
  }
});

test('accepts only valid records from any line', () => {
  for (const record of [encounter(1, 5), block(1), unblock(1), report, reported, ageRefused]) {
    assert.deepEqual(parseJournalRecord(JSON.stringify(record)), record);
    for (const key of Object.keys(record)) {
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

test("refuses a folder whose files can't be opened, with a reason", async (t) => {
  await assert.rejects(
    openJournal({
      dataDir: await temporaryFolder(t),
      openFile: () => Promise.reject(Object.assign(new Error('no'), { code: 'EROFS' })),
    }),
    (error) => error instanceof StartError && /cannot be written \(EROFS\)/.test(error.message),
  );
});
