import { brandId, isId, type SubjectId } from '@farandole/kernel/id';
import type { Meeting } from '@farandole/matchmaking/ticket';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { MEET_AGAIN_CALL_MS } from '@farandole/protocol/limits';
import type { GatewayContext } from './context.ts';
import type { Signer } from './ports.ts';
import { holderOf, isFresh, openCallReceipt } from './receipts.ts';
import { parsePayload } from './sealed-payload.ts';
import type { Session } from './session.ts';

/** Contents of an invitation's link. */
export interface Invitation {
  /** Key of the private meeting. */
  readonly key: string;
  /** The user who invites. */
  readonly host: SubjectId;
  readonly endsAtWallMs: number;
}

export function sealInvitation(signer: Signer, invitation: Invitation): string {
  return signer.seal('invitation', JSON.stringify(invitation));
}

/** Null if the invitation is forged or has expired. Doesn't check whether it was withdrawn. */
export function openInvitation(
  signer: Signer,
  token: string,
  nowWallMs: number,
): Invitation | null {
  const payload = parsePayload(signer.open('invitation', token));
  if (payload === null) return null;
  const { key, host, endsAtWallMs } = payload;
  if (typeof key !== 'string' || !isId(key)) return null;
  if (typeof host !== 'string' || !isId(host)) return null;
  if (typeof endsAtWallMs !== 'number' || nowWallMs >= endsAtWallMs) return null;
  return { key, host: brandId<SubjectId>(host), endsAtWallMs };
}

/** Whether the user may make and use invitations: no decision or trust limits whom they meet. */
export function mayInvite(context: GatewayContext, session: Session): boolean {
  const { may } = context.standingOf(session);
  const { circles } = context.ports;
  return (
    may === 'meet' && circles.placeOf(session.subject, context.now.wallMs).tier !== 'restricted'
  );
}

/**
 * Returns the private meeting of a search, or null if the user can't wait for it. The reason isn't
 * distinguished, because it could reveal a restriction of either user.
 */
export function meetingOf(
  context: GatewayContext,
  session: Session,
  { by, token }: NonNullable<ClientMessageOf<'ticket.create'>['meeting']>,
): Meeting | null {
  if (by === 'again') return meetingAgain(context, session, token);
  const invitation = openInvitation(context.ports.signer, token, context.now.wallMs);
  if (invitation === null || !mayInvite(context, session)) return null;
  const seat = invitation.host === session.subject ? 'a' : 'b';
  return { key: invitation.key, seat, by };
}

/** The key is the id of the earlier match, which only its two users' receipts contain. */
function meetingAgain(context: GatewayContext, session: Session, token: string): Meeting | null {
  const receipt = openCallReceipt(context.ports.signer, token);
  if (receipt === null || !isFresh(receipt.issuedAtWallMs, context.now.wallMs)) return null;
  const holder = holderOf(receipt, receipt.seat);
  if (holder?.subject !== session.subject || holder.device !== session.device) return null;
  const lastedMs = context.callDurations.get(receipt.match, context.now.monotonicMs);
  const sinceMs = context.now.wallMs - receipt.startedAtWallMs;
  if ((lastedMs ?? sinceMs) < MEET_AGAIN_CALL_MS) return null;
  // Three users can't meet again by two seats.
  if (receipt.holders.length > 2 || receipt.seat === 'c') return null;
  return { key: receipt.match, seat: receipt.seat, by: 'again' };
}
