import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalRecord } from '@farandole/gateway/ports';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import type { ApartChange } from '@farandole/moderation/apart/note-apart';
import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { StoreError } from '@farandole/storage/store-error';
import { subject } from '@farandole/storage/test/desk';
import { memoryStore } from '@farandole/storage/test/memory-store';
import {
  CHANGES_AT_ONCE,
  REPORTS_AT_ONCE,
  STORE_ANSWERS_WITHIN_MS,
  STORE_ASKED_AGAIN_AFTER_MS,
  UNSTORED_MAX,
} from '../src/limits.ts';
import type { LogEvent } from '../src/observe/log.ts';
import { type SettledEntries, StoreJournal } from '../src/outbox/store-journal.ts';
import { blockRecord, encounterRecord, reportRecord, unblockRecord } from './support/records.ts';

type Mode = 'works' | 'fails' | 'hangs';

/** A store that answers, fails, or doesn't answer until the test says so. */
class TestStore implements Pick<ModerationStore, 'run'> {
  mode: Mode = 'works';
  readonly real = memoryStore();
  /** Commands in the order in which they arrived, with the kinds of their changes. */
  readonly asked: string[] = [];
  readonly evidence: string[] = [];
  #released = Promise.withResolvers<void>();

  async run<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutcomeOf<Name>> {
    const { changes = [] } = input as { readonly changes?: readonly ApartChange[] };
    this.asked.push([name, ...changes.map(({ kind }) => kind)].join(' '));
    if (name === 'report.take') {
      this.evidence.push((input as InputOf<'report.take'>).report.evidence);
    }
    if (this.mode === 'fails') throw new StoreError('failed', 'out of reach');
    if (this.mode === 'hangs') await this.#released.promise;
    return await this.real.run(name, input);
  }

  release(): void {
    this.mode = 'works';
    this.#released.resolve();
    this.#released = Promise.withResolvers();
  }
}

function setUp() {
  const store = new TestStore();
  const clock = new SimClock();
  const events: LogEvent[] = [];
  const results = new Map<number, SettledEntries>();
  const waiting = new Map<number, () => void>();
  let fresh = 0;
  let networksSent = 0;
  let networks = Promise.resolve();
  const journal = new StoreJournal({
    store,
    clock,
    log: (event) => void events.push(event),
    freshId: () => `fresh-${++fresh}`,
    chance: () => 0,
    onSettled: (settled) => {
      for (const entry of settled.entries) {
        assert.ok(!results.has(entry), `${entry} is settled once`);
        results.set(entry, settled);
        waiting.get(entry)?.();
      }
    },
    onReport: () => {
      networksSent += 1;
      return networks;
    },
    onTaken: () => {},
  });
  let next = 0;
  const begin = (record: JournalRecord): number => {
    const entry = next++;
    journal.append(entry, record);
    assert.ok(!results.has(entry), 'settles after append has returned');
    return entry;
  };
  const resultOf = async (entry: number): Promise<SettledEntries> => {
    const known = results.get(entry);
    if (known !== undefined) return known;
    await new Promise<void>((resolve) => waiting.set(entry, resolve));
    return await resultOf(entry);
  };
  const append = async (record: JournalRecord) => await resultOf(begin(record));
  const expire = (): void => {
    clock.advance(STORE_ANSWERS_WITHIN_MS);
    journal.tick(clock.monotonicMs());
  };
  const apart = async () => {
    const page = { what: 'blocks', after: null, limit: 100, nowMs: 1 } as const;
    return (await store.real.run('apart.read', page)).notes;
  };
  return {
    ...{ store, clock, journal, events, results, begin, resultOf, append, expire, apart },
    networksSent: () => networksSent,
    holdNetworks: () => {
      const held = Promise.withResolvers<void>();
      networks = held.promise;
      return held.resolve;
    },
  };
}

test("[ST-1] sends a report after the reporter's network", async () => {
  const { store, begin, resultOf, holdNetworks } = setUp();
  const send = holdNetworks();
  const entry = begin(reportRecord(1));
  await new Promise(setImmediate);
  assert.deepEqual(store.asked, []);
  send();
  assert.equal((await resultOf(entry)).stored, true);
});

test('[ST-1] settles a report once a case has it', async () => {
  const { store, append, networksSent, apart } = setUp();
  const settled = await append(reportRecord(1));
  assert.equal(settled.stored, true);
  assert.deepEqual(settled.first, { id: 'report-1', code: 'CODE-1' });
  assert.equal(await store.real.run('report.outcome', { code: 'CODE-1' }), 'received');
  assert.equal(networksSent(), 1, "the reporter's network is sent first");
  assert.deepEqual(store.asked, ['report.take'], 'one hop');
  assert.equal((await apart()).length, 1, 'the report keeps the two apart');
});

test('[GW-57a] answers a repeated report with the stored one', async () => {
  const { store, append, begin, resultOf } = setUp();
  await append(reportRecord(1));
  const again = await append(reportRecord(1, { id: 'report-of-now', code: 'CODE-NEW' }));
  assert.deepEqual([again.stored, again.first], [true, { id: 'report-1', code: 'CODE-1' }]);
  // A report that is repeated before the store answers waits for the same answer.
  store.mode = 'hangs';
  const [one, other] = [begin(reportRecord(2)), begin(reportRecord(2, { code: 'CODE-OTHER' }))];
  store.release();
  const { first } = await resultOf(one);
  assert.deepEqual(await resultOf(other), { entries: [one, other], stored: true, first });
  assert.equal(store.asked.filter((name) => name === 'report.take').length, 3);
});

test('sends reports while others are committed, at most REPORTS_AT_ONCE', async () => {
  const { store, begin, resultOf } = setUp();
  store.mode = 'hangs';
  const first = begin(reportRecord(0));
  await new Promise(setImmediate);
  const rest = Array.from({ length: REPORTS_AT_ONCE }, (_, n) => begin(reportRecord(n + 1)));
  await new Promise(setImmediate);
  assert.equal(store.asked.length, REPORTS_AT_ONCE, 'the last one waits');
  store.release();
  for (const entry of [first, ...rest]) assert.equal((await resultOf(entry)).stored, true);
  assert.equal(store.asked.length, 1 + REPORTS_AT_ONCE);
});

test('[GW-55] says whether the lines of a report are verified, missing or forged', async () => {
  const { store, append } = setUp();
  const without = { lines: [] };
  await append(reportRecord(1));
  await append(reportRecord(2, without));
  await append(reportRecord(3, { ...without, contradicted: true }));
  assert.deepEqual(store.evidence, ['verified', 'inconclusive', 'contradicted']);
});

test('[ST-4] stores blocks, removals and age refusals in order, one batch at a time', async () => {
  const { store, begin, resultOf, apart, journal } = setUp();
  store.mode = 'hangs';
  const first = begin(blockRecord(1));
  await Promise.resolve();
  const refusal = { kind: 'age-refused', subject: subject('c'), atWallMs: 9 } as const;
  const rest = [unblockRecord(blockRecord(1)), blockRecord(2), refusal].map(begin);
  await new Promise(setImmediate);
  assert.deepEqual(store.asked, ['apart.note block'], 'the rest waits for the first');
  store.release();
  for (const entry of [first, ...rest]) assert.equal((await resultOf(entry)).stored, true);
  assert.deepEqual(store.asked.slice(1), ['apart.note unblock block age-refused']);
  assert.deepEqual(
    (await apart()).map((note) => note.kind === 'block' && note.mark),
    [blockRecord(2).mark],
  );
  await journal.close();
});

test('sends at most CHANGES_AT_ONCE changes in one command', async () => {
  const { store, begin, resultOf } = setUp();
  const entries = Array.from({ length: CHANGES_AT_ONCE + 1 }, (_, n) => begin(blockRecord(n)));
  for (const entry of entries) assert.equal((await resultOf(entry)).stored, true);
  const sizes = store.asked.map((name) => name.split(' ').length - 1);
  assert.deepEqual(sizes, [CHANGES_AT_ONCE, 1]);
});

test('[ST-1] refuses as not stored what the store fails to take, and logs it', async () => {
  const { store, append, apart, events } = setUp();
  store.mode = 'fails';
  for (const record of [reportRecord(1), blockRecord(2)]) {
    assert.deepEqual((await append(record)).stored, false);
  }
  const failed = { event: 'journal-failed', code: 'failed' };
  assert.deepEqual(events, [failed, failed]);
  store.mode = 'works';
  for (const record of [reportRecord(1), blockRecord(2)]) {
    assert.deepEqual((await append(record)).stored, true);
  }
  assert.equal((await apart()).length, 2);
});

test('[ST-105] sends an age refusal again until the store takes it', async () => {
  const { store, clock, journal, begin, append, results, resultOf } = setUp();
  const refusal = { kind: 'age-refused', subject: subject('c'), atWallMs: 9 } as const;
  store.mode = 'fails';
  const entry = begin(refusal);
  assert.equal((await append(blockRecord(1))).stored, false, 'the page repeats a block');
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    journal.tick(clock.monotonicMs());
    await new Promise(setImmediate);
  };
  await pass(STORE_ASKED_AGAIN_AFTER_MS);
  store.mode = 'works';
  await pass(STORE_ASKED_AGAIN_AFTER_MS - 1);
  assert.equal(results.has(entry), false);
  assert.equal(journal.size, 1);
  await pass(1);
  assert.equal((await resultOf(entry)).stored, true);
  assert.equal(journal.size, 0);
  const page = { what: 'ages', after: null, limit: 9, nowMs: 10 } as const;
  assert.equal((await store.real.run('apart.read', page)).notes.length, 1);
  assert.deepEqual(store.asked, [
    'apart.note age-refused block',
    ...['apart.note age-refused', 'apart.note age-refused'],
  ]);
});

test('[ST-1] refuses as not stored what the store leaves unanswered for too long', async () => {
  const { store, clock, journal, begin, results, resultOf, expire, apart, events } = setUp();
  store.mode = 'hangs';
  const report = begin(reportRecord(1));
  const block = begin(blockRecord(2));
  await new Promise(setImmediate);
  clock.advance(STORE_ANSWERS_WITHIN_MS - 1);
  journal.tick(clock.monotonicMs());
  assert.equal(results.size, 0);
  clock.advance(1);
  journal.tick(clock.monotonicMs());
  for (const entry of [report, block]) assert.equal(results.get(entry)?.stored, false);
  assert.deepEqual(events, [{ event: 'journal-failed', code: 'late' }]);
  // The page repeats the report, and the gateway the block under the same mark.
  const again = [begin(reportRecord(1, { code: 'CODE-NEW' })), begin(blockRecord(2))];
  // A removal that never reached the store is dropped, because its answer was `not-stored`.
  const removal = begin(unblockRecord(blockRecord(2)));
  expire();
  assert.equal(results.get(removal)?.stored, false);
  const third = begin(blockRecord(2));
  store.release();
  await journal.close();
  assert.equal((await resultOf(third)).stored, true);
  for (const entry of again) assert.equal(results.get(entry)?.stored, false);
  const kept = await apart();
  assert.deepEqual(
    kept.map((note) => (note.kind === 'block' ? note.mark : note.kind === 'reported' && note.code)),
    [blockRecord(2).mark, 'CODE-1'],
  );
});

test('[GW-52] refuses records above UNSTORED_MAX at once, and takes them again later', async () => {
  const { store, begin, results, resultOf, journal, append } = setUp();
  store.mode = 'hangs';
  for (let n = 0; n < UNSTORED_MAX; n++) begin(blockRecord(n));
  assert.equal(journal.size, UNSTORED_MAX);
  const over = [begin(blockRecord(UNSTORED_MAX)), begin(reportRecord(UNSTORED_MAX))];
  for (const entry of over) assert.equal((await resultOf(entry)).stored, false);
  assert.equal(results.size, over.length);
  store.release();
  await journal.close();
  assert.equal(results.size, UNSTORED_MAX + over.length);
  assert.equal((await append(reportRecord(1))).stored, true);
});

test('leaves meetings to the pair ledger', async () => {
  const { store, journal, begin } = setUp();
  begin(encounterRecord(1, 0));
  await journal.close();
  assert.deepEqual(store.asked, []);
});
