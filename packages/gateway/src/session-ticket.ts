import { brandId, isId, type SessionId, type SubjectId } from '@farandole/kernel/id';
import { SESSION_TICKET_LIFETIME_MS } from '@farandole/protocol/limits';
import { ExpiringMap } from './expiring-map.ts';
import { USED_TICKETS_MAX } from './limits.ts';
import type { Signer } from './ports.ts';
import { parsePayload } from './sealed-payload.ts';

/** Contents of a session ticket. The HTTP server issues tickets, and the gateway redeems them. */
export interface SessionTicketClaims {
  readonly session: SessionId;
  readonly subject: SubjectId;
  readonly expiresAtWallMs: number;
}

/**
 * Creates the single-use ticket that a page gets over HTTP and sends in `session.hello`.
 * @param session id of the session that the ticket opens, a fresh `signer.randomId()`
 */
export function mintSessionTicket(
  signer: Signer,
  subject: SubjectId,
  session: SessionId,
  nowWallMs: number,
): string {
  const claims: SessionTicketClaims = {
    session,
    subject,
    expiresAtWallMs: nowWallMs + SESSION_TICKET_LIFETIME_MS,
  };
  return signer.seal('ticket', JSON.stringify(claims));
}

/** Null if the ticket is forged or expired. Doesn't check whether the ticket was already used. */
export function openSessionTicket(
  signer: Signer,
  token: string,
  nowWallMs: number,
): SessionTicketClaims | null {
  const payload = parsePayload(signer.open('ticket', token));
  if (payload === null) return null;
  const { session, subject, expiresAtWallMs } = payload;
  if (typeof session !== 'string' || !isId(session)) return null;
  if (typeof subject !== 'string' || !isId(subject)) return null;
  if (typeof expiresAtWallMs !== 'number' || nowWallMs >= expiresAtWallMs) return null;
  return {
    session: brandId<SessionId>(session),
    subject: brandId<SubjectId>(subject),
    expiresAtWallMs,
  };
}

export class UsedTickets {
  readonly #max: number;
  readonly #used: ExpiringMap<SessionId, true>;

  constructor(max = USED_TICKETS_MAX) {
    this.#max = max;
    this.#used = new ExpiringMap(SESSION_TICKET_LIFETIME_MS, max);
  }

  get size(): number {
    return this.#used.size;
  }

  /**
   * Marks a ticket as used. Returns false if it was used before. Also returns false if the
   * memory of used tickets is full, because a reuse would go undetected.
   */
  use(session: SessionId, nowMs: number): boolean {
    this.#used.forgetExpired(nowMs);
    if (this.#used.size >= this.#max || this.#used.has(session, nowMs)) return false;
    this.#used.set(session, true, nowMs);
    return true;
  }
}
