import { ageStateMeets } from '@farandole/matchmaking/mode';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { INVITATION_LIFETIME_MS } from '@farandole/protocol/limits';
import type { GatewayContext } from '../context.ts';
import { defer } from '../facts.ts';
import { INVITATIONS_PER_PERSON_MAX } from '../limits.ts';
import { send } from '../outbox.ts';
import { mayInvite, openInvitation, sealInvitation } from '../private-meeting.ts';
import type { Session } from '../session.ts';

type InvitationCreate = ClientMessageOf<'invitation.create'>;

/**
 * Makes an invitation. Nothing of it is stored: the link contains the host, the end and the key,
 * encrypted. The refusal has no reason, because it could reveal a restriction.
 */
export function createInvitation(
  context: GatewayContext,
  session: Session,
  message: InvitationCreate,
): void {
  const waits = defer(context, session, {
    message,
    handle: () => createInvitation(context, session, message),
    refuse: () => refuseInvitation(context, session, message),
  });
  if (waits) return;
  if (!isAdult(context, session) || !mayInvite(context, session) || !spend(context, session)) {
    refuseInvitation(context, session, message);
    return;
  }
  const { signer } = context.ports;
  const endsAtMs = context.now.wallMs + INVITATION_LIFETIME_MS;
  const claims = { key: signer.randomId(), host: session.subject, endsAtWallMs: endsAtMs };
  const invitation = sealInvitation(signer, claims);
  send(context, session, 'invitation.created', { id: message.id, invitation, endsAtMs });
}

export function refuseInvitation(
  context: GatewayContext,
  session: Session,
  { id }: InvitationCreate,
): void {
  send(context, session, 'invitation.refused', { id });
}

/** Withdraws an invitation of the user. Ignores one of another user, and one that has expired. */
export function withdrawInvitation(
  context: GatewayContext,
  session: Session,
  { invitation: token }: ClientMessageOf<'invitation.withdraw'>,
): void {
  const invitation = openInvitation(context.ports.signer, token, context.now.wallMs);
  if (invitation?.host === session.subject) context.ports.matchmaker.endMeeting(invitation.key);
}

function isAdult(context: GatewayContext, session: Session): boolean {
  const modes = [...context.config.rules.modes.values()];
  const isOldEnough = modes.some(({ ageStateRequired }) =>
    ageStateMeets(session.age, ageStateRequired),
  );
  return !context.isAgeRefused(session) && isOldEnough;
}

/** Takes one of the user's and one of the network's invitations of a day. */
function spend(context: GatewayContext, { subject, facts }: Session): boolean {
  const { monotonicMs } = context.now;
  const made = context.invitationsMade.get(subject, monotonicMs) ?? 0;
  if (made >= INVITATIONS_PER_PERSON_MAX) return false;
  if (context.ports.invitationBudget.take(facts.clientAddress) > 0) return false;
  context.invitationsMade.set(subject, made + 1, monotonicMs);
  return true;
}
