import { ok, type Result, refused } from '@farandole/kernel/result';
import { mapSeats } from '@farandole/matchmaking/seats';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { type Counters, type Mode, SEATS } from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { Call, type CallSeat } from '../call.ts';
import { callReceipt, callTransport, openCall, tellPresence, videoOffered } from '../calls.ts';
import type { GatewayContext } from '../context.ts';
import { lineCount, sameCounters, verifyLine } from '../line-tag.ts';
import { send } from '../outbox.ts';
import { type CallReceipt, holderOf, isFresh, openCallReceipt } from '../receipts.ts';
import type { Restore } from '../restores.ts';
import type { Session } from '../session.ts';
import { rejoinCall } from './rejoin.ts';

type CallRestore = ClientMessageOf<'call.restore'>;
type RestoreRefusal = ServerMessageOf<'restore.refused'>['reason'];

/** The call continues when both seats have presented their receipts; the first one waits. */
export function restoreCall(context: GatewayContext, session: Session, message: CallRestore): void {
  const { activity } = session;
  if (activity.state === 'rejoining' && isReceiptOf(context, session, message)) {
    rejoinCall(context, session, activity);
    return;
  }
  const admitted = admit(context, session, message);
  if (!admitted.ok) {
    send(context, session, 'restore.refused', { reason: admitted.reason });
    return;
  }
  const restore: Restore = { receipt: admitted.value, session, received: message.received };
  const { match } = restore.receipt;
  const other = context.restores.waiting(match);
  if (other === undefined) {
    wait(context, restore);
    return;
  }
  if (!belongTogether(other.receipt, restore.receipt)) {
    send(context, session, 'restore.refused', { reason: 'bad-receipt' });
    return;
  }
  session.apply({ event: 'began', activity: { state: 'restoring', restore } });
  context.restores.settle(match);
  const isFirst = seatAt(restore) < seatAt(other);
  reopen(context, isFirst ? [restore, other] : [other, restore]);
}

function seatAt({ receipt }: Restore): number {
  return SEATS.indexOf(receipt.seat);
}

function isReceiptOf(
  context: GatewayContext,
  { activity }: Session,
  message: CallRestore,
): boolean {
  const receipt = openCallReceipt(context.ports.signer, message.receipt);
  if (receipt === null || activity.state !== 'rejoining') return false;
  return receipt.match === activity.call.match && receipt.seat === activity.seat;
}

/** The window is over: notifies users whose peer didn't come. */
export function endRestoreWindow(context: GatewayContext): void {
  for (const { session, receipt } of context.restores.end()) {
    session.apply({ event: 'ended' });
    const { match, epoch } = receipt;
    send(context, session, 'call.ended', { match, epoch, reason: 'not-restored' });
  }
}

function wait(context: GatewayContext, restore: Restore): void {
  const { session, receipt } = restore;
  const leftMs = context.restores.leftMs(context.now.monotonicMs);
  if (leftMs === null || !context.restores.wait(restore)) {
    send(context, session, 'restore.refused', { reason: 'too-late' });
    return;
  }
  session.apply({ event: 'began', activity: { state: 'restoring', restore } });
  const { match } = receipt;
  send(context, session, 'call.restoring', { match, deadlineMs: Math.ceil(leftMs) });
}

function admit(
  context: GatewayContext,
  session: Session,
  { receipt: token, received, latest }: CallRestore,
): Result<CallReceipt, RestoreRefusal> {
  if (session.activity.state !== 'idle') return refused('busy');
  const { signer, pairs } = context.ports;
  const receipt = openCallReceipt(signer, token);
  if (receipt === null || !isFresh(receipt.issuedAtWallMs, context.now.wallMs)) {
    return refused('bad-receipt');
  }
  const own = holderOf(receipt, receipt.seat);
  if (own?.subject !== session.subject || own.device !== session.device) {
    return refused('bad-receipt');
  }
  // Minors can't be in a call, of any process.
  if (context.isAgeRefused(session)) return refused('too-late');
  // Nor text-only users: the peer's receipt may say that the call had switched to video.
  if (context.standingOf(session).may !== 'meet') return refused('too-late');
  // A call of this process is over. The user must not learn whether the peer blocked them.
  const isOver =
    receipt.run === context.run ||
    context.restores.leftMs(context.now.monotonicMs) === null ||
    context.restores.isSettled(receipt.match) ||
    context.calls.has(receipt.match) ||
    receipt.holders.some((holder) => holder !== own && pairs.areApart(own, holder));
  if (isOver || context.isDraining) return refused('too-late');
  if (received.length !== receipt.holders.length) return refused('bad-lines');
  const isVouchedFor =
    latest === undefined
      ? lineCount(received) === 0
      : sameCounters(latest.counters, received) && verifyLine(signer, receipt.match, latest);
  return isVouchedFor ? ok(receipt) : refused('bad-lines');
}

/** Receipts of both seats of a match. Modes may differ if the node died during the switch. */
function belongTogether(one: CallReceipt, other: CallReceipt): boolean {
  return (
    one.seat !== other.seat &&
    one.offerer === other.offerer &&
    one.startedAtWallMs === other.startedAtWallMs &&
    one.holders.every(
      ({ subject, device }, at) =>
        subject === other.holders[at]?.subject && device === other.holders[at].device,
    )
  );
}

/** Reopens the call under an epoch above both receipts'. Restores come in seat order. */
function reopen(context: GatewayContext, restores: readonly [Restore, Restore]): void {
  const [first, second] = restores;
  const { match, offerer, startedAtWallMs } = first.receipt;
  const epoch = Math.max(...restores.map((each) => each.receipt.epoch)) + 1;
  const mode = modeOf(context, restores);
  const isAhead = lineCount(first.received) >= lineCount(second.received);
  const counters = isAhead ? first.received : second.received;
  const facts = { match, epoch, mode, offerer, startedAtWallMs };
  const sessions = mapSeats(restores, ({ session }) => session);
  const call = new Call(facts, sessions, context.now.monotonicMs, counters);
  openCall(context, call);
  for (const { receipt: own, received } of restores) {
    resume(call.seat(own.seat), received, counters);
  }
  for (const [own, peer] of [
    [first, second],
    [second, first],
  ] as const) {
    const { seat } = own.receipt;
    send(context, own.session, 'call.restored', {
      match,
      epoch,
      side: seat,
      role: seat === offerer ? 'offerer' : 'answerer',
      mode,
      ...callTransport(context, call),
      ...videoOffered(context, call),
      receipt: callReceipt(context, call, seat),
      counters,
      peerReceived: peer.received,
    });
  }
  // The first user may have lost the socket while waiting.
  for (const { name, session } of call.seats) {
    if (session.connection === null) tellPresence(context, call, name, false);
  }
  context.ports.observer.observe({ event: 'call-restored', match });
}

/** One receipt may be from before the switch; one of the new mode proves that all agreed. */
function modeOf(context: GatewayContext, restores: readonly [Restore, Restore]): Mode {
  const [{ mode: one }, { mode: other }] = mapSeats(restores, ({ receipt }) => receipt);
  return context.modeRules(one).turnsTo === other ? other : one;
}

/** Both sides have exchanged descriptions before; either may offer. */
function resume(at: CallSeat, has: Counters, upTo: Counters): void {
  at.hasOffered = true;
  if (!sameCounters(has, upTo)) at.transcript = { state: 'catching-up', has, upTo, held: [] };
}
