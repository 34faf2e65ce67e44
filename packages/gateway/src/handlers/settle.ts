import type { GatewayContext } from '../context.ts';
import type { FirstReport } from '../ports.ts';
import { settleAgeRefusal } from './age.ts';
import { settleBlock } from './block.ts';
import { settleReport } from './report.ts';
import { settleUnblock } from './unblock.ts';

/** Handles the result of storing a record. Does nothing if no client waits for the record. */
export function settleWrite(
  context: GatewayContext,
  entry: number,
  stored: boolean,
  first: FirstReport | undefined,
): void {
  const write = context.takePendingWrite(entry);
  switch (write?.write) {
    case 'report':
      settleReport(context, write.record, stored, first);
      return;
    case 'block':
      settleBlock(context, write, stored);
      return;
    case 'unblock':
      settleUnblock(context, write, stored);
      return;
    case 'age-refused':
      settleAgeRefusal(context, write.subject, stored);
      return;
    case undefined:
  }
}
