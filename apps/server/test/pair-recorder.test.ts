import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MatchId, SubjectId } from '@farandole/kernel/id';
import type { UserSegment } from '@farandole/matchmaking/segment';
import type { CommandName, InputOf } from '@farandole/moderation/service/commands';
import type { StoredPair } from '@farandole/moderation/store/stored';
import { device, matchId, subject } from '@farandole/storage/test/desk';
import { memoryStore } from '@farandole/storage/test/memory-store';
import { PAIRS_BATCH_MAX } from '../src/limits.ts';
import { PairRecorder } from '../src/outbox/pair-recorder.ts';

const [ADA, BOB] = [subject('ada'), subject('bob')];
const NORMAL: UserSegment = { tier: 'good', circle: 'normal' };
const GOOD: UserSegment = { tier: 'good', circle: 'good' };

function setUp() {
  const told: StoredPair[] = [];
  const ended: string[] = [];
  const store = memoryStore();
  const notes = new PairRecorder({
    store: {
      run: <Name extends CommandName>(name: Name, input: InputOf<Name>) => {
        if (name === 'pairs.note') {
          const { pairs, ended: ends = [] } = input as InputOf<'pairs.note'>;
          told.push(...pairs);
          ended.push(...ends.map(({ id, endedAtMs }) => `${id} ${endedAtMs}`));
        }
        return store.run(name, input);
      },
    },
    wallMs: () => 1_000,
    age: 'declared',
    policy: 3,
  });
  const search = (who: SubjectId, at: UserSegment): void => notes.searched(who, at);
  const placesOf = async (id: MatchId): Promise<readonly (UserSegment | null)[] | undefined> => {
    await notes.tell();
    return told.findLast((pair) => pair.id === id)?.sides.map((side) => side.place);
  };
  return { notes, store, told, ended, search, placesOf };
}

test("[MO-98] records each user's tier and segment from the search that matched", async () => {
  const { notes, told, search, placesOf } = setUp();
  search(ADA, NORMAL);
  // Each user abandons one search before the search that matches.
  search(ADA, GOOD);
  search(BOB, NORMAL);
  notes.began(matchId(1), [ADA, BOB]);
  notes.observe({ event: 'match-found', mode: 'video', waitedMs: 0, match: matchId(1) });
  search(ADA, NORMAL);
  search(BOB, GOOD);
  assert.deepEqual(await placesOf(matchId(1)), [GOOD, NORMAL]);
  const { sides: _, ...rest } = told[0] ?? assert.fail('nothing was told');
  assert.deepEqual(rest, {
    id: matchId(1),
    atMs: 1_000,
    mode: 'video',
    age: 'declared',
    policy: 3,
  });
});

test('[MO-98] records no tier or segment for a call resumed after a restart', async () => {
  const { notes, told, search, placesOf } = setUp();
  search(ADA, GOOD);
  search(BOB, GOOD);
  notes.began(matchId(2), [ADA, BOB]);
  assert.deepEqual(await placesOf(matchId(2)), [null, null]);
  assert.equal(told[0]?.mode, null);
});

test("[ST-18c] sends a call's devices with its start, and its end after its start", async () => {
  const { notes, store, told, ended } = setUp();
  const calls = Array.from({ length: PAIRS_BATCH_MAX + 1 }, (_, n) => matchId(n));
  for (const id of calls) {
    notes.began(id, [ADA, BOB], [device('ada'), device('bob')]);
    notes.ended(id);
  }
  assert.equal(await notes.tell(), true);
  assert.deepEqual([told.length, ended.length], [PAIRS_BATCH_MAX, 0]);
  await notes.close();
  assert.equal(told.length, calls.length);
  assert.deepEqual(
    ended,
    calls.map((id) => `${id} 1000`),
  );
  const page = { what: 'pairs', after: null, limit: 1, nowMs: 1_000 } as const;
  const { notes: met } = await store.run('apart.read', page);
  assert.deepEqual(met, [
    {
      ...{ kind: 'encounter', match: calls[0], subjects: [ADA, BOB] },
      ...{ devices: [device('ada'), device('bob')], atWallMs: 1_000 },
    },
  ]);
});
