import { ageStateMeets } from '@farandole/matchmaking/mode';
import type { Side } from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { type Call, otherSide } from './call.ts';
import type { GatewayContext } from './context.ts';
import { type FieldsOf, type SequencedType, send } from './outbox.ts';
import { sealCallReceipt } from './receipts.ts';
import type { Session } from './session.ts';
import { CandidateGate } from './signal-policy/candidate-gate.ts';
import { type SignalPolicy, signalPolicyFor } from './signal-policy/policy.ts';

export type CallEndReason = ServerMessageOf<'call.ended'>['reason'];

/** What each side hears at the end. */
export type CallEnding = Readonly<Record<Side, CallEndReason>>;

/**
 * Makes a call live: both sessions are in it, and each side has a gate for its candidates. It takes
 * the place of the same call under an earlier epoch.
 */
export function openCall(context: GatewayContext, call: Call): void {
  context.calls.set(call.match, call);
  call.a.session.apply({ event: 'began', activity: { state: 'in-call', call, side: 'a' } });
  call.b.session.apply({ event: 'began', activity: { state: 'in-call', call, side: 'b' } });
  renewGate(context, call, 'a');
  renewGate(context, call, 'b');
}

/**
 * Ends a call for both in this turn, and lets both go. Whatever was still on the way into it finds
 * no call; nothing of it is sent afterwards.
 */
export function endCall(context: GatewayContext, call: Call, ending: CallEnding): void {
  context.calls.delete(call.match);
  for (const { session } of [call.a, call.b]) {
    const { activity } = session;
    if (activity.state === 'rejoining') context.deadlines.cancel(activity.until);
    session.apply({ event: 'ended' });
  }
  const { match, epoch } = call;
  send(context, call.a.session, 'call.ended', { match, epoch, reason: ending.a });
  send(context, call.b.session, 'call.ended', { match, epoch, reason: ending.b });
  recordEncounter(context, call);
  context.ports.observer.observe({
    event: 'call-ended',
    mode: call.mode,
    reason: ending.a === 'you' ? ending.b : ending.a,
    lastedMs: context.now.monotonicMs - call.openedAtMs,
    match,
  });
}

/** What the two hear when one side goes: that side first, then the other. */
export function endingBy(side: Side, own: CallEndReason, other: CallEndReason): CallEnding {
  return side === 'a' ? { a: own, b: other } : { a: other, b: own };
}

/**
 * Notes that the two have met: once when the call opens, so that a crash does not forget it, and
 * once when it ends, since the cool-down counts from there.
 */
export function recordEncounter(context: GatewayContext, call: Call): void {
  const record = {
    kind: 'encounter',
    match: call.match,
    subjects: call.subjects,
    atWallMs: context.now.wallMs,
  } as const;
  context.ports.pairs.record(record, context.now);
  context.append(record);
}

/** Tells one side something of their call; nothing while their place is only kept for a new page. */
export function tellSide<T extends SequencedType>(
  context: GatewayContext,
  call: Call,
  side: Side,
  type: T,
  fields: FieldsOf<T>,
): void {
  const { session, transcript } = call.side(side);
  if (transcript.state !== 'away') send(context, session, type, fields);
}

/** Tells the other side whether this side's socket is there. */
export function tellPresence(
  context: GatewayContext,
  call: Call,
  side: Side,
  present: boolean,
): void {
  const { match, epoch } = call;
  tellSide(context, call, otherSide(side), 'peer.presence', { match, epoch, present });
}

/** The way a call's media may go now, and whether the two may change it. */
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

/** Whether both people of a call meet, as of now, what video asks of a person's age. */
export function mayHaveVideo(context: GatewayContext, { a, b }: Call): boolean {
  const rules = context.modes.get('video');
  if (rules === undefined) return false;
  return [a, b].every(({ session }) => ageStateMeets(session.age, rules.ageStateRequired));
}

/** What a page is told beside the transport: whether this call may turn to video. */
export function videoOffered(
  context: GatewayContext,
  call: Call,
): Pick<ServerMessageOf<'match.found'>, 'videoOffered'> {
  const mayBoth = [call.a, call.b].every(
    ({ session }) => context.standingOf(session).may === 'meet',
  );
  const isOffered = !context.carriesMedia(call.mode) && mayBoth && mayHaveVideo(context, call);
  return isOffered ? { videoOffered: true } : {};
}

/** Gives a side a gate by the policy of the moment, with its counts begun anew. */
export function renewGate(context: GatewayContext, call: Call, side: Side): void {
  const at = call.side(side);
  at.gate = context.carriesMedia(call.mode)
    ? new CandidateGate(policyOf(context, call, at.session))
    : null;
}

/**
 * A side's candidates go by where it now is. Its counts go on, since a person may move as often as
 * they like: the browser gathers again in an ICE restart, which counts anew as often as one may.
 */
export function moveGate(context: GatewayContext, call: Call, side: Side): void {
  const at = call.side(side);
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
      // Asking the machine costs a system call, and only somebody on it gains from the answer.
      localInterfaceAddresses: facts.isLocal ? network.localAddresses() : [],
    },
    turnRelayAddresses: network.relayAddresses(),
  });
}

/** The receipt of one side, as of now. */
export function callReceipt(context: GatewayContext, call: Call, side: Side): string {
  const [a, b] = [call.a.session, call.b.session];
  return sealCallReceipt(context.ports.signer, {
    match: call.match,
    side,
    epoch: call.epoch,
    mode: call.mode,
    offerer: call.offerer,
    a: { subject: a.subject, device: a.device },
    b: { subject: b.subject, device: b.device },
    startedAtWallMs: call.startedAtWallMs,
    issuedAtWallMs: context.now.wallMs,
    run: context.run,
  });
}

/** Tells both what each allows, and opens or closes the direct way when that changed it. */
export function tellDirect(context: GatewayContext, call: Call): void {
  const { match, epoch } = call;
  for (const side of ['a', 'b'] as const) {
    const you = call.side(side).allowsDirect;
    const stranger = call.across(side).allowsDirect;
    tellSide(context, call, side, 'direct.updated', { match, epoch, you, stranger });
  }
}
