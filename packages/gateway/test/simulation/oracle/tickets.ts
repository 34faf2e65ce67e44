import { SESSION_TICKET_LIFETIME_MS } from '@farandole/protocol/limits';
import { Violation } from './violation.ts';

interface Minted {
  readonly subject: string;
  readonly atWallMs: number;
}

/** GW-11: a ticket opens the session that it names once, for its own cookie, within its time. */
export class Tickets {
  readonly #minted = new Map<string, Minted>();
  /** By the session: when it was opened in this run of the node. */
  readonly #used = new Map<string, number>();

  /** Tickets that a run can still remember to be used. */
  get usedLately(): number {
    return this.#used.size;
  }

  mint(session: string, subject: string, wallMs: number): void {
    this.#minted.set(session, { subject, atWallMs: wallMs });
  }

  use(session: string, subject: string, nowMs: number, wallMs: number): void {
    const minted = this.#minted.get(session);
    if (minted?.subject !== subject) {
      throw new Violation('GW-11', `${subject} opens a session by a ticket that is not theirs`);
    }
    if (wallMs - minted.atWallMs >= SESSION_TICKET_LIFETIME_MS) {
      throw new Violation('GW-11', `${subject} opens a session by a ticket that is too old`);
    }
    for (const [each, atMs] of this.#used) {
      if (nowMs - atMs < SESSION_TICKET_LIFETIME_MS) break;
      this.#used.delete(each);
      this.#minted.delete(each);
    }
    if (this.#used.has(session)) {
      throw new Violation('GW-11', `${subject} opens a session by a ticket that was used`);
    }
    this.#used.set(session, nowMs);
  }

  /** A node that died has forgotten which were used. */
  restart(): void {
    this.#used.clear();
  }
}
