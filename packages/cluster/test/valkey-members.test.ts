import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Instant } from '@farandole/kernel/clock';
import { brandId, type NodeId } from '@farandole/kernel/id';
import {
  CLOCK_OFF_BEATS,
  NODE_BEAT_MS,
  NODE_CLOCK_OFF_MS,
  NODE_GONE_MS,
  ONLINE_MAX,
} from '../src/limits.ts';
import { Members, readBeatAnswer, writeFacts } from '../src/valkey/members.ts';

const ADA = brandId<NodeId>('node-ada');
const BOB = brandId<NodeId>('node-bob');

const FACTS = {
  ...{ online: 0, isDraining: false, beat: 1, isDateRight: true },
  ...{ reachesDatabase: true, database: null },
};
const INSTANT: Instant = { monotonicMs: 0, wallMs: 0 };

function opened(): { members: Members; events: string[] } {
  const events: string[] = [];
  const members = new Members({
    came: (node) => events.push(`came ${node}`),
    gone: (node) => events.push(`gone ${node}`),
  });
  return { members, events };
}

/** Answers a beat that was requested at a time, with the numbers of others' beats. */
function answer(members: Members, ms: number, others: Readonly<Record<NodeId, number>>): void {
  const at: Instant = { monotonicMs: ms, wallMs: ms };
  const rows = Object.entries(others).flatMap(([node, beat]) => [
    node,
    `7 0 ${beat}`,
    NODE_GONE_MS,
  ]);
  members.answered(readBeatAnswer([ms, 'ok', ...rows]), at, at);
}

describe('a node knows the live nodes from its beats', () => {
  it('[CL-95] counts a node as gone NODE_GONE_MS after its last new beat', () => {
    const { members, events } = opened();
    answer(members, 0, { [ADA]: 1, [BOB]: 1 });
    assert.deepEqual(events, [`came ${ADA}`, `came ${BOB}`]);
    assert.equal(members.others.get(ADA)?.online, 7);
    for (let ms = NODE_BEAT_MS; ms < NODE_GONE_MS; ms += NODE_BEAT_MS) {
      answer(members, ms, { [ADA]: 1, [BOB]: 1 + ms / NODE_BEAT_MS });
    }
    assert.equal(members.has(ADA), true);
    answer(members, NODE_GONE_MS, { [BOB]: 6 });
    assert.deepEqual(events.slice(2), [`gone ${ADA}`]);
    assert.deepEqual([...members.others.keys()], [BOB]);
  });

  it('[CL-161] reads from a beat whether the node reads acks; older beats don’t say so', () => {
    const { members } = opened();
    const rows = [
      ADA,
      writeFacts({ ...FACTS, online: 3, isDraining: true }),
      NODE_GONE_MS,
      BOB,
      '3 1 1',
      NODE_GONE_MS,
    ];
    members.answered(readBeatAnswer([0, 'ok', ...rows]), INSTANT, INSTANT);
    assert.equal(members.others.get(ADA)?.readsAcks, true);
    assert.equal(members.others.get(BOB)?.readsAcks, false);
    assert.equal(members.others.get(ADA)?.isDraining, true);
  });

  it('[CL-95a] ignores a row that no node writes', () => {
    const { members } = opened();
    const rows = [
      ...[ADA, `${ONLINE_MAX} 0 1`, NODE_GONE_MS],
      ...[BOB, `${ONLINE_MAX + 1} 0 1`, NODE_GONE_MS],
      ...['node-cyd', 'many 0 1', NODE_GONE_MS],
      ...['node-dan', '-1 0 1', NODE_GONE_MS],
      ...['node-eve', '0.5 0 1', NODE_GONE_MS],
      ...['no node', '0 0 1', NODE_GONE_MS],
    ];
    members.answered(readBeatAnswer([0, 'ok', ...rows]), INSTANT, INSTANT);
    assert.deepEqual([...members.others.keys()], [ADA]);
  });

  it('[CL-95] counts nobody as gone for a time in which its own beats failed', () => {
    const { members, events } = opened();
    answer(members, 0, { [ADA]: 1 });
    answer(members, 60_000, {});
    answer(members, 60_000 + NODE_GONE_MS - NODE_BEAT_MS, {});
    assert.deepEqual(events, [`came ${ADA}`]);
    answer(members, 60_000 + 2 * NODE_GONE_MS, {});
    answer(members, 61_000 + 2 * NODE_GONE_MS, {});
    assert.equal(members.has(ADA), true, 'its beats failed again');
  });

  it('[CL-95] counts no time for which a beat waited for its answer', () => {
    const { members, events } = opened();
    const beat = (requestedMs: number, answeredMs: number, others: readonly unknown[]): void => {
      const [requested, answered] = [requestedMs, answeredMs].map((monotonicMs) => {
        return { monotonicMs, wallMs: 0 };
      }) as [Instant, Instant];
      members.answered(readBeatAnswer([0, 'ok', ...others]), requested, answered);
    };
    // The server reads this beat 1.9 s after the request, and the member has just beaten.
    beat(0, 1_900, [ADA, '7 0 1', NODE_GONE_MS]);
    for (const ms of [1_900, 2_900, 3_900, 4_900, 5_900]) beat(ms, ms, []);
    assert.deepEqual(events, [`came ${ADA}`], 'only 4 s have passed');
    beat(1_900 + NODE_GONE_MS, 1_900 + NODE_GONE_MS, []);
    assert.deepEqual(events.slice(1), [`gone ${ADA}`]);
  });

  it('[CL-95] counts a node as gone at once when it says goodbye', () => {
    const { members, events } = opened();
    answer(members, 0, { [ADA]: 1 });
    members.left(ADA, INSTANT);
    members.left(BOB, INSTANT);
    assert.deepEqual(events, [`came ${ADA}`, `gone ${ADA}`]);
  });

  it('[CL-95] ignores an answer that the server gave before the goodbye', () => {
    const { members, events } = opened();
    answer(members, 0, { [ADA]: 1, [BOB]: 1 });
    members.left(ADA, { monotonicMs: 900, wallMs: 900 });
    answer(members, NODE_BEAT_MS, { [ADA]: 2, [BOB]: 2 });
    assert.deepEqual(events.slice(2), [`gone ${ADA}`]);
    assert.deepEqual([...members.others.keys()], [BOB]);
  });

  it('[CL-97] allows a date that differs by NODE_CLOCK_OFF_MS and no more', () => {
    const { members } = opened();
    const at = (wallMs: number): Instant => ({ monotonicMs: 0, wallMs });
    const isOff = (serverMs: number, requestedMs: number, answeredMs: number): boolean => {
      members.answered(readBeatAnswer([serverMs, 'ok']), at(requestedMs), at(answeredMs));
      return members.isDateOff;
    };
    const off = NODE_CLOCK_OFF_MS;
    assert.equal(isOff(100_000, 100_000 + off, 100_000 + off), false);
    assert.equal(isOff(100_000, 100_001 + off, 100_001 + off), true);
    assert.equal(isOff(100_000, 90_000, 100_000 - off), false);
    assert.equal(isOff(100_000, 90_000, 99_999 - off), true);
    assert.equal(isOff(100_000, 100_000, 100_000), false);
  });

  it('[CL-184] CLOCK_OFF_BEATS: blames its own date only if another node’s is right', () => {
    const { members } = opened();
    let beat = 0;
    const faultsOf = (dates: readonly boolean[], isOwnRight: boolean): readonly unknown[] =>
      Array.from({ length: CLOCK_OFF_BEATS }, () => {
        beat += 1;
        const rows = dates.flatMap((isRight, index) => [
          index === 0 ? ADA : BOB,
          writeFacts({ ...FACTS, beat, isDateRight: isRight }),
          NODE_GONE_MS,
        ]);
        const at = { monotonicMs: beat, wallMs: isOwnRight ? 0 : -2 * NODE_CLOCK_OFF_MS };
        members.answered(readBeatAnswer([0, 'ok', ...rows]), at, at);
        return members.fault;
      });
    assert.deepEqual(faultsOf([false, true], false), [null, null, 'clock']);
    assert.deepEqual(faultsOf([true, true], true), [null, null, null]);
    assert.deepEqual(faultsOf([false, false], false), [null, null, 'valkey-clock']);
    // A node of an earlier version doesn't say whether its date is right.
    const at = { monotonicMs: beat, wallMs: -2 * NODE_CLOCK_OFF_MS };
    members.answered(readBeatAnswer([0, 'ok', ADA, '0 0 99 1', NODE_GONE_MS]), at, at);
    assert.equal(members.fault, 'clock');
  });

  it('[CL-230, CL-231] reads from a beat the database and whether the node reaches it', () => {
    const { members } = opened();
    let beat = 1;
    const beats = (changes: Partial<typeof FACTS> | string, database: string | null = null) => {
      beat += 1;
      const facts =
        typeof changes === 'string'
          ? changes
          : writeFacts({ ...FACTS, beat, ...changes, database });
      members.answered(readBeatAnswer([0, 'ok', ADA, facts, NODE_GONE_MS]), INSTANT, INSTANT);
      return [members.doOthersReachDatabase, members.haveOtherDatabase('7/16384')];
    };
    assert.deepEqual(beats({}), [true, false]);
    assert.deepEqual(beats({}, '7/16384'), [true, false]);
    assert.deepEqual(beats({ reachesDatabase: false }, '7/16385'), [false, true]);
    assert.deepEqual(beats({ isDraining: true }, '8/16384'), [false, true]);
    assert.deepEqual(beats('0 0 99 1 1'), [false, false], 'a node of an earlier version');
  });

  it('[CL-97] an answer with a verdict completes no beat', () => {
    const { members } = opened();
    members.answered(
      readBeatAnswer([5, 'keys']),
      { monotonicMs: 1, wallMs: 5 },
      { monotonicMs: 2, wallMs: 5 },
    );
    assert.equal(members.fault, 'keys');
    assert.equal(members.completedAtMonotonicMs, Number.NEGATIVE_INFINITY);
  });
});
