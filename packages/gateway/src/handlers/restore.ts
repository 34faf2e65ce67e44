import { ok, type Result, refused } from '@farandole/kernel/result';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Counters } from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { Call, type CallSide } from '../call.ts';
import { callReceipt, callTransport, openCall, tellPresence, videoOffered } from '../calls.ts';
import type { GatewayContext } from '../context.ts';
import { lineCount, sameCounters, verifyLine } from '../line-tag.ts';
import { send } from '../outbox.ts';
import { type CallReceipt, isFresh, openCallReceipt } from '../receipts.ts';
import type { Restore } from '../restores.ts';
import type { Session } from '../session.ts';
import { rejoinCall } from './rejoin.ts';

type CallRestore = ClientMessageOf<'call.restore'>;
type Refusal = ServerMessageOf<'restore.refused'>['reason'];

/**
 * One side of a call of before the restart presents its receipt. The call goes on when the other
 * side has presented its own; until then the first one waits.
 */
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
  if (restore.receipt.side === 'a') reopen(context, restore, other);
  else reopen(context, other, restore);
}

/** Whether the receipt is that of the place in a call which is kept for this session. */
function isReceiptOf(
  context: GatewayContext,
  { activity }: Session,
  message: CallRestore,
): boolean {
  const receipt = openCallReceipt(context.ports.signer, message.receipt);
  if (receipt === null || activity.state !== 'rejoining') return false;
  return receipt.match === activity.call.match && receipt.side === activity.side;
}

/** The window is over: whoever still waits hears that the other did not come. */
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
): Result<CallReceipt, Refusal> {
  if (session.activity.state !== 'idle') return refused('busy');
  const { signer, pairs } = context.ports;
  const receipt = openCallReceipt(signer, token);
  if (receipt === null || !isFresh(receipt.issuedAtWallMs, context.now.wallMs)) {
    return refused('bad-receipt');
  }
  const own = receipt[receipt.side];
  if (own.subject !== session.subject || own.device !== session.device) {
    return refused('bad-receipt');
  }
  // Nobody who is under age takes part in a call, of whatever run.
  if (context.ageRefusals.has(session.subject, context.now.monotonicMs)) {
    return refused('too-late');
  }
  // Nor whoever may only write: the other's receipt may say that the call had turned to video.
  if (context.standingOf(session).may !== 'meet') return refused('too-late');
  // A call of this very run is over, or its session would have been resumed; and whether the
  // other person has blocked this one is not for them to learn.
  const isOver =
    receipt.run === context.run ||
    context.restores.leftMs(context.now.monotonicMs) === null ||
    context.restores.isSettled(receipt.match) ||
    context.calls.has(receipt.match) ||
    pairs.blockedEitherWay(receipt.a.subject, receipt.b.subject);
  if (isOver || context.isDraining) return refused('too-late');
  const isVouchedFor =
    latest === undefined
      ? lineCount(received) === 0
      : sameCounters(latest.counters, received) && verifyLine(signer, receipt.match, latest);
  return isVouchedFor ? ok(receipt) : refused('bad-lines');
}

/**
 * Whether two receipts of one match are of its two sides. They may differ in the mode: the node may
 * have died before both heard that the call had turned to video.
 */
function belongTogether(one: CallReceipt, other: CallReceipt): boolean {
  return (
    one.side !== other.side &&
    one.offerer === other.offerer &&
    one.startedAtWallMs === other.startedAtWallMs &&
    one.a.subject === other.a.subject &&
    one.b.subject === other.b.subject &&
    one.a.device === other.a.device &&
    one.b.device === other.b.device
  );
}

/** The same call, under an epoch above any that either side has seen. */
function reopen(context: GatewayContext, a: Restore, b: Restore): void {
  const { match, offerer, startedAtWallMs } = a.receipt;
  // Only a node gives a receipt of video, and only to two who had both agreed to it.
  const mode = b.receipt.mode === 'video' ? 'video' : a.receipt.mode;
  const epoch = Math.max(a.receipt.epoch, b.receipt.epoch) + 1;
  const counters = lineCount(a.received) >= lineCount(b.received) ? a.received : b.received;
  const facts = { match, epoch, mode, offerer, startedAtWallMs };
  const call = new Call(facts, a.session, b.session, context.now.monotonicMs, counters);
  openCall(context, call);
  resume(call.a, a.received, counters);
  resume(call.b, b.received, counters);
  for (const [side, other] of [
    ['a', b],
    ['b', a],
  ] as const) {
    send(context, call.side(side).session, 'call.restored', {
      match,
      epoch,
      side,
      role: side === offerer ? 'offerer' : 'answerer',
      mode,
      ...callTransport(context, call),
      ...videoOffered(context, call),
      receipt: callReceipt(context, call, side),
      counters,
      peerReceived: other.received,
    });
  }
  // Whoever came first may have lost the socket while waiting.
  if (a.session.connection === null) tellPresence(context, call, 'a', false);
  if (b.session.connection === null) tellPresence(context, call, 'b', false);
  context.ports.observer.observe({ event: 'call-restored', match });
}

/** The two have described themselves before; either may do so again. */
function resume(at: CallSide, has: Counters, upTo: Counters): void {
  at.hasOffered = true;
  if (!sameCounters(has, upTo)) at.transcript = { state: 'catching-up', has, upTo, held: [] };
}
