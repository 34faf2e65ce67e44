import { assert } from '@farandole/kernel/assert';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { isBelow } from '@farandole/matchmaking/mode';
import { type AtLeastTwo, mapSeats } from '@farandole/matchmaking/seats';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { type Counters, SEATS } from '@farandole/protocol/fields';
import { RESTORE_WINDOW_MS } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { Call, type CallSeat } from '../call.ts';
import {
  callReceipt,
  callTransport,
  exchangeOf,
  openCall,
  partWaiting,
  rungOf,
  tellPresence,
} from '../calls.ts';
import type { GatewayContext } from '../context.ts';
import { defer } from '../facts.ts';
import { lineCount, sameCounters, verifyLine } from '../line-tag.ts';
import { moveSoon } from '../moves/drain.ts';
import { hasOtherNodes } from '../moves/other-nodes.ts';
import { send } from '../outbox.ts';
import { type CallReceipt, holderOf, isFresh, openCallReceipt } from '../receipts.ts';
import type { Restore } from '../restores.ts';
import type { Session } from '../session.ts';
import { isVain } from '../vain-waits.ts';
import { rejoinCall } from './rejoin.ts';

type CallRestore = ClientMessageOf<'call.restore'>;
type RestoreRefusal = ServerMessageOf<'restore.refused'>['reason'];

/**
 * Restores a call after a node restart once all users presented their receipts. The earlier users
 * wait for the last one.
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
  const waits = defer(context, session, {
    message,
    handle: () => restoreCall(context, session, message),
    refuse: () => {
      send(context, session, 'restore.refused', { reason: 'too-late' });
      // This user doesn't return to the call.
      partWaiting(context, admitted.value.match);
    },
  });
  if (waits) return;
  const { receipt: token } = message;
  const { match, holders } = admitted.value;
  const isEmpty = lineCount(message.received) === 0;
  const received: Counters = isEmpty ? [0, 0, ...holders.slice(2).map(() => 0)] : message.received;
  const restore: Restore = { receipt: admitted.value, token, session, received };
  const others = context.restores.waiting(match);
  if (!others.every(({ receipt }) => belongTogether(receipt, restore.receipt))) {
    send(context, session, 'restore.refused', { reason: 'bad-receipt' });
    return;
  }
  if (others.length + 1 < holders.length) {
    wait(context, restore);
    return;
  }
  session.apply({ event: 'began', activity: { state: 'restoring', restore } });
  joinRestores(context, restore, others);
}

/** Reopens a call whose users are all here. */
function joinRestores(context: GatewayContext, restore: Restore, others: readonly Restore[]): void {
  context.restores.settle(restore.receipt.match);
  const [first, second, ...rest] = [restore, ...others].toSorted((a, b) => seatAt(a) - seatAt(b));
  assert(first !== undefined && second !== undefined, 'a call of one is restored');
  reopen(context, [first, second, ...rest]);
}

/**
 * Returns how a user who waited on another node restores a call here: with all users present the
 * call reopens, otherwise the user waits here with the others. Null if no peer waits here or two of
 * the call's users must not meet.
 */
export function restoreGiven(
  context: GatewayContext,
  receipt: CallReceipt,
): ((restore: Restore) => void) | null {
  const waiting = context.restores.waiting(receipt.match);
  const { pairs } = context.ports;
  const { holders } = receipt;
  if (waiting.length === 0) return null;
  if (!waiting.every((other) => belongTogether(other.receipt, receipt))) return null;
  const areApart = holders.some((one, at) =>
    holders.slice(at + 1).some((other) => pairs.areApart(one, other)),
  );
  if (areApart) return null;
  if (waiting.length + 1 < holders.length) {
    return (restore) => {
      // A call for which a user waits already is remembered.
      assert(waitForPeer(context, restore), 'a call with a waiting user is forgotten');
    };
  }
  return (restore) => {
    restore.session.apply({ event: 'began', activity: { state: 'restoring', restore } });
    joinRestores(context, restore, waiting);
  };
}

/** Registers a user who waits for the peer. Returns false if too many calls are remembered. */
export function waitForPeer(context: GatewayContext, restore: Restore): boolean {
  if (!context.restores.wait(restore)) return false;
  restore.session.apply({ event: 'began', activity: { state: 'restoring', restore } });
  if (context.ports.nodes !== undefined) {
    const atMs = context.now.monotonicMs + RESTORE_WINDOW_MS;
    context.deadlines.add(atMs, { due: 'restore-wait', restore });
  }
  return true;
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

/**
 * Called at the end of the restore window. Notifies the waiting users that their peer didn't
 * return.
 */
export function endRestoreWindow(context: GatewayContext): void {
  for (const restore of context.restores.end()) endRestore(context, restore);
}

/** Called when a user's time to wait for the peer is over. */
export function endRestoreWait(context: GatewayContext, restore: Restore): void {
  const { activity } = restore.session;
  if (activity.state !== 'restoring' || activity.restore !== restore) return;
  context.restores.forget(restore);
  endRestore(context, restore);
}

function endRestore(context: GatewayContext, { session, receipt }: Restore): void {
  session.apply({ event: 'ended' });
  const { match, epoch } = receipt;
  send(context, session, 'call.ended', { match, epoch, reason: 'not-restored' });
}

function wait(context: GatewayContext, restore: Restore): void {
  const { session, receipt } = restore;
  const leftMs = context.restores.leftMs(context.now.monotonicMs);
  if (leftMs === null || !waitForPeer(context, restore)) {
    send(context, session, 'restore.refused', { reason: 'too-late' });
    return;
  }
  const { match } = receipt;
  send(context, session, 'call.restoring', { match, deadlineMs: Math.ceil(leftMs) });
  if (context.isDraining) moveSoon(context, session);
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
  // The operator no longer offers the mode.
  if (!context.offers(receipt.mode)) return refused('too-late');
  const own = holderOf(receipt, receipt.seat);
  if (own?.subject !== session.subject || own.device !== session.device) {
    return refused('bad-receipt');
  }
  // A user who declared to be a minor may not restore a call, even one that another process began.
  // A user restricted to text may not restore a call either, because the peer's receipt may show
  // that the call had switched to video. Nobody waits for such a user.
  if (isVain(context, { session, receipt })) {
    partWaiting(context, receipt.match);
    return refused('too-late');
  }
  // A call of the running process is still live or already over, so it can't be restored. The
  // refusal must not reveal whether the peer blocked the user, so all these cases get the same
  // reason.
  const isOver =
    (receipt.run === context.run && !context.restores.isAbandoned(receipt.match)) ||
    session.endedMatch === receipt.match ||
    context.restores.leftMs(context.now.monotonicMs) === null ||
    context.restores.isSettled(receipt.match) ||
    context.calls.has(receipt.match) ||
    receipt.holders.some((one, at) =>
      receipt.holders.slice(at + 1).some((other) => pairs.areApart(one, other)),
    );
  if (isOver || (context.isDraining && !hasOtherNodes(context))) return refused('too-late');
  // A page without lines may not know how many users the call has.
  const isEmpty = lineCount(received) === 0;
  if (!isEmpty && received.length !== receipt.holders.length) return refused('bad-lines');
  const isVouchedFor =
    latest === undefined
      ? isEmpty
      : sameCounters(latest.counters, received) && verifyLine(signer, receipt.match, latest);
  return isVouchedFor ? ok(receipt) : refused('bad-lines');
}

/**
 * Whether two receipts belong to different users of the same call. Their modes may differ,
 * because the node may have died while the call switched to video.
 */
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

/**
 * Reopens a call under an epoch higher than that of both receipts. Expects the restores in the
 * order of `SEATS`.
 */
function reopen(context: GatewayContext, restores: AtLeastTwo<Restore>): void {
  const [first] = restores;
  const { match, offerer, startedAtWallMs, metBy, community, exchange } = first.receipt;
  const epoch = Math.max(...restores.map((each) => each.receipt.epoch)) + 1;
  const { mode, step } = rungAt(context, restores);
  const counters = restores.map(({ received }) => received).reduce(furthest);
  const kept = { match, offerer, startedAtWallMs, metBy, community, exchange };
  const facts = { ...kept, epoch, mode, step };
  const sessions = mapSeats(restores, ({ session }) => session);
  const call = new Call(facts, sessions, context.now.monotonicMs, counters);
  openCall(context, call);
  for (const { receipt: own, received } of restores) {
    resume(call.seat(own.seat), received, counters);
  }
  for (const own of restores) {
    const { seat } = own.receipt;
    const others = restores.filter((other) => other !== own).map(({ received }) => received);
    send(context, own.session, 'call.restored', {
      match,
      epoch,
      side: seat,
      role: seat === offerer ? 'offerer' : 'answerer',
      mode,
      ...callTransport(context, call),
      ...rungOf(context, call),
      ...exchangeOf(call),
      receipt: callReceipt(context, call, seat),
      counters,
      // The page that lacks most needs all later lines. The others drop those that they have.
      peerReceived: others.reduce((one, other) => (furthest(one, other) === one ? other : one)),
    });
  }
  // The user who came first may have lost the socket while waiting.
  for (const { name, session } of call.seats) {
    if (session.connection === null) tellPresence(context, call, name, false);
  }
  context.ports.observer.observe({ event: 'call-restored', match });
}

/** Returns the counters of the page that has more lines. */
function furthest(one: Counters, other: Counters): Counters {
  return lineCount(one) >= lineCount(other) ? one : other;
}

/**
 * Returns the mode of a restored call: that of the receipt with the later change, because the
 * receipt proves that the node had made the change. A receipt of an earlier version counts no
 * changes, and there the only change led up.
 */
function rungAt(
  context: GatewayContext,
  restores: AtLeastTwo<Restore>,
): Pick<CallReceipt, 'mode' | 'step'> {
  // The mode of a group never changes.
  const [one, other] = mapSeats(restores, ({ receipt }) => receipt);
  if (one.step !== other.step) return one.step > other.step ? one : other;
  return isBelow(one.mode, other.mode, context.config.rules.modes) ? other : one;
}

/**
 * Prepares a user's state in a restored call. Either user may send an offer, because both
 * exchanged descriptions before the restart.
 */
function resume(at: CallSeat, has: Counters, upTo: Counters): void {
  at.hasOffered = true;
  if (!sameCounters(has, upTo)) at.transcript = { state: 'catching-up', has, upTo, held: [] };
}
