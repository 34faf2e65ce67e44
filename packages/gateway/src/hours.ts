import { type Hour, hourAt, hoursAt, hoursIn, nextBellMs } from '@farandole/matchmaking/hours';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Call, CallBell } from './call.ts';
import { endCall } from './calls.ts';
import type { GatewayContext } from './context.ts';
import { hoursOf, isOpen, mayWaitFor } from './door.ts';
import { BELL_NOTICE_MS, BELL_SHOWN_MS, BELL_SPARES_MS } from './limits.ts';
import { sendPassing } from './outbox.ts';
import { parkSearch, submitSearch, wantedBy } from './searches.ts';
import type { InCall } from './session.ts';
import { refuseSearch } from './session-life.ts';

/** Applies the published hours and the door to searches and calls. Called at each tick. */
export function keepHours(context: GatewayContext): void {
  const plan = hoursOf(context);
  const on = hoursAt(plan, context.now.wallMs);
  const seen = context.hoursSeen;
  const isSame = on.length === seen.on.length && on.every((hour, at) => hour === seen.on[at]);
  if (plan !== seen.plan || !isSame) {
    context.hoursSeen = { plan, on };
    applyDoor(context);
  }
  ringBells(context);
  for (const hour of on) announceBell(context, hour);
}

/** Submits the searches that waited for an hour, and ends those whose hour is over. */
function applyDoor(context: GatewayContext): void {
  for (const search of [...context.searches.values()]) {
    const { place, session } = search;
    const wanted = wantedBy(search);
    if (isOpen(context, wanted)) {
      if (place.state === 'parked' && session.connection !== null) submitSearch(context, search);
    } else if (mayWaitFor(context, wanted)) {
      if (place.state !== 'parked') parkSearch(context, search);
    } else refuseSearch(context, session, 'closed');
  }
}

/** Notifies the users of the calls that the next bell of an hour may end. */
function announceBell(context: GatewayContext, hour: Hour): void {
  const { bells, now } = context;
  const { community = '' } = hour;
  const bellMs = nextBellMs(hour, now.wallMs);
  if (bellMs === null || bells.get(community) === bellMs) return;
  const inMs = bellMs - now.wallMs;
  if (inMs > BELL_NOTICE_MS) return;
  bells.set(community, bellMs);
  for (const call of context.calls.values()) {
    if (!isOfRounds(call, hour) || bellMs - call.startedAtWallMs < BELL_SPARES_MS) continue;
    call.bell = { atMs: bellMs, shownAtMs: new Map(), more: new Set() };
    const { match, epoch } = call;
    for (const { session, transcript } of call.seats) {
      if (transcript.state === 'away') continue;
      sendPassing(context, session, { type: 'round.ending', match, epoch, inMs });
    }
  }
}

/**
 * Whether the bells of an hour may end a call. Users of a private meeting chose each other, and
 * language exchanges, other modes and other communities go on outside the rounds.
 */
function isOfRounds(call: Call, hour: Hour): boolean {
  const isPair = call.seats.length === 2 && call.metBy === undefined && call.exchange === null;
  const isHere = call.community === hour.community && call.mode === hour.mode;
  return isPair && isHere && call.startedAtWallMs >= hour.startMs;
}

/** Ends the calls of the rounds that are over, unless both users want to continue. */
function ringBells(context: GatewayContext): void {
  const { bells, now, hoursSeen } = context;
  for (const [community, bellMs] of bells) {
    if (now.wallMs < bellMs) continue;
    bells.delete(community);
    const name = community === '' ? undefined : community;
    const hour = hourAt(hoursIn(hoursSeen.plan, name), bellMs);
    // The operator may have changed the hours since the notice.
    const rings = hour !== null && nextBellMs(hour, bellMs - 1) === bellMs;
    for (const call of [...context.calls.values()]) {
      const { bell } = call;
      if (bell === null || call.community !== name) continue;
      call.bell = null;
      if (rings && endsAtBell(context, call, bell)) endCall(context, call, () => 'bell');
    }
  }
}

/** Whether all users knew of the bell in time, however the date changed, and not all want more. */
function endsAtBell(
  { now }: GatewayContext,
  { seats }: Call,
  { shownAtMs, more }: CallBell,
): boolean {
  const knewIt = seats.every(({ name }) => {
    const atMs = shownAtMs.get(name);
    return atMs !== undefined && now.monotonicMs - atMs >= BELL_SHOWN_MS;
  });
  return knewIt && !seats.every(({ name }) => more.has(name));
}

/** Handles a user's answer to the bell. The peer isn't notified of it. */
export function answerBell(
  context: GatewayContext,
  { call: { bell }, seat }: InCall,
  { more }: ClientMessageOf<'round.answer'>,
): void {
  if (bell === null) return;
  const { wallMs, monotonicMs } = context.now;
  const isInTime = bell.atMs - wallMs >= BELL_SHOWN_MS;
  if (isInTime && !bell.shownAtMs.has(seat)) bell.shownAtMs.set(seat, monotonicMs);
  if (more) bell.more.add(seat);
  else bell.more.delete(seat);
}
