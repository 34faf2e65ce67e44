import type { FaultKind } from '@farandole/moderation/alerts/alert';
import {
  BACKUP_MISSING_MS,
  BACKUP_OLD_MS,
  DISK_FULL_BYTES,
  DISK_FULL_BYTES_ALWAYS,
  DISK_FULL_SHARE,
  RELAY_DEAD_MS,
  REPORTS_UNSTORED_MS,
  STORE_FAILING_MS,
} from '../limits.ts';
import type { DiskFacts, NodeFacts } from '../observe/node-facts.ts';

type WatchedFacts = Pick<
  NodeFacts,
  'store' | 'disk' | 'lastBackupAtMs' | 'isAuditBroken' | 'isClockDoubtful' | 'relay'
>;

interface Fault {
  readonly kind: FaultKind;
  readonly isOn: boolean;
  /** Time for which the fault must last before it counts. */
  readonly lastsMs: number;
}

/** Decides which faults of a node last long enough to alert about them. */
export class NodeFaults {
  readonly #isBackedUpElsewhere: boolean;
  readonly #sinceMs = new Map<FaultKind, number>();

  /** @param isBackedUpElsewhere whether the data folder may lack a backup: not with SQLite */
  constructor(isBackedUpElsewhere: boolean) {
    this.#isBackedUpElsewhere = isBackedUpElsewhere;
  }

  /** @param isStoreSilent whether the store didn't answer the alerts themselves */
  of(
    facts: WatchedFacts,
    now: { readonly monotonicMs: number; readonly wallMs: number },
    isStoreSilent: boolean,
  ): readonly FaultKind[] {
    return this.#all(facts, now.wallMs, isStoreSilent).flatMap(({ kind, isOn, lastsMs }) => {
      if (!isOn) {
        this.#sinceMs.delete(kind);
        return [];
      }
      const sinceMs = this.#sinceMs.get(kind) ?? now.monotonicMs;
      this.#sinceMs.set(kind, sinceMs);
      return now.monotonicMs - sinceMs >= lastsMs ? [kind] : [];
    });
  }

  #all(facts: WatchedFacts, wallMs: number, isStoreSilent: boolean): readonly Fault[] {
    const { store, disk, lastBackupAtMs, isAuditBroken, isClockDoubtful, relay } = facts;
    const isMissing = lastBackupAtMs === null;
    const isFailing = store.isFailing || isStoreSilent;
    return [
      { kind: 'store-failing', isOn: isFailing, lastsMs: STORE_FAILING_MS },
      {
        kind: 'reports-unstored',
        isOn: store.reportsWaiting > 0,
        lastsMs: REPORTS_UNSTORED_MS,
      },
      { kind: 'disk-full', isOn: disk !== null && isFull(disk), lastsMs: 0 },
      { kind: 'audit-broken', isOn: isAuditBroken, lastsMs: 0 },
      {
        kind: 'relay-dead',
        isOn: relay.servers.some(({ isReachable }) => !isReachable),
        lastsMs: RELAY_DEAD_MS,
      },
      { kind: 'clock-doubtful', isOn: isClockDoubtful, lastsMs: 0 },
      {
        kind: 'backup-old',
        isOn: isMissing ? !this.#isBackedUpElsewhere : wallMs - lastBackupAtMs >= BACKUP_OLD_MS,
        lastsMs: isMissing ? BACKUP_MISSING_MS : 0,
      },
    ];
  }
}

export function isFull({ freeBytes, sizeBytes }: DiskFacts): boolean {
  if (freeBytes < DISK_FULL_BYTES_ALWAYS) return true;
  return freeBytes < DISK_FULL_BYTES && freeBytes < sizeBytes * DISK_FULL_SHARE;
}
