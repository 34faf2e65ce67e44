import type { MatchId, SubjectId } from '@farandole/kernel/id';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { GatewayContext } from '../context.ts';
import { send } from '../outbox.ts';
import type { Session } from '../session.ts';
import { findReceipt, partCall, subjectAcross } from './report.ts';

type BlockCreate = ClientMessageOf<'block.create'>;

/** Names what one person of a call asked for in it. */
export function blockKey(match: MatchId, by: SubjectId): string {
  return `${match}/${by}`;
}

/**
 * Blocks the person across: ends the call if it is live; the two do not meet again. A block that
 * is on disk is not written a second time, or one receipt could fill the disk.
 */
export function createBlock(context: GatewayContext, session: Session, message: BlockCreate): void {
  const receipt = findReceipt(context, session, message.receipt);
  if (receipt === null) {
    refuseBlock(context, session, 'bad-receipt');
    return;
  }
  partCall(context, receipt);
  const { match } = receipt;
  const record = {
    kind: 'block',
    match,
    by: session.subject,
    of: subjectAcross(receipt),
    atWallMs: context.now.wallMs,
  } as const;
  // In memory the block holds from here, whatever the disk says.
  context.ports.pairs.record(record, context.now);
  if (context.storedBlocks.has(blockKey(match, session.subject), context.now.monotonicMs)) {
    send(context, session, 'block.accepted', { match });
    return;
  }
  if (!context.appendAwaited(record, { write: 'block', session, match })) {
    refuseBlock(context, session, 'not-stored');
  }
}

export function refuseBlockTooFast(context: GatewayContext, session: Session): void {
  refuseBlock(context, session, 'too-fast');
}

/** The record is on disk, or could not be written. */
export function settleBlock(
  context: GatewayContext,
  session: Session,
  match: MatchId,
  stored: boolean,
): void {
  if (!stored) {
    refuseBlock(context, session, 'not-stored');
    return;
  }
  context.storedBlocks.set(blockKey(match, session.subject), true, context.now.monotonicMs);
  send(context, session, 'block.accepted', { match });
}

function refuseBlock(
  context: GatewayContext,
  session: Session,
  reason: ServerMessageOf<'block.refused'>['reason'],
): void {
  send(context, session, 'block.refused', { reason });
}
