import { mapSeats } from '@farandole/matchmaking/seats';
import type { Counters, Seat } from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Call, CallSeat } from '../call.ts';
import {
  callReceipt,
  callTransport,
  endCall,
  endingBy,
  openCall,
  tellPresence,
  videoOffered,
} from '../calls.ts';
import type { GatewayContext } from '../context.ts';
import { REJOINS_MAX } from '../limits.ts';
import { lineCount } from '../line-tag.ts';
import { send } from '../outbox.ts';
import type { Rejoining, Session } from '../session.ts';

/**
 * A person's page is gone without a word, and they are here on another one: their seat in the call
 * is kept for the new session, for what is left of the older one's grace. The older session does
 * nothing any more. Where there is no such call, or it cannot go on, nothing happens.
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
  // What they had agreed to on the older page they may say again on this one.
  at.allowsVideo = false;
  const until = context.deadlines.add(untilMs, { due: 'rejoin', session });
  session.apply({ event: 'began', activity: { state: 'rejoining', call, seat, until } });
}

/** Only the other page can give back what was said; and nobody is to be called back without end. */
function mayGoOn(call: Call, seat: Seat): boolean {
  return call.across(seat).transcript.state === 'complete' && call.rejoins < REJOINS_MAX;
}

/** What a new page is told of the call that it may take up; nothing where there is none. */
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

/** The person takes their place in the call again: the same call, under the next epoch. */
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
  // The other person may be away themselves.
  for (const { name, session: other } of call.seat(seat).others) {
    if (other.connection === null) tellPresence(context, call, name, false);
  }
  context.ports.observer.observe({ event: 'call-restored', match: call.match });
}

/** Nobody who is under age is in a call, and by video only who may meet. */
function mayRejoin(context: GatewayContext, session: Session, { mode }: Call): boolean {
  if (context.ageRefusals.has(session.subject, context.now.monotonicMs)) return false;
  return context.standingOf(session).may === 'meet' || !context.carriesMedia(mode);
}

/** Counters of one who has no line. */
function noLines({ counters }: Call): Counters {
  return [...mapSeats(counters, () => 0)];
}

function openedFacts(
  context: GatewayContext,
  call: Call,
  { name }: CallSeat,
): Omit<NonNullable<ServerMessageOf<'session.opened'>['rejoin']>, Told> {
  return {
    side: name,
    role: name === call.offerer ? 'offerer' : 'answerer',
    mode: call.mode,
    ...callTransport(context, call),
    ...videoOffered(context, call),
    receipt: callReceipt(context, call, name),
  };
}

type Told = 'match' | 'epoch' | 'startedAtMs' | 'elapsedMs' | 'deadlineMs';
