import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instant } from '@farandole/kernel/clock';
import { brandId, type DeviceKeyId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import { REMATCH_COOLDOWN_MS } from '@farandole/matchmaking/limits';
import fc from 'fast-check';
import { REMOVALS_REMEMBERED_MAX } from '../src/limits.ts';
import { PairLedger } from '../src/pair-ledger.ts';
import type { PersonFacts } from '../src/people.ts';
import type { JournalRecord } from '../src/ports.ts';
import { factsOf } from './support/facts-of.ts';
import { partyOf } from './support/party.ts';

const WALL_MS = 1_800_000_000_000;
const MONTH_MS = 30 * 24 * 60 * 60 * 1_000;
const match = brandId<MatchId>('match-one');
const [ada, bo, cy] = ['ada', 'bo', 'cy'].map((name) => brandId<SubjectId>(`subject-${name}`)) as [
  SubjectId,
  SubjectId,
  SubjectId,
];

const at = (monotonicMs: number, wallMs = WALL_MS + monotonicMs): Instant => ({
  monotonicMs,
  wallMs,
});
const encounter = (a: SubjectId, b: SubjectId, atWallMs = WALL_MS): JournalRecord => ({
  kind: 'encounter',
  match,
  subjects: [a, b],
  atWallMs,
});
const block = (by: SubjectId, of: SubjectId, mark: string | null = 'a-mark'): JournalRecord => ({
  kind: 'block',
  match,
  side: 'a',
  by,
  of,
  mark,
  atWallMs: WALL_MS,
});
const unblock = (by: SubjectId, of: SubjectId, mark = 'a-mark'): JournalRecord => ({
  kind: 'unblock',
  match,
  side: 'a',
  by,
  of,
  mark,
  atWallMs: WALL_MS,
});
const report = (by: SubjectId, of: SubjectId): JournalRecord => ({
  kind: 'report',
  id: 'report-one',
  code: '0000-0000',
  match,
  by,
  of,
  ofDevice: brandId<DeviceKeyId>('device-bo'),
  reason: 'other',
  note: null,
  lines: [],
  reporterSide: 'a',
  atWallMs: WALL_MS,
});

test('[GW-5] keeps two users apart during the cool-down after a meeting', () => {
  const ledger = new PairLedger();
  ledger.record(encounter(ada, bo), at(0));
  ledger.advance(at(REMATCH_COOLDOWN_MS - 1));
  assert.ok(ledger.metWithin(partyOf(ada), partyOf(bo), REMATCH_COOLDOWN_MS));
  assert.ok(ledger.metWithin(partyOf(bo), partyOf(ada), REMATCH_COOLDOWN_MS));
  assert.equal(ledger.metWithin(partyOf(ada), partyOf(cy), REMATCH_COOLDOWN_MS), false);
  ledger.advance(at(REMATCH_COOLDOWN_MS));
  assert.equal(ledger.metWithin(partyOf(ada), partyOf(bo), REMATCH_COOLDOWN_MS), false);
  assert.deepEqual(ledger.sizes, { encounters: 0, blocks: 0 });
});

test('[GW-5] counts the cool-down from the pair’s latest meeting', () => {
  const ledger = new PairLedger();
  ledger.record(encounter(ada, bo), at(0));
  ledger.record(encounter(bo, ada), at(1_000));
  ledger.advance(at(REMATCH_COOLDOWN_MS + 999));
  assert.ok(ledger.metWithin(partyOf(ada), partyOf(bo), REMATCH_COOLDOWN_MS));
  ledger.advance(at(REMATCH_COOLDOWN_MS + 1_000));
  assert.equal(ledger.metWithin(partyOf(ada), partyOf(bo), REMATCH_COOLDOWN_MS), false);
});

test('[GW-5] a month’s jump of the wall clock doesn’t change a cool-down', () => {
  for (const jumpMs of [MONTH_MS, -MONTH_MS]) {
    const ledger = new PairLedger();
    ledger.record(encounter(ada, bo), at(0));
    const lastMs = REMATCH_COOLDOWN_MS - 1;
    ledger.advance(at(lastMs, WALL_MS + lastMs + jumpMs));
    assert.ok(ledger.metWithin(partyOf(ada), partyOf(bo), REMATCH_COOLDOWN_MS));
    ledger.advance(at(lastMs + 1, WALL_MS + jumpMs));
    assert.equal(ledger.metWithin(partyOf(ada), partyOf(bo), REMATCH_COOLDOWN_MS), false);
  }
});

test('[GW-5] computes a meeting’s age from the wall clock after a restart', () => {
  const ledger = new PairLedger();
  ledger.load(read(ada, [encounter(ada, bo, WALL_MS - REMATCH_COOLDOWN_MS + 1_000)]), at(0));
  ledger.advance(at(999));
  assert.ok(ledger.metWithin(partyOf(ada), partyOf(bo), REMATCH_COOLDOWN_MS));
  ledger.advance(at(1_000));
  assert.equal(ledger.metWithin(partyOf(ada), partyOf(bo), REMATCH_COOLDOWN_MS), false);
});

test('[GW-5] restarts the full cool-down of a meeting dated in the future', () => {
  const ledger = new PairLedger();
  ledger.load(read(ada, [encounter(ada, bo, WALL_MS + MONTH_MS)]), at(0));
  ledger.advance(at(REMATCH_COOLDOWN_MS - 1));
  assert.ok(ledger.metWithin(partyOf(ada), partyOf(bo), REMATCH_COOLDOWN_MS));
  ledger.advance(at(REMATCH_COOLDOWN_MS));
  assert.equal(ledger.metWithin(partyOf(ada), partyOf(bo), REMATCH_COOLDOWN_MS), false);
});

test('[GW-93] a cool-down goes on when a session brings its meeting to a node', () => {
  const note = { ...encounter(ada, bo), devices: [device(ada), device(bo)] } as const;
  const agedMs = REMATCH_COOLDOWN_MS - 1_000;
  const ledger = new PairLedger();
  ledger.recordNote(note, at(agedMs));
  // The session comes again, from a third node.
  ledger.recordNote(note, at(agedMs + 500));
  ledger.advance(at(REMATCH_COOLDOWN_MS - 1));
  assert.ok(ledger.metWithin(partyOf(ada), partyOf(bo), REMATCH_COOLDOWN_MS));
  ledger.advance(at(REMATCH_COOLDOWN_MS));
  assert.equal(ledger.metWithin(partyOf(ada), partyOf(bo), REMATCH_COOLDOWN_MS), false);
});

test('[GW-6] a block lasts forever in both directions, even through a restart', () => {
  const ledger = new PairLedger();
  ledger.record(block(ada, bo), at(0));
  ledger.advance(at(1_000 * MONTH_MS));
  for (const each of [ledger, restarted([block(ada, bo)])]) {
    assert.ok(each.blockedEitherWay(ada, bo));
    assert.ok(each.blockedEitherWay(bo, ada));
    assert.equal(each.blockedEitherWay(ada, cy), false);
  }
});

test('[GW-6] after a report, the two users never meet, as after a block', () => {
  assert.ok(restarted([report(ada, bo)]).blockedEitherWay(bo, ada));
});

test('[GW-56] removes a block, even one created before a restart', () => {
  const ledger = new PairLedger();
  ledger.record(block(ada, bo), at(0));
  ledger.record(unblock(ada, bo), at(0));
  for (const each of [ledger, restarted([block(ada, bo), unblock(ada, bo)])]) {
    assert.equal(each.blockedEitherWay(ada, bo), false);
    assert.equal(each.blockedEitherWay(bo, ada), false);
    assert.deepEqual(each.sizes, { encounters: 0, blocks: 0 });
  }
});

test('[GW-56] removing a block keeps the pair’s reports and other blocks', () => {
  for (const other of [block(bo, ada, 'another'), report(ada, bo), block(ada, bo, null)]) {
    const ledger = new PairLedger();
    for (const each of [other, block(ada, bo), unblock(ada, bo), unblock(ada, bo)]) {
      ledger.record(each, at(0));
    }
    assert.ok(ledger.blockedEitherWay(ada, bo));
    assert.equal(ledger.sizes.blocks, 1);
  }
});

test('[GW-6] ignores journal records that name no pair of users', () => {
  const ledger = new PairLedger();
  ledger.record({ kind: 'age-refused', subject: ada, atWallMs: WALL_MS }, at(0));
  assert.deepEqual(ledger.sizes, { encounters: 0, blocks: 0 });
});

test('[GW-4] evicts the oldest meeting above the limit', () => {
  const ledger = new PairLedger({ encountersMax: 2 });
  ledger.record(encounter(ada, bo), at(0));
  ledger.record(encounter(bo, cy), at(1));
  assert.ok(ledger.metWithin(partyOf(ada), partyOf(bo), REMATCH_COOLDOWN_MS));
  ledger.record(encounter(ada, cy), at(2));
  assert.deepEqual(ledger.sizes, { encounters: 2, blocks: 0 });
  assert.equal(ledger.metWithin(partyOf(ada), partyOf(bo), REMATCH_COOLDOWN_MS), false);
  assert.ok(ledger.metWithin(partyOf(bo), partyOf(cy), REMATCH_COOLDOWN_MS));
});

test('[GW-4] evicts the oldest block above the limit', () => {
  const ledger = new PairLedger({ blocksMax: 2 });
  ledger.record(block(ada, bo), at(0));
  ledger.record(block(ada, bo), at(0));
  ledger.record(block(bo, cy), at(0));
  assert.ok(ledger.blockedEitherWay(ada, bo));
  ledger.record(block(cy, ada), at(0));
  assert.equal(ledger.sizes.blocks, 2);
  assert.equal(ledger.blockedEitherWay(ada, bo), false);
  assert.ok(ledger.blockedEitherWay(cy, bo));
});

test('[GW-4] evicting one of a pair’s two blocks keeps the other', () => {
  const ledger = new PairLedger({ blocksMax: 3 });
  for (const mark of ['one', 'two']) ledger.record(block(ada, bo, mark), at(0));
  ledger.record(block(bo, cy), at(0));
  ledger.record(block(cy, ada), at(0));
  assert.equal(ledger.isHeld(ada, bo, 'one'), false);
  assert.equal(ledger.isHeld(ada, bo, 'two'), true);
  assert.equal(ledger.sizes.blocks, 3);
});

test('[GW-5] the pair ledger answers like a list of all events', () => {
  const people = Array.from({ length: 4 }, (_, i) => brandId<SubjectId>(`subject-${i}`));
  const person = fc.constantFrom(...people);
  const step = fc.record({
    kind: fc.constantFrom('encounter', 'block', 'unblock', 'report'),
    mark: fc.constantFrom('mark-one', 'mark-two', 'mark-three'),
    a: person,
    b: person,
    waitMs: fc.nat({ max: 60 }),
  });
  const keptMs = 200;
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 100 }),
      fc.nat({ max: keptMs }),
      (steps, cooldownMs) => {
        const ledger = new PairLedger({ encountersKeptMs: keptMs });
        const all: { readonly kind: string; a: SubjectId; b: SubjectId; atMs: number }[] = [];
        let nowMs = 0;
        const apart = new Map<string, Set<string>>();
        const records = { block, unblock, report, encounter };
        const keyOf = (...two: readonly SubjectId[]): string => two.toSorted().join(' ');
        for (const { kind, mark, a, b, waitMs } of steps) {
          nowMs += waitMs;
          if (a === b) continue;
          const known = apart.get(keyOf(a, b)) ?? new Set();
          apart.set(keyOf(a, b), known);
          if (kind === 'block') known.add(mark);
          if (kind === 'unblock') known.delete(mark);
          if (kind === 'report') known.add(`${kind} by ${a}`);
          const isMarked = kind === 'block' || kind === 'unblock';
          ledger.record(isMarked ? records[kind](a, b, mark) : records[kind](a, b), at(nowMs));
          all.push({ kind, a, b, atMs: nowMs });
          const held = [...apart.values()].reduce((sum, { size }) => sum + size, 0);
          assert.equal(ledger.sizes.blocks, held);
          for (const one of people) {
            for (const other of people) {
              const both = all.filter(
                (each) =>
                  (each.a === one && each.b === other) || (each.a === other && each.b === one),
              );
              const met = both.some(
                (each) => each.kind === 'encounter' && nowMs - each.atMs < cooldownMs,
              );
              assert.equal(ledger.metWithin(partyOf(one), partyOf(other), cooldownMs), met);
              const marks = apart.get(keyOf(one, other)) ?? new Set();
              assert.equal(ledger.blockedEitherWay(one, other), marks.size > 0);
              assert.equal(ledger.isHeld(one, other, mark), marks.has(mark));
            }
          }
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('[GW-4] frees the memory of thousands of expired meetings', () => {
  const ledger = new PairLedger({ encountersKeptMs: 100 });
  for (let i = 0; i < 5_000; i++) {
    ledger.record(encounter(brandId<SubjectId>(`subject-${i}`), ada), at(i));
  }
  assert.equal(ledger.sizes.encounters, 100);
  ledger.advance(at(10_000));
  assert.equal(ledger.sizes.encounters, 0);
});

/** Returns the ledger of a restarted node that has read about all users. */
function restarted(records: readonly JournalRecord[]): PairLedger {
  const ledger = new PairLedger();
  for (const user of [ada, bo, cy]) ledger.load(read(user, records), at(0));
  return ledger;
}

test('[GW-30] records one meeting per pair among three users', () => {
  const ledger = new PairLedger();
  ledger.record({ kind: 'encounter', match, subjects: [ada, bo, cy], atWallMs: WALL_MS }, at(0));
  for (const [one, other] of [
    [ada, bo],
    [ada, cy],
    [bo, cy],
  ] as const) {
    assert.ok(ledger.metWithin(partyOf(one), partyOf(other), REMATCH_COOLDOWN_MS));
    assert.ok(ledger.metWithin(partyOf(other), partyOf(one), REMATCH_COOLDOWN_MS));
  }
});

const device = (of: SubjectId): DeviceKeyId =>
  brandId<DeviceKeyId>(of.replace('subject', 'device'));
const read = (of: SubjectId, records: readonly JournalRecord[]): PersonFacts =>
  factsOf(records, { subject: of, device: device(of) });

test('[GW-82] takes separations and meetings from the store', () => {
  const ledger = new PairLedger();
  const met = encounter(ada, cy, WALL_MS - REMATCH_COOLDOWN_MS + 1_000);
  ledger.load(read(ada, [block(ada, bo), report(bo, cy), met]), at(0));
  assert.deepEqual(ledger.sizes, { encounters: 1, blocks: 1 });
  assert.ok(ledger.isHeld(ada, bo, 'a-mark'));
  assert.ok(ledger.metWithin(partyOf(ada), partyOf(cy), REMATCH_COOLDOWN_MS));
  ledger.advance(at(1_000));
  assert.equal(ledger.metWithin(partyOf(ada), partyOf(cy), REMATCH_COOLDOWN_MS), false);
});

test('[GW-82] taking the same facts again changes nothing, even after the date changed', () => {
  const ofNetwork = 'network-b';
  const records = [
    { ...block(ada, bo), ofNetwork },
    { ...report(ada, bo), ofNetwork },
  ];
  const ledger = new PairLedger();
  const near = { ...partyOf(cy), origin: ofNetwork };
  const facts = read(ada, records);
  for (const [hour, dateMs] of [0, 0, MONTH_MS, -MONTH_MS].entries()) {
    const nowMs = hour * 3_600_000;
    ledger.load(facts, at(nowMs, WALL_MS + nowMs + dateMs));
  }
  assert.equal(ledger.sizes.blocks, 2);
  ledger.advance(at(24 * 3_600_000 - 1));
  assert.ok(ledger.keptApart(partyOf(ada), near));
  ledger.advance(at(24 * 3_600_000));
  assert.equal(ledger.keptApart(partyOf(ada), near), false);
});

test('[GW-84] a block removed here does not return with an older read', () => {
  const ledger = new PairLedger();
  ledger.record(block(ada, bo), at(0));
  const older = read(ada, [block(ada, bo), block(ada, bo, 'another')]);
  ledger.record(unblock(ada, bo), at(0));
  assert.equal(ledger.load(older, at(0)).length, 1);
  assert.equal(ledger.isHeld(ada, bo, 'a-mark'), false);
  assert.ok(ledger.isHeld(ada, bo, 'another'));
});

test('[GW-84] REMOVALS_REMEMBERED_MAX: refuses reads older than the remembered removals', () => {
  const ledger = new PairLedger();
  const before = ledger.removals;
  const remove = (mark: number) => ledger.record(unblock(ada, bo, `mark-${mark}`), at(0));
  for (let mark = 0; mark < REMOVALS_REMEMBERED_MAX; mark++) remove(mark);
  assert.ok(ledger.remembersSince(before));
  remove(REMOVALS_REMEMBERED_MAX);
  assert.equal(ledger.remembersSince(before), false);
  assert.ok(ledger.remembersSince(before + 1));
});

test('[GW-84] reads and writes in flight never lose a block nor bring one back', () => {
  const people = Array.from({ length: 3 }, (_, i) => brandId<SubjectId>(`subject-${i}`));
  const person = fc.constantFrom(...people);
  const step = fc.record({
    kind: fc.constantFrom('block', 'unblock', 'commit', 'read', 'read', 'deliver', 'restart'),
    by: person,
    of: person,
    pick: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      let ledger = new PairLedger();
      let marks = 0;
      const stored: JournalRecord[] = [];
      let writing: JournalRecord[] = [];
      let reading: { readonly facts: PersonFacts; readonly asOf: number }[] = [];
      const loaded = new Set<SubjectId>();
      /** Blocks that apply: from the frame on, until their removal is committed. */
      const holding = new Map<string, readonly [SubjectId, SubjectId]>();
      for (const { kind, by, of, pick } of steps) {
        if (kind === 'block' && by !== of) {
          const mark = `mark-${(marks += 1)}`;
          ledger.record(block(by, of, mark), at(0));
          holding.set(mark, [by, of]);
          writing.push(block(by, of, mark));
        } else if (kind === 'unblock') {
          const held = [...holding].filter(([mark, [a, b]]) => ledger.isHeld(a, b, mark));
          const [mark, pair] = held[pick % Math.max(1, held.length)] ?? [];
          if (mark !== undefined && pair !== undefined) writing.push(unblock(...pair, mark));
        } else if (kind === 'commit') {
          for (const record of writing) {
            stored.push(record);
            if (record.kind !== 'unblock') continue;
            ledger.record(record, at(0));
            holding.delete(record.mark);
          }
          writing = [];
        } else if (kind === 'read') {
          reading.push({ facts: read(by, stored), asOf: ledger.removals });
        } else if (kind === 'deliver') {
          const [one] = reading.splice(pick % Math.max(1, reading.length), 1);
          if (one !== undefined && ledger.remembersSince(one.asOf)) {
            ledger.load(one.facts, at(0));
            loaded.add(one.facts.subject);
          }
        } else if (kind === 'restart') {
          // What was being written is lost, and so is what was being read.
          const lost = writing.flatMap((each) => (each.kind === 'block' ? [each.mark] : []));
          for (const mark of lost) if (mark !== null) holding.delete(mark);
          [writing, reading] = [[], []];
          loaded.clear();
          ledger = new PairLedger();
        }
        for (const a of people) {
          for (const b of people) {
            const marksOf = [...holding].filter(([, pair]) => pair.includes(a) && pair.includes(b));
            const isApart = a !== b && marksOf.length > 0;
            const isKnown = loaded.has(a) || loaded.has(b);
            if (isKnown && isApart) assert.ok(ledger.blockedEitherWay(a, b), 'a block is lost');
            if (!isApart) assert.equal(ledger.blockedEitherWay(a, b), false, 'a block is back');
          }
        }
      }
    }),
    { seed: 24, numRuns: 2_000 },
  );
});
