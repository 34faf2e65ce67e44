import { DRAIN_DEADLINE_MS } from '@farandole/protocol/limits';
import type { SessionModel } from './model.ts';
import { Violation } from './violation.ts';

/** I11: a node that drains says so to all in that turn, and lets nobody in any more. */
export class Drain {
  /** Until when calls go on; infinite while the node does not drain. */
  endsAtMs = Number.POSITIVE_INFINITY;
  /** Sessions that have a socket, and are yet to be told in this step. */
  readonly #untold = new Set<SessionModel>();

  get isOn(): boolean {
    return this.endsAtMs < Number.POSITIVE_INFINITY;
  }

  begin(nowMs: number, sessions: Iterable<SessionModel>): void {
    this.endsAtMs = nowMs + DRAIN_DEADLINE_MS;
    for (const session of sessions) if (session.connection !== null) this.#untold.add(session);
  }

  /** The node is gone, and another one will come. */
  over(): void {
    this.endsAtMs = Number.POSITIVE_INFINITY;
    this.#untold.clear();
  }

  told(session: SessionModel): void {
    if (!this.isOn) {
      throw new Violation('I11', `${session.subject} is told of a drain that there is not`);
    }
    this.#untold.delete(session);
  }

  entered(session: SessionModel, isNew: boolean): void {
    if (!this.isOn) return;
    if (isNew) throw new Violation('I11', `${session.subject} is let in while the node drains`);
    this.#untold.add(session);
  }

  /** At the end of a step. */
  check(): void {
    if (this.#untold.size === 0) return;
    for (const { isOpen, subject } of this.#untold) {
      if (isOpen) throw new Violation('I11', `the node drains, and ${subject} is not told`);
    }
    this.#untold.clear();
  }
}
