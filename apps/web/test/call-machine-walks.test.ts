import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { coverOf, isInCall, maySend, mediaOf } from '../src/call/call-state.ts';
import { callRestored, IN_CALL, matchFound, Walk, WISHES } from './support/calls.ts';

let matches = 0;

function nextMatch(): string {
  matches += 1;
  return `match-${String(matches).padStart(8, '0')}`;
}

interface Names {
  /** The ids of the current ticket and call, or ids of earlier ones. */
  readonly ticket: string;
  readonly inCall: { readonly seq: number; readonly match: string; readonly epoch: number };
}

const HAPPENINGS = {
  start: (walk) => walk.event({ event: 'start', wishes: WISHES }),
  next: (walk) => walk.event({ event: 'next', wishes: WISHES }),
  stop: (walk) => walk.event({ event: 'stop' }),
  report: (walk) => walk.event({ event: 'leave', as: 'reported' }),
  aside: (walk) => walk.event({ event: 'aside', aside: true }),
  back: (walk) => walk.event({ event: 'aside', aside: false }),
  hidden: (walk) => walk.event({ event: 'page-hidden' }),
  anyone: (walk) => walk.event({ event: 'anyone' }),
  wishes: (walk) => walk.event({ event: 'wishes', wishes: { ...WISHES, interests: ['chess'] } }),
  show: (walk) => walk.event({ event: 'cover', cover: 'shown' }),
  prepared: (walk, { ticket }) => walk.event({ event: 'prepared', ticket, offer: 'v=0 offer' }),
  session: (walk) => walk.event({ event: 'session-opened' }),
  moved: (walk) => walk.event({ event: 'moved' }),
  connected: (walk) => walk.event({ event: 'media-connected' }),
  interrupted: (walk) => walk.event({ event: 'media-interrupted' }),
  failed: (walk) => walk.event({ event: 'media-failed' }),
  frame: (walk) => walk.event({ event: 'first-frame' }),
  way: (walk) => walk.event({ event: 'way', way: 'direct' }),
  found: (walk, { ticket }) => walk.hear(matchFound({ ticket, match: nextMatch() })),
  accepted: (walk, { ticket }) =>
    walk.hear({ type: 'ticket.accepted', seq: 1, ticket, interests: [], waiting: 1 }),
  ended: (walk, { inCall }) => walk.hear({ type: 'call.ended', ...inCall, reason: 'left' }),
  restored: (walk, { inCall }) => walk.hear(callRestored({ ...inCall, epoch: inCall.epoch + 1 })),
  refused: (walk, { ticket }) =>
    walk.hear({ type: 'ticket.refused', seq: 1, ticket, reason: 'too-fast' }),
  'wait-a-little': (walk) => walk.after(400),
  'wait-long': (walk) => walk.after(8_000),
} as const satisfies Record<string, (walk: Walk, names: Names) => Walk>;

type Happening = keyof typeof HAPPENINGS;

/** Generates random events, with Next and matches twice as often as the others. */
const happening = fc.constantFrom<Happening>(
  ...(Object.keys(HAPPENINGS) as Happening[]),
  'next',
  'found',
);

function happen(walk: Walk, what: Happening): void {
  const { state } = walk;
  const ticket = state.state === 'searching' ? state.ticket : 'ticket-of-old';
  const { match, epoch } = isInCall(state) ? state.call : { match: 'match-of-old', epoch: 1 };
  HAPPENINGS[what](walk, { ticket, inCall: { ...IN_CALL, match, epoch } });
}

test('any event order closes all media, covers new calls, ends calls once', () => {
  const seen = { opened: 0, left: 0, confirmed: 0, aside: 0 };
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
        // Media may be open only during a call.
        assert.equal(open, isInCall(state) ? state.call.match : null);
        if (state.state === 'confirming-next') {
          seen.confirmed += 1;
          assert.ok(!maySend(state) && coverOf(state) === 'covered');
        }
        if (isInCall(state) && state.call.aside) {
          seen.aside += 1;
          assert.ok(!maySend(state) && coverOf(state) === 'covered');
          assert.notEqual(mediaOf(state)?.camera, 'on');
          assert.equal(mediaOf(state)?.microphone, 'off');
        }
        if (isInCall(state) && (!isInCall(before) || before.call.match !== state.call.match)) {
          assert.equal(coverOf(state), 'covered');
        }
      }
    }),
    { numRuns: 2_000 },
  );
  for (const count of Object.values(seen)) assert.ok(count > 500, JSON.stringify(seen));
});
