import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { openBlockProof } from '../block-proof.ts';
import type { GatewayContext } from '../context.ts';
import { defer } from '../facts.ts';
import { dropBlockNotes } from '../moves/pair-notes.ts';
import { send } from '../outbox.ts';
import type { PendingWrite } from '../pending-write.ts';
import type { UnblockRecord } from '../ports.ts';
import { parkSearch, resubmitSearch } from '../searches.ts';
import type { Session } from '../session.ts';
import { forgetBlock, hasRecentBlock, noteBlock } from './block.ts';

type BlockRemove = ClientMessageOf<'block.remove'>;
type Unblock = Extract<PendingWrite, { write: 'unblock' }>;

/**
 * Removes a user's own block. The block applies until its removal is on disk, and other blocks
 * or reports still keep the pair apart. If the block doesn't exist, nothing is written,
 * otherwise a client could fill the disk with one proof.
 */
export function removeBlock(context: GatewayContext, session: Session, message: BlockRemove): void {
  const { id, proof } = message;
  const claims = openBlockProof(context.ports.signer, proof);
  if (claims === null || claims.by !== session.subject) {
    keepBlock(context, session, id, 'bad-proof');
    return;
  }
  const waits = defer(context, session, {
    message,
    handle: () => removeBlock(context, session, message),
    refuse: () => keepBlock(context, session, id, 'not-stored'),
  });
  if (waits) return;
  if (!context.ports.pairs.isHeld(claims.by, claims.of, claims.mark)) {
    send(context, session, 'block.removed', { id });
    return;
  }
  const record: UnblockRecord = { kind: 'unblock', ...claims, atWallMs: context.now.wallMs };
  // Refuses a second removal of the same block while the first is being written, because one write
  // could fail after the other succeeded.
  const isBeingWritten = context.isTakingBack(claims.mark);
  if (isBeingWritten || !context.appendAwaited(record, { write: 'unblock', session, record, id })) {
    keepBlock(context, session, id, 'not-stored');
    return;
  }
  // Forgets the block now, so that a block request during the write creates a new block.
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
    removed(context, record);
    send(context, session, 'block.removed', { id });
    return;
  }
  if (!hasRecentBlock(context, record)) noteBlock(context, record, true);
  keepBlock(context, session, id, 'not-stored');
}

/** Takes removals of blocks that other nodes wrote to the store. */
export function takeRemovals(context: GatewayContext, removals: readonly UnblockRecord[]): void {
  for (const record of removals) {
    if (!context.ports.pairs.takeRemoval(record, context.now)) continue;
    forgetBlock(context, record);
    removed(context, record);
  }
}

/** Removes a block from what sessions and tickets bring to other nodes. */
function removed(context: GatewayContext, { by, of, mark }: UnblockRecord): void {
  if (context.ports.nodes === undefined) return;
  for (const subject of [by, of]) {
    const session = context.sessionBySubject.get(subject);
    if (session === undefined) continue;
    dropBlockNotes(session, mark);
    if (session.activity.state !== 'searching') continue;
    const { search } = session.activity;
    if (search.place.state !== 'in-pool') continue;
    parkSearch(context, search);
    resubmitSearch(context, search);
  }
}

function keepBlock(
  context: GatewayContext,
  session: Session,
  id: string,
  reason: ServerMessageOf<'block.kept'>['reason'],
): void {
  send(context, session, 'block.kept', { id, reason });
}
