import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { JournalRecord } from '@farandole/gateway/ports';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { REMATCH_COOLDOWN_MS } from '@farandole/matchmaking/limits';
import type { FileJournalOptions } from '../src/journal/file-journal.ts';
import { JournalFile } from '../src/journal/journal-file.ts';
import { StartError } from '../src/start-error.ts';
import { diskError, FaultyFile } from './support/faulty-file.ts';
import { type OpenedJournal, openJournal } from './support/opened-journal.ts';
import { encounterRecord } from './support/records.ts';
import { temporaryFolder } from './support/test-server.ts';

async function openFaulty(t: TestContext) {
  const path = join(await temporaryFolder(t), 'lines.jsonl');
  const disk = await FaultyFile.open(path);
  const codes: string[] = [];
  const waiting = new Map<number, (stored: boolean) => void>();
  const file = new JournalFile(disk, 0, {
    onSettled: (entries, stored) => {
      for (const entry of entries) waiting.get(entry)?.(stored);
    },
    onFailed: (code) => codes.push(code),
  });
  t.after(() => file.close());
  const append = (line: string): Promise<boolean> =>
    new Promise((resolve) => {
      const entry = waiting.size;
      waiting.set(entry, resolve);
      file.append(entry, line);
    });
  return { path, disk, codes, file, append };
}

test('truncates the journal at once after a failed write', async (t) => {
  for (const [faults, code] of [
    [{ write: 'ENOSPC' }, 'ENOSPC'],
    [{ write: 'none taken' }, 'unknown'],
    [{ datasync: 'EIO' }, 'EIO'],
  ] as const) {
    const opened = await openFaulty(t);
    assert.equal(await opened.append('before'), true);
    opened.disk.faults = faults;
    assert.equal(await opened.append('a line that is lost'), false);
    assert.deepEqual(opened.codes, [code]);
    assert.equal(await readFile(opened.path, 'utf8'), 'before\n');
    opened.disk.faults = {};
    assert.equal(await opened.append('after'), true);
    assert.equal(await readFile(opened.path, 'utf8'), 'before\nafter\n');
  }
});

test('writes no journal line until the failed write is truncated', async (t) => {
  const opened = await openFaulty(t);
  await opened.append('before');
  opened.disk.faults = { write: 'ENOSPC', truncate: 'EIO' };
  assert.equal(await opened.append('a long line, of which half stays on the disk'), false);
  const left = await readFile(opened.path, 'utf8');
  assert.ok(left.length > 'before\n'.length, 'half a line is there');
  opened.disk.faults = { truncate: 'EIO' };
  assert.equal(await opened.append('no'), false);
  assert.equal(await readFile(opened.path, 'utf8'), left);
  opened.disk.faults = {};
  assert.equal(await opened.append('yes'), true);
  assert.equal(await readFile(opened.path, 'utf8'), 'before\nyes\n');
});

test('retries a failed truncation when the journal closes', async (t) => {
  const opened = await openFaulty(t);
  await opened.append('before');
  opened.disk.faults = { datasync: 'EIO', truncate: 'EIO' };
  assert.equal(await opened.append('not acknowledged'), false);
  opened.disk.faults = {};
  await opened.file.close();
  assert.equal(await readFile(opened.path, 'utf8'), 'before\n');
});

test('refuses journal lines after the journal was closed', async (t) => {
  const opened = await openFaulty(t);
  const taken = opened.append('taken');
  const closed = opened.file.close();
  const late = opened.append('late');
  await closed;
  assert.deepEqual([await taken, await late], [true, false]);
  assert.equal(await readFile(opened.path, 'utf8'), 'taken\n');
});

async function openUntilTheEnd(
  t: TestContext,
  options: Parameters<typeof openJournal>[0],
): Promise<OpenedJournal> {
  const opened = await openJournal(options);
  t.after(() => opened.journal.close());
  return opened;
}

test('loses no journal record when a file rotation fails half-way, and retries', async (t) => {
  const dataDir = await temporaryFolder(t);
  const clock = new SimClock();
  const startMs = clock.wallMs();
  let isFailing = false;
  const openFile: FileJournalOptions['openFile'] = async (path) => {
    if (isFailing) throw diskError('EMFILE');
    return await FaultyFile.open(path);
  };
  const { journal, events, append } = await openUntilTheEnd(t, { dataDir, clock, openFile });
  assert.equal(await append(encounterRecord(1, startMs)), true);
  clock.advance(REMATCH_COOLDOWN_MS);
  isFailing = true;
  for (const number of [2, 3, 4]) assert.equal(await append(encounterRecord(number, 0)), false);
  const failed = { event: 'journal-failed', file: 'encounters.jsonl', code: 'EMFILE' };
  assert.deepEqual(events, [failed, failed, failed]);
  isFailing = false;
  assert.equal(await append(encounterRecord(5, clock.wallMs())), true);
  await journal.close();
  // The journal is replayed at the date of the first record, when no record has expired yet.
  const again = await openUntilTheEnd(t, { dataDir, clock: new SimClock() });
  assert.deepEqual(again.journal.records, [
    encounterRecord(1, startMs),
    encounterRecord(5, startMs + REMATCH_COOLDOWN_MS),
  ]);
});

test('never deletes the record of an encounter that still prevents a rematch', async (t) => {
  const dataDir = await temporaryFolder(t);
  const clock = new SimClock();
  const all: JournalRecord[] = [];
  for (let number = 0; number < 40; number++) {
    // A start may delete old files too. Then the next start finds only the records that are still
    // needed.
    const { journal, append } = await openUntilTheEnd(t, { dataDir, clock });
    const needed = all.filter(({ atWallMs }) => clock.wallMs() - atWallMs < REMATCH_COOLDOWN_MS);
    if (number > 0) assert.deepEqual(journal.records.slice(-needed.length || Infinity), needed);
    const record = encounterRecord(number, clock.wallMs());
    all.push(record);
    assert.equal(await append(record), true);
    await journal.close();
    clock.advance(Math.floor(REMATCH_COOLDOWN_MS / (2 + (number % 7))));
  }
  const { records } = (await openUntilTheEnd(t, { dataDir, clock })).journal;
  assert.ok(records.length < all.length / 2, 'old ones go');
});

test("treats journal bytes that aren't UTF-8 as damage", async (t) => {
  const dataDir = await temporaryFolder(t);
  const path = join(dataDir, 'ages.jsonl');
  const clock = new SimClock();
  const atWallMs = clock.wallMs();
  const line = { kind: 'age-refused', subject: 'subject-a', atWallMs, extra: '\u00ff' };
  for (const [encoding, isRead] of [
    ['utf8', true],
    ['latin1', false],
  ] as const) {
    await writeFile(path, Buffer.from(`${JSON.stringify(line)}\n`, encoding));
    const opening = openUntilTheEnd(t, { dataDir, clock });
    if (isRead) assert.equal((await opening).journal.records.length, 1);
    else {
      await assert.rejects(
        opening,
        (error: unknown) => error instanceof StartError && error.message.startsWith(`${path}:1 `),
      );
    }
  }
});

test('skips and logs damaged encounter records and reads the others', async (t) => {
  const dataDir = await temporaryFolder(t);
  const path = join(dataDir, 'encounters.jsonl');
  const clock = new SimClock();
  const [one, other] = [encounterRecord(1, clock.wallMs()), encounterRecord(2, clock.wallMs())];
  const text = `${JSON.stringify(one)}\nnonsense\n${JSON.stringify(other)}\n`;
  await writeFile(path, text);
  const { journal, events, append } = await openUntilTheEnd(t, { dataDir, clock });
  assert.deepEqual(journal.records, [one, other]);
  const file = 'encounters.jsonl';
  assert.deepEqual(events, [{ event: 'journal-damage-skipped', file, bytes: 9 }]);
  assert.equal(await append(encounterRecord(3, clock.wallMs())), true);
  await journal.close();
  assert.ok((await readFile(path, 'utf8')).startsWith(text));
});
