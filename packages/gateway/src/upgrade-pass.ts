import { brandId, type SessionId, type SubjectId } from '@farandole/kernel/id';
import type { GatewayContext } from './context.ts';
import { openSessionTicket } from './session-ticket.ts';

/**
 * Returns whether a token permits the user to open a socket. Valid tokens are an unused session
 * ticket of the user and the secret of the user's live session. A ticket permits one socket, even
 * if that socket never sends a hello.
 */
export function admitsSocket(context: GatewayContext, token: string, subject: SubjectId): boolean {
  const claims = openSessionTicket(context.ports.signer, token, context.now.wallMs);
  if (claims === null) return canResume(context, token, subject);
  if (claims.subject !== subject) return false;
  return context.admittedTickets.use(claims.session, context.now.monotonicMs);
}

/** Whether a secret belongs to a live session of the user. */
export function canResume(context: GatewayContext, secret: string, subject: SubjectId): boolean {
  const id = context.ports.signer.open('resume', secret);
  // Another node may have the session. Only the hello can tell.
  if (id !== null && context.ports.nodes?.areThere(context.now) === true) return true;
  return id !== null && context.sessions.get(brandId<SessionId>(id))?.subject === subject;
}
