import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MatchId, SubjectId } from '@farandole/kernel/id';
import type { UserSegment } from '@farandole/matchmaking/segment';
import type { CommandName, InputOf } from '@farandole/moderation/service/commands';
import type { StoredPair } from '@farandole/moderation/store/stored';
import { matchId, subject } from '@farandole/storage/test/desk';
import { memoryStore } from '@farandole/storage/test/memory-store';
import { PairRecorder } from '../src/outbox/pair-recorder.ts';

const [ADA, BOB] = [subject('ada'), subject('bob')];
const NORMAL: UserSegment = { tier: 'good', circle: 'normal' };
const GOOD: UserSegment = { tier: 'good', circle: 'good' };

function setUp() {
  const told: StoredPair[] = [];
  const store = memoryStore();
  const notes = new PairRecorder({
    store: {
      run: <Name extends CommandName>(name: Name, input: InputOf<Name>) => {
        if (name === 'pairs.note') told.push(...(input as InputOf<'pairs.note'>).pairs);
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
  return { notes, told, search, placesOf };
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
