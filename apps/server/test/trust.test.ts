import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import { StoreError } from '@farandole/storage/store-error';
import { subject } from '@farandole/storage/test/desk';
import { memoryStore } from '@farandole/storage/test/memory-store';
import {
  CALLS_WATCHED_MAX,
  CLEAN_AFTER_MS,
  CLEAN_CALL_MS_MIN,
  CLEAN_PEOPLE_AT_ONCE,
} from '../src/limits.ts';
import { CleanCalls } from '../src/outbox/clean-calls.ts';
import { reportRecord } from './support/records.ts';

const [ADA, BO, CY] = [subject('ada'), subject('bo'), subject('cy')];

class Calls {
  readonly store = memoryStore();
  readonly counted: SubjectId[] = [];
  nowMs = 0;
  fails = false;
  readonly clean = new CleanCalls({
    store: {
      run: (name, input) =>
        this.fails
          ? Promise.reject(new StoreError('failed', 'as the test wants it'))
          : this.store.run(name, input),
    },
    nowMonotonicMs: () => this.nowMs,
    onBegan: () => {},
    onEnded: () => {},
    onCounted: (of) => void this.counted.push(of),
  });

  met(match: string, subjects: readonly [SubjectId, SubjectId] = [ADA, BO]): void {
    const id = brandId<MatchId>(match);
    this.clean.recorded({ kind: 'encounter', match: id, subjects, atWallMs: this.nowMs });
  }

  report(match: string, by: SubjectId, of: SubjectId): void {
    const id = brandId<MatchId>(match);
    this.clean.recorded(reportRecord(1, { match: id, by, of, atWallMs: this.nowMs }));
  }

  async sessionsOf(of: SubjectId): Promise<number> {
    const [known] = await this.store.run('trust.read', { subjects: [of] });
    return known?.trust.sessions ?? 0;
  }
}

test('[MO-11] counts a long, unreported call once for each of its two users', async () => {
  const calls = new Calls();
  calls.met('call-0001');
  calls.nowMs = CLEAN_CALL_MS_MIN;
  calls.met('call-0001');
  calls.nowMs += CLEAN_AFTER_MS - 1;
  assert.equal(await calls.clean.tell(0), false);
  assert.deepEqual(calls.counted, []);
  calls.nowMs += 1;
  await calls.clean.tell(0);
  await calls.clean.tell(0);
  assert.deepEqual(calls.counted, [ADA, BO]);
  assert.deepEqual([await calls.sessionsOf(ADA), await calls.sessionsOf(BO)], [1, 1]);
});

test('[MO-130a] sends the store the facts of calls that can make users proven', async () => {
  const told: InputOf<'sessions.clean'>[] = [];
  let nowMs = 0;
  const clean = new CleanCalls({
    store: {
      run: async <Name extends CommandName>(_: Name, input: InputOf<Name>) => {
        told.push(input as InputOf<'sessions.clean'>);
        return 0 as OutcomeOf<Name>;
      },
    },
    nowMonotonicMs: () => nowMs,
    onBegan: () => {},
    onEnded: () => {},
    onCounted: () => {},
  });
  const met = (match: MatchId) => {
    clean.recorded({ kind: 'encounter', match, subjects: [ADA, BO], atWallMs: nowMs });
  };
  const seat = (of: SubjectId, lines: number, wasSeen: boolean, network: string | null) => ({
    ...{ subject: of, lines, wasSeen },
    network: network === null ? null : { network, parent: 'carrier' },
  });
  for (const [n, seats] of [
    [seat(ADA, 1, false, 'home'), seat(BO, 2, false, 'cafe')],
    [seat(ADA, 1, false, 'home'), seat(BO, 0, true, null)],
  ].entries()) {
    const match = brandId<MatchId>(`call-000${n}`);
    met(match);
    nowMs += CLEAN_CALL_MS_MIN;
    met(match);
    const [a, b] = seats;
    assert.ok(a !== undefined && b !== undefined);
    clean.ended({ match, lastedMs: CLEAN_CALL_MS_MIN, counts: true, seats: [a, b] });
  }
  const endedMs = nowMs;
  nowMs += CLEAN_AFTER_MS;
  const wallMs = 1_800_000_000_000;
  await clean.tell(wallMs);
  assert.deepEqual(
    told[0]?.calls?.map(({ subject: of, other, isMutual, network, otherNetwork }) =>
      [of, other, isMutual, network, otherNetwork].join(' '),
    ),
    [
      `${ADA} ${BO} true home cafe`,
      `${BO} ${ADA} true cafe home`,
      // Only Ada's page has received a frame, because Bo sent no line.
      `${ADA} ${BO} false home `,
      `${BO} ${ADA} true  home`,
    ],
  );
  assert.equal(told[0]?.calls?.[3]?.endedAtMs, wallMs - (nowMs - endedMs));
});

test("[MO-11] counts no short or running call, nor the accused's reported call", async () => {
  const calls = new Calls();
  calls.met('too-short');
  calls.met('goes-on-and-on', [ADA, CY]);
  calls.met('reported-call', [BO, CY]);
  calls.nowMs = CLEAN_CALL_MS_MIN - 1;
  calls.met('too-short');
  calls.nowMs += 1;
  calls.met('reported-call', [BO, CY]);
  calls.nowMs += CLEAN_AFTER_MS - 1;
  calls.report('reported-call', BO, CY);
  calls.nowMs += 10 * CLEAN_AFTER_MS;
  await calls.clean.tell(0);
  assert.deepEqual(calls.counted, [BO], 'whoever reported did nothing wrong');
});

test('[MO-11] sends call counts in batches, retries failures, evicts the oldest call', async () => {
  const calls = new Calls();
  for (let n = 0; n < CALLS_WATCHED_MAX + 1; n++) calls.met(`call-${n}`);
  calls.nowMs = CLEAN_CALL_MS_MIN;
  for (let n = 2; n < 2 + CLEAN_PEOPLE_AT_ONCE / 2; n++) calls.met(`call-${n}`);
  calls.met('call-0');
  calls.nowMs += CLEAN_AFTER_MS;
  calls.fails = true;
  await assert.rejects(calls.clean.tell(0));
  calls.fails = false;
  // The first call was evicted from the table. Its end therefore counts as a start and evicts the
  // next call.
  assert.equal(await calls.clean.tell(0), false);
  assert.equal(calls.counted.length, CLEAN_PEOPLE_AT_ONCE);
});

test('[MO-11] collects no further clean calls while the store fails', async () => {
  const calls = new Calls();
  const endMany = (name: string, count: number): void => {
    const names = Array.from({ length: count }, (_, n) => `${name}-${n}`);
    for (const each of names) calls.met(each);
    calls.nowMs += CLEAN_CALL_MS_MIN;
    for (const each of names) calls.met(each);
    calls.nowMs += CLEAN_AFTER_MS;
  };
  calls.fails = true;
  for (let round = 0; round < 2; round++) {
    endMany(`call-${round}`, CLEAN_PEOPLE_AT_ONCE / 2);
    await assert.rejects(calls.clean.tell(0));
    assert.equal(calls.clean.size, CLEAN_PEOPLE_AT_ONCE);
  }
  calls.fails = false;
  while (calls.counted.length < 2 * CLEAN_PEOPLE_AT_ONCE) await calls.clean.tell(0);
  assert.equal(calls.clean.size, 0);
});
