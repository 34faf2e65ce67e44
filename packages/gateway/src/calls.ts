import type { MatchId } from '@farandole/kernel/id';
import { ageStateMeets, type ModeRules, type SeatRules } from '@farandole/matchmaking/mode';
import { mapSeats } from '@farandole/matchmaking/seats';
import { isMode, type Mode, SEATS, type Seat } from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Call, CallSeat } from './call.ts';
import type { GatewayContext } from './context.ts';
import { isOpen } from './door.ts';
import { encodeFields, type FieldsOf, type SequencedType, send, sendEncoded } from './outbox.ts';
import type { EndedCall } from './ports.ts';
import { type SeatHolder, sealCallReceipt } from './receipts.ts';
import type { Session } from './session.ts';
import { CandidateGate } from './signal-policy/candidate-gate.ts';
import { type SignalPolicy, signalPolicyFor } from './signal-policy/policy.ts';

export type CallEndReason = ServerMessageOf<'call.ended'>['reason'];

export type CallEnding = (seat: Seat) => CallEndReason;

/** Opens a call with a candidate filter per user. Replaces the same call of an earlier epoch. */
export function openCall(context: GatewayContext, call: Call): void {
  context.calls.set(call.match, call);
  for (const { name: seat, session } of call.seats) {
    session.apply({ event: 'began', activity: { state: 'in-call', call, seat } });
  }
  renewGates(context, call);
}

/**
 * Ends a call for all its users before the current event-loop turn ends. Later messages of the
 * call are dropped.
 */
export function endCall(context: GatewayContext, call: Call, ending: CallEnding): void {
  context.calls.delete(call.match);
  for (const { session } of call.seats) {
    const { activity } = session;
    if (activity.state === 'rejoining') context.deadlines.cancel(activity.until);
    session.apply({ event: 'ended' });
    session.endedMatch = call.match;
  }
  const { match, epoch } = call;
  for (const { name, session } of call.seats) {
    send(context, session, 'call.ended', { match, epoch, reason: ending(name) });
  }
  recordEncounter(context, call);
  const lastedMs = context.now.monotonicMs - call.openedAtMs;
  context.callDurations.set(match, lastedMs, context.now.monotonicMs);
  context.ports.callEnds.ended({ match, lastedMs, counts: call.counts, seats: endedSeats(call) });
  context.ports.observer.observe({
    event: 'call-ended',
    mode: call.mode,
    reason: reasonOf(call, ending),
    lastedMs,
    match,
  });
}

/**
 * Ends a call that waits to be restored, for good.
 *
 * @param by seat of the user who ended the call; null if that user doesn't wait here
 */
export function partWaiting(context: GatewayContext, match: MatchId, by: Seat | null = null): void {
  const waiting = context.restores.waiting(match);
  context.restores.settle(match);
  for (const { session, receipt } of waiting) {
    const { epoch, seat } = receipt;
    session.apply({ event: 'ended' });
    session.endedMatch = match;
    send(context, session, 'call.ended', { match, epoch, reason: seat === by ? 'you' : 'left' });
  }
}

function endedSeats({ seats, counters, seeing }: Call): EndedCall['seats'] {
  return mapSeats(seats, ({ session: { subject, facts }, others }, at) => ({
    subject,
    network: facts.network ?? null,
    lines: counters[at] ?? 0,
    wasSeen: others.some(({ name }) => seeing.has(name)),
  }));
}

export function endingBy(seat: Seat, own: CallEndReason, others: CallEndReason): CallEnding {
  return (name) => (name === seat ? own : others);
}

/** Returns the end reason for metrics: the one sent to the first user who didn't end the call. */
function reasonOf({ seats }: Call, ending: CallEnding): CallEndReason {
  const reasons = mapSeats(seats, ({ name }) => ending(name));
  return reasons.find((reason) => reason !== 'you') ?? reasons[0];
}

/**
 * Records that the users of a call met. Called when a call begins, so that a crash can't lose
 * the meeting, and when it ends, because the rematch cool-down starts then.
 */
export function recordEncounter(context: GatewayContext, call: Call): void {
  const record = {
    kind: 'encounter',
    match: call.match,
    subjects: call.subjects,
    devices: mapSeats(call.seats, ({ session }) => session.device),
    atWallMs: context.now.wallMs,
  } as const;
  context.ports.pairs.record(record, context.now);
  context.append(record);
}

/** Sends a message to one user of a call. Does nothing while the user's page is gone. */
export function tellSeat<T extends SequencedType>(
  context: GatewayContext,
  { session, transcript }: CallSeat,
  type: T,
  fields: FieldsOf<T>,
): void {
  if (transcript.state !== 'away') send(context, session, type, fields);
}

export function tellOthers<T extends SequencedType>(
  context: GatewayContext,
  call: Call,
  seat: Seat,
  type: T,
  fields: FieldsOf<T>,
): void {
  const encoded = encodeFields<T>(fields);
  for (const { session, transcript } of call.seat(seat).others) {
    if (transcript.state !== 'away') sendEncoded(context, session, type, encoded);
  }
}

export function tellPresence(
  context: GatewayContext,
  call: Call,
  seat: Seat,
  present: boolean,
): void {
  const { match, epoch } = call;
  const side = call.seats.length > 2 && { side: seat };
  tellOthers(context, call, seat, 'peer.presence', { match, epoch, present, ...side });
}

export function callTransport(
  context: GatewayContext,
  call: Call,
): Pick<ServerMessageOf<'match.found'>, 'transport' | 'directOffered'> {
  const { relayMode } = context.config;
  const isOpenToAll = relayMode === 'direct' || relayMode === 'fallback' || call.isDirectAgreed;
  return {
    transport: isOpenToAll ? 'all' : 'relay',
    directOffered: relayMode === 'until-consent' && context.carriesMedia(call.mode),
  };
}

/** Returns the rules of a seat. Null if the operator doesn't offer the mode. */
export function seatRules({ config }: GatewayContext, mode: Mode, seat: Seat): SeatRules | null {
  return config.rules.modes.get(mode)?.seats[SEATS.indexOf(seat)] ?? null;
}

export function nextModeOf(context: GatewayContext, { mode }: Call): Mode | null {
  const { turnsTo } = context.modeRules(mode);
  return isMode(turnsTo) ? turnsTo : null;
}

export function meetAgeOf({ ageStateRequired }: ModeRules, { seats }: Call): boolean {
  return seats.every(({ session }) => ageStateMeets(session.age, ageStateRequired));
}

/** Returns what the messages that open a call say about a language exchange. */
export function exchangeOf({ exchange }: Call): Pick<ServerMessageOf<'match.found'>, 'exchange'> {
  return exchange === null ? {} : { exchange };
}

/** Returns the mode to which the call can move up, and how often it changed its mode. */
export function rungOf(
  context: GatewayContext,
  call: Call,
): Pick<ServerMessageOf<'match.found'>, 'videoOffered' | 'next' | 'step'> {
  const next = nextModeOf(context, call);
  const isOffered =
    next !== null &&
    isOpen(context, { mode: next, community: call.community }) &&
    call.seats.every(({ session }) => context.mayBeIn(session, next)) &&
    meetAgeOf(context.modeRules(next), call);
  return {
    ...(isOffered && (next === 'video' ? { videoOffered: true } : { next })),
    ...(call.step > 0 && { step: call.step }),
  };
}

/**
 * Creates a new candidate filter per user from the current policy. Candidate counts restart at
 * zero.
 */
export function renewGates(context: GatewayContext, call: Call): void {
  const hasMedia = context.carriesMedia(call.mode);
  for (const at of call.seats) {
    at.gate = hasMedia ? new CandidateGate(policyOf(context, call, at.session)) : null;
  }
}

/**
 * Changes which addresses a user's candidate filter accepts. The filter's candidate counts are
 * kept, because users may move between networks without limit and could otherwise send unlimited
 * candidates. Only an ICE restart resets the counts, and ICE restarts are limited.
 */
export function moveGate(context: GatewayContext, call: Call, seat: Seat): void {
  const at = call.seat(seat);
  at.gate?.changePolicy(policyOf(context, call, at.session));
}

function policyOf(context: GatewayContext, call: Call, { facts }: Session): SignalPolicy {
  const { network } = context.ports;
  return signalPolicyFor({
    relayMode: context.config.relayMode,
    directConsent: call.isDirectAgreed,
    sender: {
      clientAddress: facts.clientAddress,
      isLoopbackWithoutProxyHeader: facts.isLocal,
      // Local addresses are read only for a user on this machine, because reading them costs a
      // system call and helps no other user.
      localInterfaceAddresses: facts.isLocal ? network.localAddresses() : [],
    },
    turnRelayAddresses: network.relayAddresses(),
  });
}

export function callReceipt(context: GatewayContext, call: Call, seat: Seat): string {
  return sealCallReceipt(context.ports.signer, {
    match: call.match,
    seat,
    epoch: call.epoch,
    mode: call.mode,
    step: call.step,
    exchange: call.exchange,
    offerer: call.offerer,
    metBy: call.metBy,
    holders: mapSeats(call.seats, ({ session }) => holderFor(session)),
    startedAtWallMs: call.startedAtWallMs,
    issuedAtWallMs: context.now.wallMs,
    run: context.run,
    community: call.community,
  });
}

function holderFor({ subject, device, facts: { network } }: Session): SeatHolder {
  return { subject, device, ...(network !== undefined && { network: network.network }) };
}

export function tellDirect(context: GatewayContext, call: Call): void {
  const { match, epoch } = call;
  for (const at of call.seats) {
    const stranger = at.others.every(({ allowsDirect }) => allowsDirect);
    const fields = { match, epoch, you: at.allowsDirect, stranger };
    tellSeat(context, at, 'direct.updated', fields);
  }
}
