import { hourAt, nextBellMs } from '@farandole/matchmaking/hours';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Call, CallBell } from './call.ts';
import { endCall } from './calls.ts';
import type { GatewayContext } from './context.ts';
import { hoursOf, isOpen, mayWaitFor } from './door.ts';
import { BELL_NOTICE_MS, BELL_SHOWN_MS, BELL_SPARES_MS } from './limits.ts';
import { sendPassing } from './outbox.ts';
import { parkSearch, submitSearch } from './searches.ts';
import type { InCall } from './session.ts';
import { refuseSearch } from './session-life.ts';

/** Applies the published hours and the door to searches and calls. Called at each tick. */
export function keepHours(context: GatewayContext): void {
  const plan = hoursOf(context);
  const hour = hourAt(plan, context.now.wallMs);
  const seen = context.hoursSeen;
  if (plan !== seen.plan || hour !== seen.hour) {
    context.hoursSeen = { plan, hour };
    applyDoor(context);
  }
  ringBell(context);
  announceBell(context);
}

/** Submits the searches that waited for an hour, and ends those whose hour is over. */
function applyDoor(context: GatewayContext): void {
  for (const search of [...context.searches.values()]) {
    const { mode, place, session } = search;
    if (isOpen(context, mode)) {
      if (place.state === 'parked' && session.connection !== null) submitSearch(context, search);
    } else if (mayWaitFor(context, mode)) {
      if (place.state !== 'parked') parkSearch(context, search);
    } else refuseSearch(context, session, 'closed');
  }
}

/** Notifies the users of the calls that the next bell may end. */
function announceBell(context: GatewayContext): void {
  const { hour } = context.hoursSeen;
  const { wallMs } = context.now;
  const bellMs = hour === null ? null : nextBellMs(hour, wallMs);
  if (hour === null || bellMs === null || bellMs === context.bellMs) return;
  if (bellMs - wallMs > BELL_NOTICE_MS) return;
  context.bellMs = bellMs;
  const inMs = bellMs - wallMs;
  for (const call of context.calls.values()) {
    const ageMs = bellMs - call.startedAtWallMs;
    // Users of a private meeting chose each other, and other modes go on outside the rounds.
    const isOfRound =
      call.counts && call.mode === hour.mode && call.startedAtWallMs >= hour.startMs;
    if (!isOfRound || ageMs < BELL_SPARES_MS) continue;
    call.bell = { atMs: bellMs, shownAtMs: new Map(), more: new Set() };
    const { match, epoch } = call;
    for (const { session, transcript } of call.seats) {
      if (transcript.state === 'away') continue;
      sendPassing(context, session, { type: 'round.ending', match, epoch, inMs });
    }
  }
}

/** Ends the calls of a round that is over, unless both users want to continue. */
function ringBell(context: GatewayContext): void {
  const { bellMs } = context;
  if (bellMs === null || context.now.wallMs < bellMs) return;
  context.bellMs = null;
  const hour = hourAt(context.hoursSeen.plan, bellMs);
  // The operator may have changed the hours since the notice.
  const rings = hour !== null && nextBellMs(hour, bellMs - 1) === bellMs;
  for (const call of [...context.calls.values()]) {
    const { bell } = call;
    call.bell = null;
    if (bell !== null && rings && endsAtBell(context, call, bell))
      endCall(context, call, () => 'bell');
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
