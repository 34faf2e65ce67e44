import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MatchId, SubjectId } from '@farandole/kernel/id';
import type { Place } from '@farandole/matchmaking/circle';
import type { CommandName, InputOf } from '@farandole/moderation/service/commands';
import type { KeptPair } from '@farandole/moderation/store/kept';
import { matchId, subject } from '@farandole/storage/test/desk';
import { memoryStore } from '@farandole/storage/test/memory-store';
import { PairNotes } from '../src/outbox/pair-notes.ts';

const [ADA, BOB] = [subject('ada'), subject('bob')];
const NORMAL: Place = { tier: 'good', circle: 'normal' };
const GOOD: Place = { tier: 'good', circle: 'good' };

/** The notes of a node, and what they told the store. */
function setUp() {
  const told: KeptPair[] = [];
  const store = memoryStore();
  const notes = new PairNotes({
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
  const search = (who: SubjectId, at: Place): void => notes.searched(who, at);
  const placesOf = async (id: MatchId): Promise<readonly (Place | null)[] | undefined> => {
    await notes.tell();
    return told.findLast((pair) => pair.id === id)?.sides.map((side) => side.place);
  };
  return { notes, told, search, placesOf };
}

test('[MO-98] of two who were found it is told where each stood in the search that led to it, whatever they search for next', async () => {
  const { notes, told, search, placesOf } = setUp();
  search(ADA, NORMAL);
  // One that came to nothing, and the one by which they met.
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

test('[MO-98] of a call that goes on after a restart no other search says where the two stood', async () => {
  const { notes, told, search, placesOf } = setUp();
  search(ADA, GOOD);
  search(BOB, GOOD);
  notes.began(matchId(2), [ADA, BOB]);
  assert.deepEqual(await placesOf(matchId(2)), [null, null]);
  assert.equal(told[0]?.mode, null);
});
