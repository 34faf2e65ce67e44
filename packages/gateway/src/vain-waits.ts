import { partWaiting } from './calls.ts';
import type { GatewayContext } from './context.ts';
import type { CallReceipt } from './receipts.ts';
import type { Restore } from './restores.ts';

/**
 * Whether a decision or an age refusal keeps a user of the call from restoring it. Only the cookie
 * and the device count, because a receipt doesn't contain its users' addresses.
 */
function hasBarredUser(context: GatewayContext, { holders }: CallReceipt): boolean {
  const { ports, now } = context;
  return holders.some(({ subject, device }) => {
    const { may } = ports.standings.of({ subject, device, clientAddress: null }, now.wallMs);
    return may !== 'meet' || context.isAgeRefused({ subject, device });
  });
}

/** Whether a user who waits or wants to wait, or another user of the call, may not restore it. */
export function isVain(
  context: GatewayContext,
  { session, receipt }: Pick<Restore, 'session' | 'receipt'>,
): boolean {
  return context.standingOf(session).may !== 'meet' || hasBarredUser(context, receipt);
}

/** Ends the waits for calls that one of their users can no longer restore. */
export function endVainWaits(context: GatewayContext): void {
  for (const { receipt } of context.restores.allWaiting) {
    if (hasBarredUser(context, receipt)) partWaiting(context, receipt.match);
  }
}
