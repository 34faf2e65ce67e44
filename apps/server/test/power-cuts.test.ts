import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { JournalRecord, ReplayedRecord } from '@farandole/gateway/ports';
import { brandId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import { createPrng, type Prng } from '@farandole/kernel/prng';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { REMATCH_COOLDOWN_MS } from '@farandole/matchmaking/limits';
import type { ReportInput } from '@farandole/moderation/cases/take-report';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { FileJournal } from '../src/journal/file-journal.ts';
import { APART } from '../src/journal/journal-record.ts';
import { openKeys } from '../src/keys/open-keys.ts';
import { WAITING_FILE_BYTES } from '../src/limits.ts';
import { openDataDir } from '../src/node/data-dir.ts';
import { LOCK_FILE } from '../src/node/folder-lock.ts';
import { ReportIntake } from '../src/outbox/report-intake.ts';
import { ForgetfulDisk, type Image } from './support/forgetful-disk.ts';
import { blockRecord, matchOf, reportRecord } from './support/records.ts';
import { TEST_SEAL, temporaryFolder } from './support/test-server.ts';

const SEEDS = 25;
/**
 * Number of power cuts per seed. After each cut, another process continues with the remaining
 * data.
 */
const CUTS = 5;
/** Maximum number of disk operations before the power is cut. */
const MOMENTS_MAX = 120;
const MOMENTS_OF_START_MAX = 10;
const FAULTS = 0.06;

type Sort = JournalRecord['kind'];

/** Everything that was requested since the start of a run, with the results. */
interface World {
  readonly chance: Prng;
  readonly clock: SimClock;
  readonly asked: Map<MatchId, JournalRecord>;
  readonly acknowledged: Set<MatchId>;
  /** Calls for which the reporter requested erasure of the report. */
  readonly erased: Set<MatchId>;
  /**
   * Replaces the moderation store. It isn't on the simulated disk, so a simulated power cut
   * doesn't change it. This test covers the journal and the waiting reports, not SQLite's flushes.
   */
  readonly store: Map<string, ReportInput>;
  readonly counts: {
    cuts: number;
    inStart: number;
    refused: number;
    let: number;
    compacted: number;
  };
}

interface Life {
  readonly world: World;
  readonly disk: ForgetfulDisk;
  readonly journal: FileJournal;
  readonly intake: ReportIntake;
  readonly entries: Map<number, MatchId>;
}

test('[PR-71, ST-1] keeps exactly the acknowledged records through power cuts', async (t) => {
  const total = { cuts: 0, inStart: 0, refused: 0, let: 0, compacted: 0, acknowledged: 0 };
  const disk = ForgetfulDisk.install(t, createPrng(1));
  for (let seed = 1; seed <= SEEDS; seed++) {
    const world = worldOf(seed);
    try {
      await manyLives(t, disk, world);
    } catch (error) {
      throw new Error(`With seed ${seed}: ${String(error)}`, { cause: error });
    }
    for (const [name, count] of Object.entries(world.counts)) total[name as 'cuts'] += count;
    total.acknowledged += world.acknowledged.size;
  }
  // Every kind of event must have happened, because the checks would also pass without any events.
  assert.equal(total.cuts, SEEDS * CUTS);
  assert.ok(total.inStart > 5, `${total.inStart} while it started`);
  assert.ok(total.refused > 20, `${total.refused} refused`);
  assert.ok(total.let > 20, `${total.let} times the journal let go of what the store had`);
  // A compaction finishes only if no power cut comes before its end.
  assert.ok(total.compacted > 3, `${total.compacted} times all that was erased had gone`);
  assert.ok(total.acknowledged > 100, `${total.acknowledged} acknowledged`);
});

test('keeps the data folder and keys after a power cut at start', async (t) => {
  const root = await temporaryFolder(t);
  const disk = ForgetfulDisk.install(t, createPrng(2));
  await disk.begin(root, new Map(), null);
  const folder = await openDataDir(join(root, 'above', 'data'));
  const config = { dataDir: folder.path, keysFile: null, databaseUrl: null };
  const before = await openKeys(config);
  await folder.release();
  for (let cut = 0; cut < 10; cut++) {
    const left = disk.cutNow();
    const again = await temporaryFolder(t);
    await disk.begin(again, left, null);
    const dataDir = join(again, 'above', 'data');
    assert.deepEqual(await openKeys({ ...config, dataDir }), before);
  }
});

function worldOf(seed: number): World {
  return {
    chance: createPrng(seed),
    clock: new SimClock(),
    asked: new Map(),
    acknowledged: new Set(),
    erased: new Set(),
    store: new Map(),
    counts: { cuts: 0, inStart: 0, refused: 0, let: 0, compacted: 0 },
  };
}

async function manyLives(t: TestContext, disk: ForgetfulDisk, world: World): Promise<void> {
  const roots = await temporaryFolder(t);
  let image: Image = new Map();
  for (let cut = 0; cut < CUTS; cut++) {
    const root = join(roots, String(cut));
    await mkdir(root);
    const momentsMax = world.chance.chance(0.2) ? MOMENTS_OF_START_MAX : MOMENTS_MAX;
    await disk.begin(root, image, world.chance.below(momentsMax));
    image = await live(disk, root, world);
    world.counts.cuts += 1;
  }
  const root = join(roots, 'last');
  await mkdir(root);
  await disk.begin(root, image, null);
  await lastLife(disk, root, world);
}

async function live(disk: ForgetfulDisk, root: string, world: World): Promise<Image> {
  const folder = await openDataDir(join(root, 'data'));
  const life = await start(disk, folder.path, world);
  if (disk.left !== null) world.counts.inStart += 1;
  else checkReplayed(world, life.journal);
  disk.faults = FAULTS;
  while (disk.left === null) await step(life);
  disk.faults = 0;
  const { left } = disk;
  // Closing changes nothing on the disk, because the power is already cut.
  await life.journal.close();
  await folder.release();
  return left;
}

async function start(disk: ForgetfulDisk, dataDir: string, world: World): Promise<Life> {
  const entries = new Map<number, MatchId>();
  const journal = await FileJournal.open({
    dataDir,
    clock: world.clock,
    seal: TEST_SEAL,
    log: () => {},
    restMs: 0,
    onSettled: (settled, stored) => {
      disk.pass();
      intake.settled(settled, stored);
      if (disk.left !== null) return;
      for (const entry of settled) {
        const match = entries.get(entry);
        if (match !== undefined && stored) world.acknowledged.add(match);
        if (!stored) world.counts.refused += 1;
      }
      disk.pass();
    },
  });
  const run = async (_: string, input: ReportInput): Promise<void> => {
    await Promise.resolve();
    disk.pass();
    if (disk.left === null) world.store.set(input.report.id, input);
  };
  const intake = new ReportIntake({
    journal,
    store: { run } as unknown as Pick<ModerationStore, 'run'>,
    clock: { monotonicMs: () => 0, wallMs: () => 2_000 },
    freshId: () => 'case-1',
    chance: () => 0,
    onTaken: () => {},
  });
  return { world, disk, journal, intake, entries };
}

async function step(life: Life): Promise<void> {
  const { world, intake } = life;
  const { chance } = world;
  for (let count = chance.below(4); count > 0; count--) append(life);
  if (chance.chance(0.4)) await intake.takeUntaken();
  if (chance.chance(0.3)) {
    world.counts.let += 1;
    intake.releaseTaken();
  }
  if (chance.chance(0.05)) world.clock.advance(REMATCH_COOLDOWN_MS);
  if (chance.chance(0.1)) erase(life);
  for (let turns = chance.below(4); turns > 0; turns--) await new Promise(setImmediate);
}

function erase({ world, journal, disk }: Life): void {
  world.erased.add(matchOf(world.chance.below(world.asked.size + 1)));
  void compact(world, journal).then((isDone) => {
    if (isDone && disk.left === null) world.counts.compacted += 1;
  });
}

async function compact({ erased }: World, journal: FileJournal): Promise<boolean> {
  const by = [...erased].map((match) => brandId<SubjectId>(`by-${match}`));
  return await journal.compact(new Map(by.map((one) => [one, Number.MAX_SAFE_INTEGER])), 0);
}

function append({ world, journal, intake, entries }: Life): void {
  const { chance, asked, clock } = world;
  const n = asked.size;
  const match = matchOf(n);
  const sort = chance.pick<Sort>(['report', 'report', 'report', 'block', 'encounter']);
  const record = recordOf(sort, n, clock.wallMs(), chance.below(60) === 0);
  asked.set(match, record);
  entries.set(n, match);
  intake.recorded(n, record);
  journal.append(n, record);
}

function recordOf(sort: Sort, n: number, atWallMs: number, isLong: boolean): JournalRecord {
  const match = matchOf(n);
  const by = brandId<SubjectId>(`by-${match}`);
  const of = brandId<SubjectId>(`of-${match}`);
  if (sort === 'encounter') return { kind: 'encounter', match, subjects: [by, of], atWallMs };
  if (sort === 'block') return blockRecord(n, { by, of, atWallMs });
  // After a report with a long note, the next report goes to the other waiting file.
  const note = 'n'.repeat(isLong ? WAITING_FILE_BYTES : match.length);
  return reportRecord(n, { by, of, note, atWallMs });
}

/**
 * Checks that each acknowledged record is replayed, and that each replayed record was requested.
 */
function checkReplayed(world: World, journal: FileJournal): void {
  const { asked, acknowledged, erased, store, clock } = world;
  const replayed = new Map<MatchId, ReplayedRecord>();
  for (const record of journal.records) {
    if (!('match' in record)) throw new Error(`Nobody asked for ${record.kind}.`);
    if (record.kind === 'block' && record.match === APART) {
      const match = brandId<MatchId>(record.by.slice('by-'.length));
      assert.ok(erased.has(match) && record.of === `of-${match}`, 'those two stay apart');
      const { kind } = asked.get(match) ?? {};
      assert.ok(kind === 'block' || store.has(`${match}-a`), `${match} has no case`);
      replayed.set(match, record);
      continue;
    }
    const before = asked.get(record.match);
    if (record.kind !== 'reported') assert.deepEqual(record, before);
    else if (before?.kind === 'report') assert.equal(record.code, before.code);
    else assert.fail(`${record.match} was never reported`);
    replayed.set(record.match, record);
  }
  for (const match of acknowledged) {
    const record = asked.get(match);
    const isPast =
      record?.kind === 'encounter' && clock.wallMs() - record.atWallMs >= REMATCH_COOLDOWN_MS;
    if (isPast) continue;
    const back = replayed.get(match);
    assert.ok(back !== undefined, `${record?.kind} ${match} is lost`);
    if (back.kind === 'reported') assert.ok(store.has(`${match}-a`), `${match} has no case`);
  }
}

/**
 * Runs one process without a power cut. At the end the store must have every acknowledged
 * report, and no file may contain a report's text.
 */
async function lastLife(disk: ForgetfulDisk, root: string, world: World): Promise<void> {
  const dataDir = join(root, 'data');
  const folder = await openDataDir(dataDir);
  const { journal, intake } = await start(disk, folder.path, world);
  checkReplayed(world, journal);
  await intake.whenIdle();
  journal.releaseTaken();
  assert.ok(await compact(world, journal));
  await journal.close();
  await folder.release();
  for (const match of world.acknowledged) {
    const record = world.asked.get(match);
    if (record?.kind !== 'report') continue;
    const kept = world.store.get(`${match}-a`);
    assert.deepEqual([kept?.report.note, kept?.said], [record.note, record.lines]);
  }
  const names = await readdir(dataDir);
  assert.deepEqual(
    names.filter((name) => !/^(?:ages|blocks|encounters|reports)\b.*\.jsonl$/.test(name)),
    [LOCK_FILE],
  );
  const again = await FileJournal.open({
    dataDir,
    clock: world.clock,
    seal: TEST_SEAL,
    log: () => {},
    onSettled: () => {},
  });
  assert.deepEqual(again.waiting, []);
  const left = again.records.filter(
    (record) => record.kind !== 'encounter' && 'match' in record && world.erased.has(record.match),
  );
  assert.deepEqual(left, [], 'nothing is left of who asked');
  await again.close();
}
