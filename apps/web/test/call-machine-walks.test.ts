import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { coverOf, isInCall, maySend } from '../src/call/call-state.ts';
import { callRestored, IN_CALL, matchFound, Walk, WISHES } from './support/calls.ts';

const happening = fc.constantFrom(
  'start',
  'next',
  'next',
  'stop',
  'report',
  'hidden',
  'anyone',
  'wishes',
  'show',
  'prepared',
  'session',
  'moved',
  'connected',
  'interrupted',
  'failed',
  'frame',
  'way',
  'found',
  'found',
  'accepted',
  'ended',
  'restored',
  'refused',
  'wait-a-little',
  'wait-long',
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

let matches = 0;

function happen(walk: Walk, what: Happening): void {
  const ticket = walk.state.state === 'searching' ? walk.state.ticket : 'ticket-of-old';
  const match = isInCall(walk.state) ? walk.state.call.match : 'match-of-old';
  const epoch = isInCall(walk.state) ? walk.state.call.epoch : 1;
  const inCall = { ...IN_CALL, match, epoch };
  switch (what) {
    case 'start':
      walk.event({ event: 'start', wishes: WISHES });
      return;
    case 'next':
      walk.event({ event: 'next', wishes: WISHES });
      return;
    case 'stop':
      walk.event({ event: 'stop' });
      return;
    case 'report':
      walk.event({ event: 'leave', as: 'reported' });
      return;
    case 'hidden':
      walk.event({ event: 'page-hidden' });
      return;
    case 'anyone':
      walk.event({ event: 'anyone' });
      return;
    case 'wishes':
      walk.event({ event: 'wishes', wishes: { ...WISHES, interests: ['chess'] } });
      return;
    case 'show':
      walk.event({ event: 'cover', cover: 'shown' });
      return;
    case 'prepared':
      walk.event({ event: 'prepared', ticket, offer: 'v=0 offer' });
      return;
    case 'session':
      walk.event({ event: 'session-opened' });
      return;
    case 'moved':
      walk.event({ event: 'moved' });
      return;
    case 'connected':
      walk.event({ event: 'media-connected' });
      return;
    case 'interrupted':
      walk.event({ event: 'media-interrupted' });
      return;
    case 'failed':
      walk.event({ event: 'media-failed' });
      return;
    case 'frame':
      walk.event({ event: 'first-frame' });
      return;
    case 'way':
      walk.event({ event: 'way', way: 'direct' });
      return;
    case 'found':
      matches += 1;
      walk.hear(matchFound({ ticket, match: `match-${String(matches).padStart(8, '0')}` }));
      return;
    case 'accepted':
      walk.hear({ type: 'ticket.accepted', seq: 1, ticket, interests: [], waiting: 1 });
      return;
    case 'ended':
      walk.hear({ type: 'call.ended', ...inCall, reason: 'left' });
      return;
    case 'restored':
      walk.hear(callRestored({ ...inCall, epoch: epoch + 1 }));
      return;
    case 'refused':
      walk.hear({ type: 'ticket.refused', seq: 1, ticket, reason: 'too-fast' });
      return;
    case 'wait-a-little':
      walk.after(400);
      return;
    case 'wait-long':
      walk.after(8_000);
  }
}

test('pairs media events, starts calls covered and ends left calls once', () => {
  const seen = { opened: 0, left: 0, confirmed: 0 };
  fc.assert(
    fc.property(fc.array(happening, { minLength: 1, maxLength: 200, size: 'max' }), (events) => {
      const walk = new Walk();
      let open: string | null = null;
      const ended = new Set<string>();
      for (const event of events) {
        const before = walk.state;
        happen(walk, event);
        for (const effect of walk.effects) {
          if (effect.effect === 'close') {
            assert.notEqual(open, null, 'only what is open is closed');
            open = null;
          } else if (effect.effect === 'open') {
            assert.equal(open, null, 'one call at a time');
            open = effect.call.match;
            seen.opened += 1;
          } else if (effect.effect === 'send' && effect.message.type === 'call.end') {
            const name = `${effect.message.match}/${effect.message.epoch}`;
            if (isInCall(before)) assert.ok(!ended.has(name), `${name} is ended once`);
            ended.add(name);
            seen.left += 1;
          }
        }
        const { state } = walk;
        // Media is open exactly during a call.
        assert.equal(open, isInCall(state) ? state.call.match : null);
        if (state.state === 'confirming-next') {
          seen.confirmed += 1;
          assert.ok(!maySend(state) && coverOf(state) === 'covered');
        }
        if (isInCall(state) && (!isInCall(before) || before.call.match !== state.call.match)) {
          assert.equal(coverOf(state), 'covered');
        }
      }
    }),
    { numRuns: 2_000 },
  );
  for (const count of Object.values(seen)) assert.ok(count > 1_000, JSON.stringify(seen));
});
