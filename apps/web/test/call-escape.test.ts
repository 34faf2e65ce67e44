import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ESCAPE_GUARD_MS, MET_GUARD_MS, NEXT_GUARD_MS } from '../src/call/limits.ts';
import { Walk, WISHES } from './support/calls.ts';

const NEXT = { event: 'next', wishes: WISHES } as const;
const ESCAPE = { event: 'escape', wishes: WISHES } as const;

test('ignores the second half of a double click on "Really?"', () => {
  const walk = new Walk().live().event(NEXT);
  walk.nowMs += NEXT_GUARD_MS;
  walk
    .event(NEXT)
    .after(NEXT_GUARD_MS - 1)
    .event({ event: 'stop' });
  assert.deepEqual(walk.did, []);
  walk.at('searching');
  walk.event({ event: 'prepared', ticket: walk.ticket, offer: null });
  const { ticket } = walk;
  walk.hear({ type: 'ticket.refused', seq: 2, ticket, reason: 'too-fast' });
  walk.event({ event: 'stop' });
  // It doesn't stop a paused search either.
  walk.at('held');
  walk.after(1).event({ event: 'stop' }).at('idle');
});

test('presses Next on Esc in a call; an extra press stops nothing', () => {
  const walk = new Walk().live().after(MET_GUARD_MS).event(ESCAPE);
  walk.at('confirming-next');
  walk.nowMs += NEXT_GUARD_MS;
  walk
    .event(ESCAPE)
    .after(ESCAPE_GUARD_MS - 1)
    .event(ESCAPE);
  walk.at('searching');
  walk.after(1).event(ESCAPE);
  assert.deepEqual([walk.state.state, walk.did], ['idle', []]);
  const searching = new Walk().searching().event(ESCAPE);
  assert.deepEqual([searching.state.state, searching.did], ['idle', ['ticket.withdraw']]);
});

test('stops on Esc right after a match unless Next preceded it', () => {
  const met = new Walk().searching().found();
  met.nowMs += MET_GUARD_MS - 1;
  met.event(ESCAPE);
  assert.ok(met.state.state === 'ended' && met.state.reason === 'you');
  assert.deepEqual(met.did, ['close', 'call.end']);
  const later = new Walk().searching().found();
  later.nowMs += MET_GUARD_MS;
  later.event(ESCAPE).at('confirming-next');
  const again = new Walk().live().event(NEXT);
  again.nowMs += NEXT_GUARD_MS;
  again.event(NEXT).event({ event: 'prepared', ticket: again.ticket, offer: null });
  again.found({ match: 'match-0002' });
  again.nowMs += NEXT_GUARD_MS - 1;
  again.event(ESCAPE).at('connecting');
});
