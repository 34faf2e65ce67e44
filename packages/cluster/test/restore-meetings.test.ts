import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { SessionMoves } from '@farandole/gateway/moves/session-moves';
import { brandId, type ConnectionId, type MatchId, type NodeId } from '@farandole/kernel/id';
import { RestoreMeetings } from '../src/restore-meetings.ts';

const NOW = { monotonicMs: 0, wallMs: 0 };

it('[CL-188] looks only for the users of the call about which another node tells', () => {
  const match = brandId<MatchId>('match-number-1');
  const asked: (MatchId | null)[] = [];
  const given: string[] = [];
  const moves: Pick<SessionMoves, 'waiting' | 'isOver'> = {
    isOver: () => false,
    waiting: (of) => {
      asked.push(of ?? null);
      const connection = brandId<ConnectionId>('c7');
      return of === match ? [{ connection, match, seat: 'b' }] : [];
    },
  };
  const meetings = new RestoreMeetings({
    channel: { send: () => {}, broadcast: () => {} },
    moves: () => moves as SessionMoves,
    give: (socket, to, of) => given.push(`${socket} ${to} ${of}`),
  });
  const from = brandId<NodeId>('node-bob');
  meetings.receive(from, { type: 'restore.waiting', v: 1, match, seat: 'a' }, NOW);
  // While many users come back from a dead node, reading all of them for each message took seconds.
  assert.deepEqual(asked, [match]);
  assert.deepEqual(given, ['c7 node-bob match-number-1']);
});
