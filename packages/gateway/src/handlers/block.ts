import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { sealBlockProof } from '../block-proof.ts';
import type { GatewayContext, RecentBlock } from '../context.ts';
import { defer } from '../facts.ts';
import { send } from '../outbox.ts';
import type { PendingWrite } from '../pending-write.ts';
import type { BlockRecord, UnblockRecord } from '../ports.ts';
import type { Session } from '../session.ts';
import { findReceipt, partCall, personAt, seatAbout } from './report.ts';

type BlockCreate = ClientMessageOf<'block.create'>;

type BlockIdentity = Pick<BlockRecord, 'match' | 'side' | 'of'>;

function blockKey({ match, side, of }: BlockIdentity): string {
  return `${match}/${side}/${of}`;
}

/**
 * Blocks the peer and ends the live call. A block that is already stored isn't written again,
 * otherwise a client could fill the disk with one receipt.
 */
export function createBlock(
  context: GatewayContext,
  session: Session,
  message: BlockCreate,
): 'malformed' | void {
  const receipt = findReceipt(context, session, message.receipt);
  if (receipt === null) {
    refuseBlock(context, session, 'bad-receipt');
    return;
  }
  const of = seatAbout(receipt, message.of);
  if (of === null) return 'malformed';
  const across = personAt(context, receipt, of);
  partCall(context, receipt);
  const ofSide = receipt.holders.length > 2 && { ofSide: of };
  const block = { match: receipt.match, side: receipt.seat, ...across, ...ofSide };
  const { pairs, signer } = context.ports;
  const known = recentBlockOf(context, block);
  const record: BlockRecord = {
    kind: 'block',
    ...block,
    by: session.subject,
    byDevice: session.device,
    // A retry after a failed write reuses the block's id. Two ids would make two blocks, and
    // removing one would leave the other.
    mark: known === undefined ? signer.randomId() : known.mark,
    atWallMs: context.now.wallMs,
  };
  // The pair is kept apart even if the write fails.
  pairs.record(record, context.now);
  if (known?.isStored === true) {
    acceptBlock(context, session, record);
    return;
  }
  // While a block is being written, a repeated request joins that write. A second write could
  // reach the disk after the block was removed.
  const pending = known?.mark ?? null;
  const joined = pending === null ? null : context.joinPendingBlock(pending, session);
  if (joined === false) refuseBlock(context, session, 'not-stored');
  if (joined !== null) return;
  noteBlock(context, record, false);
  const waits = defer(context, session, {
    message,
    handle: () => void createBlock(context, session, message),
    refuse: () => refuseBlock(context, session, 'not-stored'),
  });
  if (waits) return;
  if (!context.appendAwaited(record, { write: 'block', sessions: [session], record })) {
    refuseBlock(context, session, 'not-stored');
  }
}

export function refuseBlockTooFast(context: GatewayContext, session: Session): void {
  refuseBlock(context, session, 'too-fast');
}

export function settleBlock(
  context: GatewayContext,
  { sessions, record }: Extract<PendingWrite, { write: 'block' }>,
  stored: boolean,
): void {
  if (stored) noteBlock(context, record, true);
  for (const session of sessions) {
    if (stored) acceptBlock(context, session, record);
    else refuseBlock(context, session, 'not-stored');
  }
}

export function noteBlock(
  context: GatewayContext,
  block: BlockIdentity & Pick<BlockRecord, 'mark'>,
  isStored: boolean,
  ageMs = 0,
): void {
  if (block.side === null) return;
  const { mark } = block;
  const { monotonicMs } = context.now;
  context.recentBlocks.set(blockKey(block), { mark, isStored }, monotonicMs, ageMs);
}

/** Forgets a recent block, so that a repeated request creates a new block with a new id. */
export function forgetBlock(
  context: GatewayContext,
  block: BlockIdentity & Pick<BlockRecord, 'mark'>,
): void {
  if (block.side !== null && isRecentBlock(context, block)) {
    context.recentBlocks.delete(blockKey(block));
  }
}

export function hasRecentBlock(
  context: GatewayContext,
  block: Pick<UnblockRecord, 'match' | 'side' | 'of'>,
): boolean {
  return context.recentBlocks.has(blockKey(block), context.now.monotonicMs);
}

export function recentBlockOf(
  context: GatewayContext,
  block: BlockIdentity,
): RecentBlock | undefined {
  return context.recentBlocks.get(blockKey(block), context.now.monotonicMs);
}

function isRecentBlock(
  context: GatewayContext,
  block: BlockIdentity & Pick<BlockRecord, 'mark'>,
): boolean {
  if (block.side === null) return false;
  const known = recentBlockOf(context, block);
  return known !== undefined && known.mark === block.mark;
}

function acceptBlock(context: GatewayContext, session: Session, record: BlockRecord): void {
  const proof = sealBlockProof(context.ports.signer, record);
  const { match, ofSide: of } = record;
  const named = { match, ...(of !== undefined && { of }) };
  send(context, session, 'block.accepted', { ...named, ...(proof === null ? {} : { proof }) });
}

function refuseBlock(
  context: GatewayContext,
  session: Session,
  reason: ServerMessageOf<'block.refused'>['reason'],
): void {
  send(context, session, 'block.refused', { reason });
}
