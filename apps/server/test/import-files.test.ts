import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { type TestContext, test } from 'node:test';
import { PairLedger } from '@farandole/gateway/pair-ledger';
import type { ReplayedRecord } from '@farandole/gateway/ports';
import type { SubjectId } from '@farandole/kernel/id';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { CASE_KEPT_MS } from '@farandole/moderation/limits';
import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { loadStore } from '@farandole/storage/backup/load';
import { reportFrom, subject } from '@farandole/storage/test/desk';
import { memoryStore } from '@farandole/storage/test/memory-store';
import { TextEncryption } from '@farandole/storage/text-encryption';
import { readKeys } from '../src/keys/keys.ts';
import { IMPORTED_KEPT_MS } from '../src/limits.ts';
import type { LogEvent } from '../src/observe/log.ts';
import { StartError } from '../src/start-error.ts';
import { importFiles, removeImported } from '../src/store/import-files.ts';
import { openStore, STORE_FILE } from '../src/store/open-store.ts';
import {
  blockRecord,
  matchOf,
  reportRecord,
  sealedLine,
  unblockRecord,
} from './support/records.ts';
import { startTestServer, TEST_SEAL, temporaryFolder } from './support/test-server.ts';

const NOW_MS = 1_800_000_000_000;
const [A, B, C] = [subject('a'), subject('b'), subject('c')];

async function write(folder: string, files: Readonly<Record<string, readonly unknown[]>>) {
  for (const [name, lines] of Object.entries(files)) {
    const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
    await writeFile(join(folder, name), text.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  }
}

async function importInto(
  dataDir: string,
  store: Pick<ModerationStore, 'run'>,
  change: { readonly seal?: TextEncryption } = {},
): Promise<readonly LogEvent[]> {
  const events: LogEvent[] = [];
  let fresh = 0;
  await importFiles({
    ...{ dataDir, store, nowMs: NOW_MS, log: (event) => void events.push(event) },
    seal: change.seal ?? TEST_SEAL,
    freshId: () => `fresh-id-${++fresh}`,
    chance: () => 0,
  });
  return events;
}

async function recordsIn(
  store: Pick<ModerationStore, 'run'>,
  nowMs = NOW_MS,
): Promise<readonly ReplayedRecord[]> {
  const records: ReplayedRecord[] = [];
  for (const what of ['blocks', 'ages', 'pairs'] as const) {
    const page = { what, after: null, limit: 10_000, nowMs } as const;
    records.push(...(await store.run('apart.read', page)).notes);
  }
  return records;
}

function ledgerOf(records: readonly ReplayedRecord[], wallMs: number): PairLedger {
  const pairs = new PairLedger();
  for (const record of records) pairs.record(record, { monotonicMs: 0, wallMs });
  return pairs;
}

/** Everything that an import changes in a store. */
async function stateOf(store: Pick<ModerationStore, 'run'>): Promise<unknown> {
  const exported = [];
  for (const who of [A, B, C]) {
    exported.push(await store.run('subject.export', { subject: who }));
  }
  return { exported, records: await recordsIn(store) };
}

const FILES = {
  'ages.jsonl': [{ kind: 'age-refused', subject: C, device: 'device-of-c', atWallMs: NOW_MS - 5 }],
  'blocks.jsonl': [
    { kind: 'block', match: matchOf(1), by: A, of: B, atWallMs: 1 },
    blockRecord(2),
    blockRecord(3),
    unblockRecord(blockRecord(3)),
    { kind: 'apart', subjects: [A, C], devices: ['device-of-a', null], mark: 'mark-of-nobody' },
    { kind: 'apart', subjects: [B, C] },
  ],
  'reports.waiting-1.jsonl': [
    sealedLine(reportRecord(4, { atWallMs: NOW_MS - 4 }), TEST_SEAL),
    sealedLine(reportRecord(5, { atWallMs: NOW_MS - CASE_KEPT_MS }), TEST_SEAL),
  ],
  'reports.waiting-2.jsonl': [],
  'reports.jsonl': [
    // The first version kept reports as plain text.
    reportRecord(6, { atWallMs: NOW_MS - 3 }),
    { ...reported(7), byDevice: 'device-of-a', ofNetwork: 'network-of-b' },
    reported(4),
  ],
};

function reported(n: number) {
  const { id, code, match, by, of, reporterSide } = reportRecord(n);
  return { kind: 'reported', id, code, match, by, of, reporterSide, atWallMs: NOW_MS - 2 };
}

test('[ST-19] imports every kind of record of earlier versions and renames the files', async (t) => {
  const folder = await temporaryFolder(t);
  await write(folder, FILES);
  const store = memoryStore();
  const events = await importInto(folder, store);
  assert.deepEqual(
    events.map((event) => event.event === 'file-imported' && [event.file, event.records]),
    [
      ['ages.jsonl', 1],
      ['blocks.jsonl', 6],
      ['reports.waiting-1.jsonl', 2],
      ['reports.waiting-2.jsonl', 0],
      ['reports.jsonl', 3],
    ],
  );
  const names = Object.keys(FILES).map((name) => `imported-${name.replace('.jsonl', '')}`);
  assert.deepEqual((await readdir(folder)).toSorted(), names.toSorted());

  const { reports } = await store.run('subject.export', { subject: A });
  assert.deepEqual(
    reports.map(({ code, words }) => [code, words?.note]),
    [
      ['CODE-4', 'canary-note-4'],
      ['CODE-6', 'canary-note-6'],
    ],
  );
  const records = await recordsIn(store);
  const blocks = records.filter((record) => record.kind === 'block');
  assert.deepEqual(
    blocks.map(({ by, of, mark, side }) => [by, of, mark, side]),
    [
      [B, C, null, null],
      [A, B, blockRecord(2).mark, 'a'],
      [A, C, 'mark-of-nobody', null],
      [A, B, null, null],
    ],
  );
  const separations = records.filter((record) => record.kind === 'reported');
  assert.deepEqual(
    separations.map(({ code, byDevice, ofNetwork }) => [code, byDevice, ofNetwork]),
    [
      ['CODE-5', undefined, undefined],
      ['CODE-4', undefined, undefined],
      ['CODE-6', undefined, undefined],
      ['CODE-7', 'device-of-a', 'network-of-b'],
    ],
  );
  assert.deepEqual(
    records.filter((record) => record.kind === 'age-refused'),
    FILES['ages.jsonl'],
  );
});

test('[ST-19] imports without doubles or losses after a crash at any command', async (t) => {
  const whole = memoryStore();
  const first = await temporaryFolder(t);
  await write(first, FILES);
  await importInto(first, whole);
  const expected = await stateOf(whole);
  for (let works = 0; ; works++) {
    const folder = await temporaryFolder(t);
    await write(folder, FILES);
    const store = memoryStore();
    let left = works;
    const crashing: Pick<ModerationStore, 'run'> = {
      run: async <Name extends CommandName>(
        name: Name,
        input: InputOf<Name>,
      ): Promise<OutcomeOf<Name>> => {
        const outcome = await store.run(name, input);
        // The store has committed the command, but the node dies before it hears of it.
        if (left-- === 0) throw new Error('killed');
        return outcome;
      },
    };
    const isWhole = await importInto(folder, crashing).then(
      () => true,
      () => false,
    );
    if (isWhole) {
      assert.ok(works > 4, `${works} commands`);
      return;
    }
    await importInto(folder, store);
    assert.deepEqual(await stateOf(store), expected, `killed after ${works} commands`);
  }
});

test('[ST-14c] imports without the author what the author has erased', async (t) => {
  const folder = await temporaryFolder(t);
  const store = memoryStore();
  await store.run('report.take', reportFrom(1, { by: 'a', of: 'b', atMs: 1 }));
  await store.run('subject.erase', { subject: A, nowMs: 10 });
  const later = blockRecord(9, { atWallMs: 11 });
  await write(folder, { 'blocks.jsonl': [blockRecord(2), later] });
  await importInto(folder, store);
  const { blocked } = await store.run('subject.export', { subject: A });
  assert.deepEqual(blocked, [{ atMs: 11 }]);
  const pairs = ledgerOf(await recordsIn(store), NOW_MS);
  assert.ok(pairs.isHeld(A, B, blockRecord(2).mark), 'its mark still revokes it');
});

test('[ST-19] refuses damaged or foreign files and leaves them unchanged', async (t) => {
  const folder = await temporaryFolder(t);
  const sealed = sealedLine(reportRecord(1, { atWallMs: NOW_MS }), TEST_SEAL);
  const says = (pattern: RegExp) => (error: unknown) =>
    error instanceof StartError && pattern.test(error.message);
  const waiting = 'reports.waiting-1.jsonl';
  for (const [name, line, message] of [
    [waiting, 'nonsense', /waiting-1\.jsonl:1 is damaged/],
    [waiting, sealed.replace('"sealed"', '"seeled"'), /waiting-1\.jsonl:1 is damaged/],
    [waiting, '{"kind":"report"}', /waiting-1\.jsonl:1 is damaged/],
    ['blocks.jsonl', '{"kind":"block"}', /blocks\.jsonl:1 is damaged/],
    ['ages.jsonl', '{"kind":"age-refused","subject":7}', /ages\.jsonl:1 is damaged/],
  ] as const) {
    await write(folder, { [waiting]: [], 'blocks.jsonl': [], 'ages.jsonl': [], [name]: [line] });
    await assert.rejects(importInto(folder, memoryStore()), says(message));
    assert.equal(await readFile(join(folder, name), 'utf8'), `${line}\n`);
  }
  await write(folder, { 'blocks.jsonl': [], 'ages.jsonl': [], [waiting]: [sealed] });
  const seal = new TextEncryption(new Uint8Array(32).fill(1));
  await assert.rejects(
    importInto(folder, memoryStore(), { seal }),
    says(/waiting-1\.jsonl:1 was encrypted with another key.*keys\.json/),
  );
  assert.equal(await readFile(join(folder, waiting), 'utf8'), `${sealed}\n`);
});

test('[ST-19] skips damaged meetings and a last line that was never acknowledged', async (t) => {
  const folder = await temporaryFolder(t);
  const store = memoryStore();
  await write(folder, { 'encounters.jsonl': ['nonsense'], 'blocks.jsonl': [blockRecord(1)] });
  const path = join(folder, 'blocks.jsonl');
  const text = await readFile(path);
  await writeFile(path, Buffer.concat([text, text.subarray(0, 20)]));
  const events = await importInto(folder, store);
  assert.deepEqual(
    events.filter(({ event }) => event !== 'file-imported'),
    [
      { event: 'journal-damage-skipped', file: 'encounters.jsonl', bytes: 9 },
      { event: 'journal-tail-cut', file: 'blocks.jsonl', bytes: 20 },
    ],
  );
  assert.equal((await recordsIn(store)).length, 1);
});

test('[GW-79] reads a waiting report without its network, device or duration if damaged', async (t) => {
  const from = { network: 'home', parent: 'carrier' };
  const facts = { from, byDevice: 'device-of-a', lastedMs: 20_000, overBudget: true } as const;
  const record = reportRecord(1, { atWallMs: NOW_MS - 1 });
  const taken: InputOf<'report.take'>[] = [];
  const store = {
    run: async (name: CommandName, input: unknown) => {
      if (name === 'report.take') taken.push(input as InputOf<'report.take'>);
      return await Promise.resolve({ subjects: [], more: false, until: 0 });
    },
  } as unknown as Pick<ModerationStore, 'run'>;
  const fields = JSON.parse(sealedLine(record, TEST_SEAL)) as object;
  for (const change of [
    facts,
    { from: { network: 'home' }, byDevice: 7, lastedMs: -1 },
    { from: 'home' },
  ]) {
    const folder = await temporaryFolder(t);
    await write(folder, { 'reports.waiting-1.jsonl': [{ ...fields, ...change }] });
    await importInto(folder, store);
  }
  assert.deepEqual(
    taken.map(({ report, overBudget }) => [
      ...[report.from, report.byDevice, report.lastedMs, overBudget],
    ]),
    [
      [from, 'device-of-a', 20_000, true],
      [undefined, undefined, undefined, undefined],
      [undefined, undefined, undefined, undefined],
    ],
  );
});

test('[ST-19] removes imported files after IMPORTED_KEPT_MS, and no others', async (t) => {
  const folder = await temporaryFolder(t);
  await write(folder, { 'imported-blocks': ['x'], 'blocks.jsonl': ['x'] });
  // The time of the last change of a file's status can't be set, and is now.
  await utimes(join(folder, 'imported-blocks'), 0, 0);
  const nowMs = Date.now();
  await removeImported(folder, nowMs + IMPORTED_KEPT_MS - 60_000);
  assert.equal((await readdir(folder)).length, 2);
  await removeImported(folder, nowMs + IMPORTED_KEPT_MS + 60_000);
  assert.deepEqual(await readdir(folder), ['blocks.jsonl']);
});

/** What an earlier version had acknowledged, as it wrote its data folder. */
interface Acknowledged {
  readonly wallMs: number;
  readonly reports: readonly string[];
  readonly marks: readonly string[];
  readonly apart: readonly (readonly [SubjectId, SubjectId])[];
  readonly removed: readonly (readonly [SubjectId, SubjectId])[];
  readonly minors: readonly SubjectId[];
}

const ACKNOWLEDGED = 'acknowledged.json';
const DUMP = 'store.dump';

/** Copies a data folder that an earlier version wrote. Its store is kept as a dump. */
async function folderOf(t: TestContext, from: URL): Promise<string> {
  const dataDir = join(await temporaryFolder(t), 'data');
  await mkdir(dataDir, { mode: 0o700 });
  for (const name of await readdir(from)) {
    if (name === ACKNOWLEDGED || name === DUMP) continue;
    await copyFile(new URL(name, from), join(dataDir, name));
    await chmod(join(dataDir, name), 0o600);
  }
  const lines = createInterface({ input: createReadStream(new URL(DUMP, from)) });
  await loadStore({ kind: 'sqlite', path: join(dataDir, STORE_FILE) }, lines);
  return dataDir;
}

for (const version of ['0.1.0', 'with-journal']) {
  test(`[ST-19] starts from a folder of ${version} with all that it acknowledged`, async (t) => {
    const from = new URL(`./fixtures/folder-${version}/`, import.meta.url);
    const dataDir = await folderOf(t, from);
    const known = JSON.parse(await readFile(new URL(ACKNOWLEDGED, from), 'utf8')) as Acknowledged;
    const { wallMs } = known;
    const server = await startTestServer(t, { dataDir, clock: new SimClock(0, wallMs + 60_000) });
    await server.close();
    const left = (await readdir(dataDir)).filter((name) => name.endsWith('.jsonl'));
    assert.deepEqual(left, []);
    const keys = await readKeys(dataDir);
    const store = await openStore({ databaseUrl: null }, dataDir, keys, 'here');
    t.after(() => store.close());
    for (const code of known.reports) {
      assert.equal(await store.run('report.outcome', { code }), 'received', code);
    }
    const records = await recordsIn(store, wallMs);
    const pairs = ledgerOf(records, wallMs);
    for (const [a, b] of known.apart) assert.ok(pairs.blockedEitherWay(a, b), `${a} ${b}`);
    for (const [a, b] of known.removed) assert.ok(!pairs.blockedEitherWay(a, b), `${a} ${b}`);
    for (const mark of known.marks) {
      assert.ok(
        known.apart.some(([a, b]) => pairs.isHeld(a, b, mark)),
        mark,
      );
    }
    assert.deepEqual(
      records.flatMap((record) => (record.kind === 'age-refused' ? [record.subject] : [])),
      known.minors,
    );
    // A second start imports nothing and changes nothing.
    const before = await stateOf(store);
    assert.deepEqual(await importInto(dataDir, store), []);
    assert.deepEqual(await stateOf(store), before);
    assert.equal((await store.run('audit.verify', null)).ok, true);
  });
}
