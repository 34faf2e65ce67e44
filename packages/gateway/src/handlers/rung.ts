import { isBelow } from '@farandole/matchmaking/mode';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Mode } from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Call, CallSeat } from '../call.ts';
import {
  callReceipt,
  callTransport,
  meetAgeOf,
  nextModeOf,
  renewGates,
  rungOf,
  tellSeat,
} from '../calls.ts';
import type { GatewayContext } from '../context.ts';
import { isOpen } from '../door.ts';
import { RUNG_REQUEST_PAUSE_MS, RUNG_REQUESTS_MAX } from '../limits.ts';
import { send } from '../outbox.ts';
import type { InCall } from '../session.ts';

type Consent = ClientMessageOf<'video.consent'>;
type RequestRefusal = ServerMessageOf<'video.refused'>['reason'];

/**
 * Handles a user's answer about the next mode of the call. The call switches for all users once
 * each has agreed. A refusal clears every user's agreement.
 */
export function consentToNext(context: GatewayContext, inCall: InCall, message: Consent): void {
  const { call, seat } = inCall;
  const at = call.seat(seat);
  const next = nextModeOf(context, call);
  // The user answered about the next mode of an earlier mode, which could be a lower one.
  if (next === null || (message.step ?? 0) !== call.step) return;
  if (!message.allowed) {
    if (!call.seats.some(({ allowsNext }) => allowsNext)) return;
    for (const each of call.seats) each.allowsNext = false;
    tellAnswers(context, call);
    return;
  }
  if (at.allowsNext) return;
  const reason = refusalOf(context, inCall, next, message);
  if (reason !== null) {
    const { match, epoch } = call;
    send(context, at.session, 'video.refused', { match, epoch, reason });
    return;
  }
  at.allowsNext = true;
  if (haveAgreed(at.others)) {
    moveUp(context, call, next);
    return;
  }
  at.requests += 1;
  at.requestedAtMs = context.now.monotonicMs;
  tellAnswers(context, call);
}

/**
 * Takes the call down to a lower mode at once. No other user can prevent it. Ignores a mode that
 * isn't below the current one, which can happen if both users go down at the same time.
 */
export function lowerMode(
  context: GatewayContext,
  { call, seat }: InCall,
  { mode }: ClientMessageOf<'mode.lower'>,
): void {
  if (!context.offers(mode) || !isBelow(mode, call.mode, context.config.rules.modes)) return;
  changeMode(context, call, mode);
  const { match, epoch } = call;
  for (const { name, session, transcript } of call.seats) {
    if (transcript.state === 'away') continue;
    send(context, session, 'mode.lowered', {
      ...{ match, epoch, mode },
      you: name === seat,
      ...changedFacts(context, call, name),
    });
  }
  context.ports.observer.observe({ event: 'mode-lowered', mode, match });
}

function haveAgreed(seats: readonly CallSeat[]): boolean {
  return seats.every(({ allowsNext }) => allowsNext);
}

/**
 * Returns why the user may not switch to the next mode, or null. Applies the checks of a search in
 * that mode. Limits how often and how fast a user asks, but not how often they answer.
 */
function refusalOf(
  context: GatewayContext,
  { call, seat }: InCall,
  next: Mode,
  { policyVersion }: Consent,
): RequestRefusal | null {
  if (policyVersion !== context.config.rules.policyVersion) return 'policy-changed';
  if (!meetAgeOf(context.modeRules(next), call)) return 'age-required';
  // One of the users may not use the mode, so asking again is pointless. The answer must not reveal
  // which user is restricted.
  if (!call.seats.every(({ session }) => context.mayBeIn(session, next))) return 'too-often';
  if (!isOpen(context, { mode: next, community: call.community })) return 'too-often';
  const { others, requests, requestedAtMs } = call.seat(seat);
  if (haveAgreed(others)) return null;
  const isSoon =
    requestedAtMs !== null && context.now.monotonicMs - requestedAtMs < RUNG_REQUEST_PAUSE_MS;
  return requests >= RUNG_REQUESTS_MAX || isSoon ? 'too-often' : null;
}

function moveUp(context: GatewayContext, call: Call, mode: Mode): void {
  changeMode(context, call, mode);
  const { match, epoch } = call;
  for (const { name, session } of call.seats) {
    send(context, session, 'video.started', {
      ...{ match, epoch },
      ...(mode !== 'video' && { mode }),
      ...changedFacts(context, call, name),
    });
  }
  context.ports.observer.observe(
    mode === 'video' ? { event: 'video-started', match } : { event: 'mode-raised', mode, match },
  );
}

/** Signals of the earlier mode are no longer passed, and every agreement ends. */
function changeMode(context: GatewayContext, call: Call, mode: Mode): void {
  call.mode = mode;
  call.step += 1;
  for (const at of call.seats) {
    at.hasOffered = false;
    at.allowsNext = false;
  }
  renewGates(context, call);
}

function changedFacts(
  context: GatewayContext,
  call: Call,
  seat: CallSeat['name'],
): Omit<ServerMessageOf<'mode.lowered'>, 'type' | 'seq' | 'match' | 'epoch' | 'mode' | 'you'> {
  return {
    ...callTransport(context, call),
    ...rungOf(context, call),
    receipt: callReceipt(context, call, seat),
  };
}

function tellAnswers(context: GatewayContext, call: Call): void {
  const { match, epoch } = call;
  for (const at of call.seats) {
    const fields = { match, epoch, you: at.allowsNext, stranger: haveAgreed(at.others) };
    tellSeat(context, at, 'video.updated', fields);
  }
}
