import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { openBlockProof } from '../block-proof.ts';
import type { GatewayContext, PendingWrite } from '../context.ts';
import { send } from '../outbox.ts';
import type { UnblockRecord } from '../ports.ts';
import type { Session } from '../session.ts';
import { forgetBlock, hasRecentBlock, noteBlock } from './block.ts';

type BlockRemove = ClientMessageOf<'block.remove'>;
type Unblock = Extract<PendingWrite, { write: 'unblock' }>;

/**
 * Removes the user's own block. It applies until the removal is on disk; other reasons to keep the
 * pair apart remain. Removing a missing block writes nothing, or one proof could fill the disk.
 */
export function removeBlock(
  context: GatewayContext,
  session: Session,
  { id, proof }: BlockRemove,
): void {
  const claims = openBlockProof(context.ports.signer, proof);
  if (claims === null || claims.by !== session.subject) {
    keepBlock(context, session, id, 'bad-proof');
    return;
  }
  if (!context.ports.pairs.isHeld(claims.by, claims.of, claims.mark)) {
    send(context, session, 'block.removed', { id });
    return;
  }
  const record: UnblockRecord = { kind: 'unblock', ...claims, atWallMs: context.now.wallMs };
  // If two removals ran at once, one could fail after the other was written.
  const isBeingWritten = context.isTakingBack(claims.mark);
  if (isBeingWritten || !context.appendAwaited(record, { write: 'unblock', session, record, id })) {
    keepBlock(context, session, id, 'not-stored');
    return;
  }
  // A block requested before the write ends is a new one.
  forgetBlock(context, record);
}

export function refuseUnblockTooFast(
  context: GatewayContext,
  session: Session,
  { id }: BlockRemove,
): void {
  keepBlock(context, session, id, 'too-fast');
}

export function settleUnblock(
  context: GatewayContext,
  { session, record, id }: Unblock,
  stored: boolean,
): void {
  if (stored) {
    context.ports.pairs.record(record, context.now);
    send(context, session, 'block.removed', { id });
    return;
  }
  if (!hasRecentBlock(context, record)) noteBlock(context, record, true);
  keepBlock(context, session, id, 'not-stored');
}

function keepBlock(
  context: GatewayContext,
  session: Session,
  id: string,
  reason: ServerMessageOf<'block.kept'>['reason'],
): void {
  send(context, session, 'block.kept', { id, reason });
}
