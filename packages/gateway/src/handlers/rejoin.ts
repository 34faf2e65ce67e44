import { mapSeats } from '@farandole/matchmaking/seats';
import type { Counters, Seat } from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Call, CallSeat } from '../call.ts';
import {
  callReceipt,
  callTransport,
  endCall,
  endingBy,
  exchangeOf,
  openCall,
  rungOf,
  tellPresence,
} from '../calls.ts';
import type { GatewayContext } from '../context.ts';
import { REJOINS_MAX } from '../limits.ts';
import { lineCount } from '../line-tag.ts';
import { send } from '../outbox.ts';
import type { Rejoining, Session } from '../session.ts';

/**
 * Called when a user's page disappeared and the user opened another. If the call can continue,
 * offers the call to the new session until the old session's grace period ends, and removes the
 * old session from the call. Does nothing otherwise.
 */
export function keepSeat(context: GatewayContext, older: Session, session: Session): void {
  const { state } = older;
  if (state.state !== 'open' || state.link.state !== 'detached') return;
  const { activity, link } = state;
  if (activity.state !== 'in-call' && activity.state !== 'rejoining') return;
  const { call, seat } = activity;
  if (!mayGoOn(call, seat) || !mayRejoin(context, session, call)) return;
  const untilMs = activity.state === 'rejoining' ? activity.until.atMs : link.grace.atMs;
  if (activity.state === 'rejoining') context.deadlines.cancel(activity.until);
  older.apply({ event: 'ended' });
  const at = call.seat(seat);
  at.session = session;
  at.transcript = { state: 'away' };
  // A user on a new page must agree to the next mode again.
  at.allowsNext = false;
  const until = context.deadlines.add(untilMs, { due: 'rejoin', session });
  session.apply({ event: 'began', activity: { state: 'rejoining', call, seat, until } });
}

/**
 * Whether the call can continue after a user's page was lost. The other pages must have all chat
 * lines, because only they can resend them, and the number of rejoins is limited.
 */
function mayGoOn(call: Call, seat: Seat): boolean {
  const { others } = call.seat(seat);
  const areComplete = others.every(({ transcript }) => transcript.state === 'complete');
  return areComplete && call.rejoins < REJOINS_MAX;
}

export function rejoinOffer(
  context: GatewayContext,
  { activity }: Session,
): Pick<ServerMessageOf<'session.opened'>, 'rejoin'> {
  if (activity.state !== 'rejoining') return {};
  const { call, seat, until } = activity;
  const { monotonicMs } = context.now;
  return {
    rejoin: {
      match: call.match,
      epoch: call.epoch,
      ...openedFacts(context, call, call.seat(seat)),
      startedAtMs: call.startedAtWallMs,
      elapsedMs: Math.floor(monotonicMs - call.openedAtMs),
      deadlineMs: Math.ceil(Math.max(0, until.atMs - monotonicMs)),
    },
  };
}

/** Continues the call in its next epoch, with the user's new session. */
export function rejoinCall(context: GatewayContext, session: Session, kept: Rejoining): void {
  const { call: before, seat } = kept;
  if (!mayRejoin(context, session, before)) {
    endCall(context, before, endingBy(seat, 'lost', 'lost'));
    return;
  }
  context.deadlines.cancel(kept.until);
  const call = before.again();
  if (lineCount(call.counters) > 0) {
    const upTo = call.counters;
    call.seat(seat).transcript = { state: 'catching-up', has: null, upTo, held: [] };
  }
  openCall(context, call);
  for (const at of call.seats) {
    send(context, at.session, 'call.restored', {
      match: call.match,
      epoch: call.epoch,
      ...openedFacts(context, call, at),
      counters: call.counters,
      peerReceived: at.name === seat ? call.counters : noLines(call),
      newPage: true,
    });
  }
  for (const { name, session: other } of call.seat(seat).others) {
    if (other.connection === null) tellPresence(context, call, name, false);
  }
  context.ports.observer.observe({ event: 'call-restored', match: call.match });
}

/**
 * Whether the user may return to the call. Minors may not rejoin any call, and users restricted
 * to text may not rejoin a video call.
 */
function mayRejoin(context: GatewayContext, session: Session, { mode }: Call): boolean {
  if (context.isAgeRefused(session)) return false;
  return context.standingOf(session).may === 'meet' || !context.carriesMedia(mode);
}

function noLines({ counters }: Call): Counters {
  return [...mapSeats(counters, () => 0)];
}

function openedFacts(
  context: GatewayContext,
  call: Call,
  { name }: CallSeat,
): Omit<NonNullable<ServerMessageOf<'session.opened'>['rejoin']>, RejoinFields> {
  return {
    side: name,
    role: name === call.offerer ? 'offerer' : 'answerer',
    mode: call.mode,
    ...callTransport(context, call),
    ...rungOf(context, call),
    ...exchangeOf(call),
    receipt: callReceipt(context, call, name),
  };
}

type RejoinFields = 'match' | 'epoch' | 'startedAtMs' | 'elapsedMs' | 'deadlineMs';
