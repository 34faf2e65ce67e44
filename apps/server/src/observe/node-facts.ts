import type { CallCount } from '@farandole/gateway/sizes';
import type { ModeId } from '@farandole/matchmaking/mode';
import type { Backlog } from '@farandole/moderation/service/backlog';
import type { RelayState } from '../net/relay-watch.ts';

/**
 * What an operator watches on a node. `/metrics`, the operator's page and the alerts read the same
 * facts. They contain numbers and settings, and nothing about a user.
 */
export interface NodeFacts {
  readonly build: BuildFacts;
  /** Sessions with a connection to this node, and sessions in their grace period. */
  readonly people: { readonly online: number; readonly detached: number };
  /** Calls of this node by mode and route, without those that are 0. */
  readonly calls: readonly CallCount[];
  /** Users who wait for a match, by mode. Null on a node that doesn't own the pool. */
  readonly waiting: ReadonlyMap<ModeId, number> | null;
  /** Staff work of the whole server, at most a minute old. */
  readonly backlog: Backlog;
  readonly store: {
    /** Whether a task on the store failed and hasn't succeeded since, or the store doesn't answer. */
    readonly isFailing: boolean;
    /** Number of reports that the store hasn't answered. */
    readonly reportsWaiting: number;
  };
  /** Disk of the data folder. Null if the system doesn't tell. */
  readonly disk: DiskFacts | null;
  /** When the data folder was last backed up (wall-clock ms). Null if never. */
  readonly lastBackupAtMs: number | null;
  /** Whether the audit no longer continues the checkpoint in the data folder. */
  readonly isAuditBroken: boolean;
  /** Whether the machine's date differs from the node's, so that it is ignored. */
  readonly isClockDoubtful: boolean;
  readonly relay: RelayFacts;
}

export interface BuildFacts {
  readonly version: string;
  /** Version of Node.js, without the leading `v`. */
  readonly node: string;
}

export interface DiskFacts {
  /** Bytes that the server's user may still write. */
  readonly freeBytes: number;
  readonly sizeBytes: number;
}

export interface RelayFacts {
  /** The TURN servers in the order of FARANDOLE_TURN_URLS. Empty if none is configured. */
  readonly servers: readonly RelayState[];
  readonly credentialsIssued: number;
  /** Bytes that the relays passed on since the start, estimated from the running calls. */
  readonly bytesEstimated: number;
}
