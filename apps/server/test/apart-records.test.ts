import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { PairLedger } from '@farandole/gateway/pair-ledger';
import type { BlockRecord, JournalRecord, ReportRecord } from '@farandole/gateway/ports';
import { brandId, type DeviceKeyId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import { NETWORK_APART_MS } from '@farandole/matchmaking/limits';
import { PAIR_KEPT_MS } from '@farandole/moderation/limits';
import { parseJournalRecord } from '../src/journal/journal-record.ts';
import { openJournal } from './support/opened-journal.ts';
import { startTestServer, temporaryFolder } from './support/test-server.ts';

const subject = (name: string): SubjectId => brandId<SubjectId>(`subject-${name}`);
const device = (name: string): DeviceKeyId => brandId<DeviceKeyId>(`device-of-${name}`);
const NOBODY = new Map<SubjectId, number>();

const WHO = {
  match: brandId<MatchId>('match-of-ada-and-bo'),
  by: subject('bo'),
  byDevice: device('bo'),
  of: subject('ada'),
  ofDevice: device('ada'),
  ofNetwork: 'network-of-ada',
  atWallMs: 5,
};
const BLOCK: BlockRecord = { kind: 'block', side: 'a', mark: 'mark-of-bo', ...WHO };
const REPORT: ReportRecord = {
  ...{ kind: 'report', id: 'report-1', code: 'CODE-1', reason: 'other', note: null, lines: [] },
  ...{ reporterSide: 'a', ...WHO },
};

function isApart(records: readonly JournalRecord[], nowMs: number, changes: object): boolean {
  const pairs = new PairLedger();
  pairs.replay(records, { monotonicMs: 0, wallMs: nowMs });
  const party = (name: string) => ({
    ...{ subject: subject(name), deviceKey: device(name), origin: null, proven: false },
  });
  return pairs.keptApart(party('bo'), { ...party('back'), ...changes });
}

test('[ST-15d] restores devices and networks of every record from the journal', async (t) => {
  const folder = await temporaryFolder(t);
  const { journal, append } = await openJournal({ dataDir: folder, restMs: 0 });
  const { by, of, byDevice, ofDevice, match } = WHO;
  const met = {
    kind: 'encounter',
    match,
    subjects: [by, of],
    devices: [byDevice, ofDevice],
  } as const;
  const records: readonly JournalRecord[] = [
    { ...met, atWallMs: 5 },
    BLOCK,
    { kind: 'age-refused', subject: by, device: byDevice, atWallMs: 5 },
    REPORT,
  ];
  for (const record of records) assert.ok(await append(record));
  await journal.close();
  const again = await openJournal({ dataDir: folder, restMs: 0 });
  const byKind = (kind: string) => again.journal.records.find((record) => record.kind === kind);
  for (const record of records) assert.deepEqual(byKind(record.kind), record);
  again.journal.reportTaken(REPORT);
  await again.journal.close();
  const last = await openJournal({ dataDir: folder, restMs: 0 });
  const reported = last.journal.records.find(({ kind }) => kind === 'reported');
  assert.deepEqual(reported, {
    ...{ kind: 'reported', id: 'report-1', code: 'CODE-1', reporterSide: 'a', ...WHO },
  });
  await last.journal.close();
});

test("[ST-15d] erases a block record's network after a day but keeps its devices", async (t) => {
  const folder = await temporaryFolder(t);
  const { journal, append } = await openJournal({ dataDir: folder, restMs: 0 });
  await append(BLOCK);
  const lineAt = async (nowMs: number): Promise<string> => {
    assert.ok(await journal.compact(NOBODY, nowMs));
    return (await readFile(join(folder, 'blocks.jsonl'), 'utf8')).trimEnd();
  };
  assert.equal(await lineAt(NETWORK_APART_MS + 4), JSON.stringify(BLOCK));
  const { ofNetwork: _erased, ...rest } = BLOCK;
  assert.deepEqual(JSON.parse(await lineAt(NETWORK_APART_MS + 5)), rest);
  const apart = await lineAt(PAIR_KEPT_MS + 5);
  assert.deepEqual(JSON.parse(apart), {
    ...{ kind: 'apart', subjects: [WHO.of, WHO.by], devices: [WHO.ofDevice, WHO.byDevice] },
    mark: BLOCK.mark,
  });
  await journal.close();
  const record = parseJournalRecord(apart);
  assert.ok(record?.kind === 'block');
  assert.ok(isApart([record], PAIR_KEPT_MS, { deviceKey: WHO.ofDevice }));
  assert.equal(isApart([record], PAIR_KEPT_MS, { origin: WHO.ofNetwork }), false);
});

test("[ST-15d] measures the age of a block's network across restarts by date", () => {
  const neighbour = { origin: WHO.ofNetwork };
  assert.ok(isApart([BLOCK], NETWORK_APART_MS + 4, neighbour));
  assert.equal(isApart([BLOCK], NETWORK_APART_MS + 5, neighbour), false);
});

test('[ST-15d] starts from a data folder of an earlier version', async (t) => {
  const first = await startTestServer(t);
  await first.close();
  const { match, by, of } = WHO;
  const rest = { match, by, of, atWallMs: Date.now() - 1_000 };
  const older = {
    'blocks.jsonl': [
      { kind: 'block', ...rest },
      { kind: 'block', side: 'a', mark: 'mark-of-bo', ...rest },
      { kind: 'apart', subjects: [of, by].toSorted() },
    ],
    'reports.jsonl': [{ kind: 'reported', id: 'r', code: 'C', reporterSide: 'a', ...rest }],
    'ages.jsonl': [{ kind: 'age-refused', subject: by, atWallMs: rest.atWallMs }],
    'encounters.jsonl': [{ kind: 'encounter', match, subjects: [by, of], atWallMs: rest.atWallMs }],
  };
  for (const [name, records] of Object.entries(older)) {
    const lines = records.map((record) => `${JSON.stringify(record)}\n`);
    await writeFile(join(first.dataDir, name), lines.join(''), { mode: 0o600 });
  }
  const second = await startTestServer(t, { dataDir: first.dataDir });
  await second.close();
  const { journal } = await openJournal({ dataDir: first.dataDir, restMs: 0 });
  const kinds = new Set(journal.records.map(({ kind }) => kind));
  assert.deepEqual([...kinds].toSorted(), ['age-refused', 'block', 'encounter', 'reported']);
  const pairs = new PairLedger();
  pairs.replay(journal.records, { monotonicMs: 0, wallMs: Date.now() });
  assert.ok(pairs.blockedEitherWay(by, of));
  await journal.close();
});
