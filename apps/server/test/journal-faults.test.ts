import assert from 'node:assert/strict';
import { constants, type FileHandle, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { JournalRecord } from '@farandole/gateway/ports';
import { brandId } from '@farandole/kernel/id';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { REMATCH_COOLDOWN_MS } from '@farandole/matchmaking/limits';
import type { FileJournalOptions } from '../src/journal/file-journal.ts';
import { type AppendableFile, JournalFile } from '../src/journal/journal-file.ts';
import { StartError } from '../src/start-error.ts';
import { type OpenedJournal, openJournal } from './support/opened-journal.ts';
import { temporaryFolder } from './support/test-server.ts';

/** Disk calls that fail for now, with their error codes. */
type Faults = Partial<Record<'write' | 'datasync' | 'truncate', string>>;

interface Opened {
  readonly path: string;
  readonly faults: { now: Faults };
  readonly codes: readonly string[];
  readonly file: JournalFile;
  append(line: string): Promise<boolean>;
}

/** A real file whose failing writes leave half of their bytes. */
async function openFaulty(t: TestContext): Promise<Opened> {
  const path = join(await temporaryFolder(t), 'lines.jsonl');
  const handle = await open(path, constants.O_CREAT | constants.O_RDWR, 0o600);
  const faults: { now: Faults } = { now: {} };
  const codes: string[] = [];
  const waiting = new Map<number, (stored: boolean) => void>();
  const file = new JournalFile(onFaultyDisk(handle, faults), 0, {
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
  return { path, faults, codes, file, append };
}

function onFaultyDisk(handle: FileHandle, faults: { readonly now: Faults }): AppendableFile {
  const failIfTold = (call: keyof Faults): void => {
    const code = faults.now[call];
    if (code !== undefined) throw failure(code);
  };
  const write = async (bytes: Buffer, offset: number, length: number, position: number) => {
    if (faults.now.write !== undefined) await handle.write(bytes, offset, length >> 1, position);
    if (faults.now.write === 'none taken') return { bytesWritten: 0, buffer: bytes };
    failIfTold('write');
    return await handle.write(bytes, offset, length, position);
  };
  return {
    write: write as AppendableFile['write'],
    datasync: async () => {
      failIfTold('datasync');
      await handle.datasync();
    },
    truncate: async (length) => {
      failIfTold('truncate');
      await handle.truncate(length);
    },
    close: () => handle.close(),
  };
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: as the test wants it`), { code });
}

test('truncates a failed write at once', async (t) => {
  for (const [faults, code] of [
    [{ write: 'ENOSPC' }, 'ENOSPC'],
    [{ write: 'none taken' }, 'unknown'],
    [{ datasync: 'EIO' }, 'EIO'],
  ] as const) {
    const disk = await openFaulty(t);
    assert.equal(await disk.append('before'), true);
    disk.faults.now = faults;
    assert.equal(await disk.append('a line that is lost'), false);
    assert.deepEqual(disk.codes, [code]);
    assert.equal(await readFile(disk.path, 'utf8'), 'before\n');
    disk.faults.now = {};
    assert.equal(await disk.append('after'), true);
    assert.equal(await readFile(disk.path, 'utf8'), 'before\nafter\n');
  }
});

test('writes nothing until a failed write is truncated', async (t) => {
  const disk = await openFaulty(t);
  await disk.append('before');
  disk.faults.now = { write: 'ENOSPC', truncate: 'EIO' };
  assert.equal(await disk.append('a long line, of which half stays on the disk'), false);
  const left = await readFile(disk.path, 'utf8');
  assert.ok(left.length > 'before\n'.length, 'half a line is there');
  disk.faults.now = { truncate: 'EIO' };
  assert.equal(await disk.append('no'), false);
  assert.equal(await readFile(disk.path, 'utf8'), left);
  disk.faults.now = {};
  assert.equal(await disk.append('yes'), true);
  assert.equal(await readFile(disk.path, 'utf8'), 'before\nyes\n');
});

test('retries a failed truncation when it closes', async (t) => {
  const disk = await openFaulty(t);
  await disk.append('before');
  disk.faults.now = { datasync: 'EIO', truncate: 'EIO' };
  assert.equal(await disk.append('not acknowledged'), false);
  disk.faults.now = {};
  await disk.file.close();
  assert.equal(await readFile(disk.path, 'utf8'), 'before\n');
});

test('refuses lines after it was closed', async (t) => {
  const disk = await openFaulty(t);
  const taken = disk.append('taken');
  const closed = disk.file.close();
  const late = disk.append('late');
  await closed;
  assert.deepEqual([await taken, await late], [true, false]);
  assert.equal(await readFile(disk.path, 'utf8'), 'taken\n');
});

function encounter(number: number, atWallMs: number): JournalRecord {
  return {
    kind: 'encounter',
    match: brandId(`match-${number.toString().padStart(6, '0')}`),
    subjects: [brandId('subject-a'), brandId('subject-b')],
    atWallMs,
  };
}

async function openUntilTheEnd(
  t: TestContext,
  options: Parameters<typeof openJournal>[0],
): Promise<OpenedJournal> {
  const opened = await openJournal(options);
  t.after(() => opened.journal.close());
  return opened;
}

test('loses nothing when a rotation fails half-way, and retries it', async (t) => {
  const dataDir = await temporaryFolder(t);
  const clock = new SimClock();
  const startMs = clock.wallMs();
  let isFailing = false;
  const openFile: FileJournalOptions['openFile'] = async (path) => {
    if (isFailing) throw failure('EMFILE');
    return await open(path, constants.O_CREAT | constants.O_RDWR, 0o600);
  };
  const { journal, events, append } = await openUntilTheEnd(t, { dataDir, clock, openFile });
  assert.equal(await append(encounter(1, startMs)), true);
  clock.advance(REMATCH_COOLDOWN_MS);
  isFailing = true;
  for (const number of [2, 3, 4]) assert.equal(await append(encounter(number, 0)), false);
  const failed = { event: 'journal-failed', file: 'encounters.jsonl', code: 'EMFILE' };
  assert.deepEqual(events, [failed, failed, failed]);
  isFailing = false;
  assert.equal(await append(encounter(5, clock.wallMs())), true);
  await journal.close();
  // Replayed at the time of the first record, before any expires.
  const again = await openUntilTheEnd(t, { dataDir, clock: new SimClock() });
  assert.deepEqual(again.journal.records, [
    encounter(1, startMs),
    encounter(5, startMs + REMATCH_COOLDOWN_MS),
  ]);
});

test('never rotates away an encounter that still counts', async (t) => {
  const dataDir = await temporaryFolder(t);
  const clock = new SimClock();
  const all: JournalRecord[] = [];
  for (let number = 0; number < 40; number++) {
    // A start may delete old files too; the next start sees the rest.
    const { journal, append } = await openUntilTheEnd(t, { dataDir, clock });
    const needed = all.filter(({ atWallMs }) => clock.wallMs() - atWallMs < REMATCH_COOLDOWN_MS);
    if (number > 0) assert.deepEqual(journal.records.slice(-needed.length || Infinity), needed);
    const record = encounter(number, clock.wallMs());
    all.push(record);
    assert.equal(await append(record), true);
    await journal.close();
    clock.advance(Math.floor(REMATCH_COOLDOWN_MS / (2 + (number % 7))));
  }
  const { records } = (await openUntilTheEnd(t, { dataDir, clock })).journal;
  assert.ok(records.length < all.length / 2, 'old ones go');
});

test("treats bytes that aren't UTF-8 as damage", async (t) => {
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

test('skips damaged encounters, says so, and reads the others', async (t) => {
  const dataDir = await temporaryFolder(t);
  const path = join(dataDir, 'encounters.jsonl');
  const clock = new SimClock();
  const [one, other] = [encounter(1, clock.wallMs()), encounter(2, clock.wallMs())];
  const text = `${JSON.stringify(one)}\nnonsense\n${JSON.stringify(other)}\n`;
  await writeFile(path, text);
  const { journal, events, append } = await openUntilTheEnd(t, { dataDir, clock });
  assert.deepEqual(journal.records, [one, other]);
  const file = 'encounters.jsonl';
  assert.deepEqual(events, [{ event: 'journal-damage-skipped', file, bytes: 9 }]);
  assert.equal(await append(encounter(3, clock.wallMs())), true);
  await journal.close();
  assert.ok((await readFile(path, 'utf8')).startsWith(text));
});
