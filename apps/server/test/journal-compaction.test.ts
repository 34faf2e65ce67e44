import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { PairLedger } from '@farandole/gateway/pair-ledger';
import type { BlockRecord } from '@farandole/gateway/ports';
import { brandId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import { CASE_KEPT_MS, PAIR_KEPT_MS } from '@farandole/moderation/limits';
import { subject } from '@farandole/storage/test/desk';
import { ownLinesIn } from '../src/journal/own-lines.ts';
import { diskError, FaultyFile } from './support/faulty-file.ts';
import { type OpenedJournal, openJournal } from './support/opened-journal.ts';
import { blockRecord, reportRecord, unblockRecord } from './support/records.ts';
import { TEST_SEAL, temporaryFolder } from './support/test-server.ts';

const [ADA, BO, CY] = [subject('ada'), subject('bo'), subject('cy')];
const NOBODY = new Map<SubjectId, number>();

let matches = 0;

const marked = (by: SubjectId, of: SubjectId, atWallMs: number) =>
  blockRecord(matches++, { by, of, atWallMs });

/** Makes a block record without `side` and `mark`, as earlier versions wrote it. */
function block(by: SubjectId, of: SubjectId, atWallMs: number): BlockRecord {
  return { ...marked(by, of, atWallMs), side: null, mark: null };
}

const report = (by: SubjectId, of: SubjectId, atWallMs: number) =>
  reportRecord(matches++, { by, of, atWallMs });

const apartLine = (one: SubjectId, other: SubjectId, mark: string): string =>
  JSON.stringify({ kind: 'apart', subjects: [one, other].toSorted(), mark });

/** A report record contains only the device of the reported user. */
function apartOfReport(by: SubjectId, of: SubjectId): string {
  const { ofDevice } = report(by, of, 0);
  const devices = by < of ? [null, ofDevice] : [ofDevice, null];
  return JSON.stringify({ kind: 'apart', subjects: [by, of].toSorted(), devices });
}

const linesOf = async (folder: string, name: string): Promise<readonly string[]> =>
  (await readFile(join(folder, name), 'utf8')).split('\n').slice(0, -1);

const APART_AB = JSON.stringify({ kind: 'apart', subjects: [ADA, BO] });

test('[ST-14] of erased blocks and reports, keeps only which pairs must not meet', async (t) => {
  const folder = await temporaryFolder(t);
  const { journal, append } = await openJournal({ dataDir: folder, restMs: 0 });
  const ofBo = block(BO, CY, 5);
  const later = block(ADA, CY, 11);
  for (const one of [block(ADA, BO, 5), ofBo, block(ADA, BO, 10), later]) await append(one);
  const told = report(BO, ADA, 5);
  await append(told);
  journal.reportTaken(told);
  journal.releaseTaken();
  assert.equal(
    await journal.compact(
      new Map([
        [ADA, 10],
        [BO, 4],
      ]),
      20,
    ),
    true,
  );
  const kept = [APART_AB, JSON.stringify(ofBo), JSON.stringify(later)];
  assert.deepEqual(await linesOf(folder, 'blocks.jsonl'), kept, 'and what came since');
  assert.equal((await linesOf(folder, 'reports.jsonl')).length, 1);
  assert.equal(await journal.compact(new Map([[BO, 5]]), 20), true);
  assert.deepEqual(await linesOf(folder, 'reports.jsonl'), [apartOfReport(BO, ADA)]);
  // The journal appends later lines to the file that a start replays.
  const next = block(CY, BO, 12);
  assert.equal(await append(next), true);
  await journal.close();
  assert.deepEqual((await linesOf(folder, 'blocks.jsonl')).at(-1), JSON.stringify(next));
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.endsWith('.new')),
    [],
  );
  const again = await openJournal({ dataDir: folder, restMs: 0 });
  const pairs = new PairLedger();
  pairs.replay(again.journal.records, { monotonicMs: 0, wallMs: 20 });
  for (const [a, b] of [
    [ADA, BO],
    [BO, CY],
    [ADA, CY],
  ] as const) {
    assert.ok(pairs.blockedEitherWay(a, b));
  }
  await again.journal.close();
});

test('[ST-15] of expired blocks and reports, keeps only which pairs must not meet', async (t) => {
  const folder = await temporaryFolder(t);
  const { journal, append } = await openJournal({ dataDir: folder, restMs: 0 });
  await append(block(BO, ADA, 5));
  const told = report(ADA, BO, 5);
  await append(told);
  journal.reportTaken(told);
  journal.releaseTaken();
  const { ino } = await stat(join(folder, 'blocks.jsonl'));
  await journal.compact(NOBODY, PAIR_KEPT_MS + 4);
  assert.equal((await stat(join(folder, 'blocks.jsonl'))).ino, ino, 'nothing is written anew');
  await journal.compact(NOBODY, PAIR_KEPT_MS + 5);
  assert.deepEqual(await linesOf(folder, 'blocks.jsonl'), [APART_AB]);
  await journal.compact(NOBODY, CASE_KEPT_MS + 4);
  assert.notDeepEqual(await linesOf(folder, 'reports.jsonl'), [apartOfReport(ADA, BO)]);
  await journal.compact(NOBODY, CASE_KEPT_MS + 5);
  assert.deepEqual(await linesOf(folder, 'reports.jsonl'), [apartOfReport(ADA, BO)]);
  await journal.close();
  assert.equal(await journal.compact(NOBODY, CASE_KEPT_MS + 5), false, 'it is closed');
});

test('[GW-56, ST-15] removes a revoked block completely from the journal', async (t) => {
  const folder = await temporaryFolder(t);
  const { journal, append } = await openJournal({ dataDir: folder, restMs: 0 });
  const [first, other, again] = [marked(ADA, BO, 5), marked(BO, ADA, 6), marked(CY, BO, 7)];
  for (const one of [first, other, unblockRecord(first, 8), again]) await append(one);
  await journal.compact(NOBODY, 20);
  const kept = [other, again].map((record) => JSON.stringify(record));
  assert.deepEqual(await linesOf(folder, 'blocks.jsonl'), kept, 'nor is it kept that it was');
  await append(unblockRecord(other, 9));
  await journal.close();
  const areApart = ({ journal: { records } }: OpenedJournal): readonly boolean[] => {
    const pairs = new PairLedger();
    pairs.replay(records, { monotonicMs: 0, wallMs: 20 });
    return [pairs.blockedEitherWay(ADA, BO), pairs.blockedEitherWay(BO, CY)];
  };
  const before = await openJournal({ dataDir: folder, restMs: 0 });
  assert.deepEqual(areApart(before), [false, true], 'before the file is written anew, too');
  await before.journal.compact(NOBODY, 20);
  await before.journal.close();
  assert.deepEqual(await linesOf(folder, 'blocks.jsonl'), [JSON.stringify(again)]);
  const after = await openJournal({ dataDir: folder, restMs: 0 });
  assert.deepEqual(areApart(after), [false, true]);
  await after.journal.close();
});

test("[GW-56, ST-14, ST-15] revokes a user's erased or expired block, not the other user's", async (t) => {
  const folder = await temporaryFolder(t);
  const { journal, append } = await openJournal({ dataDir: folder, restMs: 0 });
  const [ofAda, ofBo, ofCy] = [marked(ADA, BO, 5), marked(BO, ADA, 6), marked(CY, ADA, 7)];
  for (const one of [ofAda, ofBo, ofCy]) await append(one);
  await journal.compact(new Map([[CY, 7]]), PAIR_KEPT_MS + 6);
  const apart = [
    apartLine(ADA, BO, ofAda.mark),
    apartLine(ADA, BO, ofBo.mark),
    apartLine(ADA, CY, ofCy.mark),
  ];
  assert.deepEqual(await linesOf(folder, 'blocks.jsonl'), apart, 'not which of them asked');
  await append(unblockRecord(ofAda, PAIR_KEPT_MS));
  await append(unblockRecord(ofCy, PAIR_KEPT_MS));
  await journal.compact(NOBODY, PAIR_KEPT_MS + 7);
  assert.deepEqual(await linesOf(folder, 'blocks.jsonl'), [apartLine(ADA, BO, ofBo.mark)]);
  await journal.close();
  const again = await openJournal({ dataDir: folder, restMs: 0 });
  const pairs = new PairLedger();
  pairs.replay(again.journal.records, { monotonicMs: 0, wallMs: PAIR_KEPT_MS });
  assert.ok(pairs.isHeld(ADA, BO, ofBo.mark));
  assert.deepEqual(pairs.sizes, { encounters: 0, blocks: 1 });
  await again.journal.close();
});

test('[ST-14] keeps all journal lines when the disk fails, and retries compaction', async (t) => {
  const folder = await temporaryFolder(t);
  let fails = false;
  const { journal, events, append } = await openJournal({
    dataDir: folder,
    restMs: 0,
    openFile: async (path) => {
      if (fails) throw diskError('EMFILE');
      return await FaultyFile.open(path);
    },
  });
  const first = block(ADA, BO, 5);
  await append(first);
  fails = true;
  assert.equal(await journal.compact(new Map([[ADA, 5]]), 20), false);
  assert.deepEqual(events, [{ event: 'journal-failed', file: 'blocks.jsonl', code: 'EMFILE' }]);
  const second = block(BO, CY, 6);
  assert.equal(await append(second), true);
  const lines = await linesOf(folder, 'blocks.jsonl');
  assert.deepEqual(lines, [JSON.stringify(first), JSON.stringify(second)]);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.endsWith('.new')),
    [],
  );
  fails = false;
  assert.equal(await journal.compact(new Map([[ADA, 5]]), 20), true);
  assert.deepEqual(await linesOf(folder, 'blocks.jsonl'), [APART_AB, JSON.stringify(second)]);
  await journal.close();
});

test("[ST-14] exports only the user's own journal lines, without other names", async (t) => {
  const folder = await temporaryFolder(t);
  assert.deepEqual(await ownLinesIn(folder, ADA, TEST_SEAL), {
    ...{ met: [], blocked: [], unblocked: [], reported: [], onTheirWay: [], underAge: [] },
  });
  const { journal, append } = await openJournal({ dataDir: folder, restMs: 0 });
  const meeting = brandId<MatchId>('match-of-two');
  await append({ kind: 'encounter', match: meeting, subjects: [BO, ADA], atWallMs: 1 });
  await append({ kind: 'encounter', match: meeting, subjects: [BO, CY], atWallMs: 2 });
  await append({ kind: 'age-refused', subject: ADA, atWallMs: 3 });
  await append(block(ADA, BO, 4));
  await append(block(BO, ADA, 5));
  const [taken, waiting, ofAda] = [report(ADA, BO, 6), report(ADA, CY, 7), report(CY, ADA, 8)];
  for (const one of [taken, waiting, ofAda]) await append(one);
  for (const one of [taken, ofAda]) journal.reportTaken(one);
  journal.releaseTaken();
  await journal.compact(new Map([[ADA, 4]]), 20);
  await append(block(ADA, CY, 9));
  const [undone, ofBo] = [marked(ADA, CY, 10), marked(BO, ADA, 10)];
  for (const one of [undone, ofBo, unblockRecord(undone, 11), unblockRecord(ofBo, 12)])
    await append(one);
  await append(marked(ADA, BO, 13));
  await appendFile(join(folder, 'blocks.jsonl'), `{"kind":"block","by":"${ADA}`);
  const own = await ownLinesIn(folder, ADA, TEST_SEAL);
  const { code, reason, note, lines } = waiting;
  assert.deepEqual(
    { ...own, onTheirWay: own.onTheirWay.filter((one) => one.code === code) },
    {
      met: [{ atMs: 1 }],
      blocked: [{ atMs: 9 }, { atMs: 13 }],
      unblocked: [{ atMs: 11 }],
      reported: [{ code: taken.code, atMs: 6 }],
      onTheirWay: [{ code, reason, note, lines }],
      underAge: [{ atMs: 3 }],
    },
  );
  for (const other of [BO, CY, ofAda.code]) assert.ok(!JSON.stringify(own).includes(other), other);
  await journal.close();
});
