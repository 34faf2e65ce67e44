import type { SubjectId, TicketId } from '@farandole/kernel/id';
import { MEETING_REMEMBERED_MS, MEETINGS_REMEMBERED_MAX } from './limits.ts';
import type { Ticket } from './ticket.ts';

interface Outcome {
  /** The user of seat `b` who met the other one. Null if the meeting was withdrawn. */
  readonly guest: SubjectId | null;
  readonly atMs: number;
}

/**
 * The private meetings of a pool: their tickets, and for a day which ones are over for whom. The
 * first guest who met the host keeps the meeting, so that a failed connection can be tried again.
 */
export class PrivateMeetings {
  readonly #tickets = new Map<string, Map<TicketId, Ticket>>();
  /** Outcomes in the order of their time. */
  readonly #outcomes = new Map<string, Outcome>();

  get remembered(): number {
    return this.#outcomes.size;
  }

  /** Returns whether the ticket's user may still meet by the ticket's key. */
  admits({ meeting, subject }: Ticket, nowMs: number): boolean {
    if (meeting === undefined) return true;
    this.#forgetOld(nowMs);
    const outcome = this.#outcomes.get(meeting.key);
    if (outcome === undefined) return true;
    return outcome.guest !== null && (meeting.seat === 'a' || subject === outcome.guest);
  }

  enter(ticket: Ticket): void {
    if (ticket.meeting === undefined) return;
    const { key } = ticket.meeting;
    const tickets = this.#tickets.get(key) ?? new Map<TicketId, Ticket>();
    tickets.set(ticket.id, ticket);
    this.#tickets.set(key, tickets);
  }

  leave({ id, meeting }: Ticket): void {
    if (meeting === undefined) return;
    const tickets = this.#tickets.get(meeting.key);
    tickets?.delete(id);
    if (tickets?.size === 0) this.#tickets.delete(meeting.key);
  }

  /** Records that two users met. Returns the other tickets of their meeting, which is over. */
  met(tickets: readonly Ticket[], nowMs: number): readonly Ticket[] {
    const guest = tickets.find(({ meeting }) => meeting?.seat === 'b');
    const key = guest?.meeting?.key;
    return key === undefined ? [] : this.#end(key, guest?.subject ?? null, nowMs);
  }

  /** Withdraws a meeting for good. Returns its tickets. */
  withdraw(key: string, nowMs: number): readonly Ticket[] {
    return this.#end(key, null, nowMs);
  }

  #end(key: string, guest: SubjectId | null, nowMs: number): readonly Ticket[] {
    this.#forgetOld(nowMs);
    this.#outcomes.delete(key);
    this.#outcomes.set(key, { guest, atMs: nowMs });
    const tickets = [...(this.#tickets.get(key)?.values() ?? [])];
    return tickets.filter((ticket) => !this.admits(ticket, nowMs));
  }

  #forgetOld(nowMs: number): void {
    for (const [key, { atMs }] of this.#outcomes) {
      const isOld = nowMs - atMs >= MEETING_REMEMBERED_MS;
      if (!isOld && this.#outcomes.size <= MEETINGS_REMEMBERED_MAX) return;
      this.#outcomes.delete(key);
    }
  }
}
