import { assert } from '@farandole/kernel/assert';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Counters, PairSeat } from '@farandole/protocol/fields';
import { type FakeCall, type FakeSeat, type Receipt, readReceipt } from './fake-call.ts';
import type { FakeNode, FakeSession } from './fake-node.ts';
import { sum } from './lines.ts';

interface Returned {
  readonly session: FakeSession;
  readonly receipt: Receipt;
  readonly received: Counters;
}

/** Calls that one of the two users has asked the restarted node to restore. */
export class FakeRestores {
  readonly #node: FakeNode;
  readonly #waiting = new Map<string, Returned>();
  readonly #over = new Set<string>();

  constructor(node: FakeNode) {
    this.#node = node;
  }

  /**
   * Adds a user's request to restore a call.
   * @returns the call and the counters of both users once both have asked; otherwise null
   */
  add(
    session: FakeSession,
    message: ClientMessageOf<'call.restore'>,
  ): { readonly call: FakeCall; readonly received: Record<PairSeat, Counters> } | null {
    const receipt = readReceipt(message.receipt);
    const { match, side } = receipt;
    const { latest, received } = message;
    assert(sum(latest?.counters ?? [0, 0]) === sum(received), 'the latest line vouches for them');
    if (this.#over.has(match)) {
      this.#node.send(session, { type: 'restore.refused', reason: 'too-late' });
      return null;
    }
    const first = this.#waiting.get(match);
    if (first === undefined) {
      this.#waiting.set(match, { session, receipt, received });
      this.#node.send(session, { type: 'call.restoring', match, deadlineMs: 30_000 });
      return null;
    }
    this.#waiting.delete(match);
    const sides = {
      [side]: { session, receipt, received },
      [first.receipt.side]: first,
    } as Record<PairSeat, Returned>;
    const { a, b } = sides;
    const furthest = sum(a.received) >= sum(b.received) ? a.received : b.received;
    const seat = ({ session: returned, received: has }: Returned): FakeSeat => ({
      session: returned,
      direct: false,
      video: false,
      held: sum(has) < sum(furthest) ? { upTo: sum(furthest), lines: [] } : null,
    });
    // The mode of the later change applies.
    const later = receipt.step > first.receipt.step ? receipt : first.receipt;
    const call: FakeCall = {
      match,
      mode: later.mode,
      step: later.step,
      offerer: receipt.offerer,
      epoch: Math.max(receipt.epoch, first.receipt.epoch) + 1,
      counters: furthest,
      seats: { a: seat(a), b: seat(b) },
    };
    return { call, received: { a: a.received, b: b.received } };
  }

  /**
   * Ends a call that waits to be restored. A peer who waits is notified.
   * @returns false if no call of this epoch was waiting
   */
  end(by: FakeSession, { match, epoch, receipt }: ClientMessageOf<'call.end'>): boolean {
    if (receipt !== undefined) this.#over.add(match);
    const waiting = this.#waiting.get(match);
    if (waiting?.receipt.epoch !== epoch) return false;
    if (waiting.session !== by) {
      this.#node.send(waiting.session, { type: 'call.ended', match, epoch, reason: 'left' });
    }
    return this.#waiting.delete(match);
  }

  /** Ends the calls that only one of the two users has asked to restore. */
  close(): void {
    for (const { session, receipt } of this.#waiting.values()) {
      const { match, epoch } = receipt;
      this.#node.send(session, { type: 'call.ended', match, epoch, reason: 'not-restored' });
    }
    this.clear();
  }

  clear(): void {
    this.#waiting.clear();
  }
}
