import type { ServerPage } from '@farandole/protocol/console-api';
import { isFull } from '../alerts/node-faults.ts';
import { BACKUP_OLD_MS } from '../limits.ts';
import type { NodeFacts } from '../observe/node-facts.ts';

/** Picks what the operator's page shows from the facts of the node. */
export function serverPageOf(
  facts: NodeFacts,
  rest: Pick<ServerPage, 'startedAtMs' | 'nowMs' | 'nodes' | 'matches'>,
): ServerPage {
  const { build, people, calls, waiting, backlog, store, disk, relay } = facts;
  const { lastBackupAtMs, isAuditBroken, isClockDoubtful } = facts;
  const queues = Object.values(backlog.queues);
  return {
    ...rest,
    ...{ build, people, calls, store, lastBackupAtMs, isAuditBroken, isClockDoubtful },
    waiting:
      waiting === null
        ? null
        : [...waiting].map(([mode, searching]) => ({ mode, people: searching })),
    isBackupOld: lastBackupAtMs === null || rest.nowMs - lastBackupAtMs >= BACKUP_OLD_MS,
    relay: { servers: relay.servers, bytesEstimated: relay.bytesEstimated },
    disk: disk === null ? null : { ...disk, isFull: isFull(disk) },
    backlog: {
      open: queues.reduce((sum, { open }) => sum + open, 0),
      late: queues.reduce((sum, { late }) => sum + late, 0),
      appeals: backlog.appeals,
      unopenable: backlog.unopenable,
    },
  };
}
