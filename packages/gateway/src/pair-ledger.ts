import type { Instant } from '@farandole/kernel/clock';
import { brandId, type DeviceKeyId, type SubjectId } from '@farandole/kernel/id';
import { Apart } from '@farandole/matchmaking/apart/apart';
import type { Person } from '@farandole/matchmaking/apart/person';
import type { TicketFacts } from '@farandole/matchmaking/apart/ticket-facts';
import {
  NETWORK_APART_MS,
  NETWORK_NEW_MS,
  REMATCH_COOLDOWN_MS,
} from '@farandole/matchmaking/limits';
import type { PairFacts, Party } from '@farandole/matchmaking/ports';
import { trustedAgeMs } from './expiring-map.ts';
import {
  BLOCKS_MAX,
  BLOCKS_PER_PERSON_MAX,
  ENCOUNTERS_MAX,
  REMOVALS_REMEMBERED_MAX,
} from './limits.ts';
import type { PersonFacts, SeparationFact } from './people.ts';
import type { BlockRecord, ReplayedRecord, UnblockRecord } from './ports.ts';

/** A user who was first seen this long ago is new for no block or report. */
const FIRST_SEEN_KEPT_MS = NETWORK_APART_MS + NETWORK_NEW_MS;

export interface PairLedgerOptions {
  /**
   * How long a meeting is remembered in ms. Must be at least the longest cool-down that is ever
   * queried.
   */
  readonly encountersKeptMs?: number;
  readonly encountersMax?: number;
  readonly blocksMax?: number;
  readonly blocksPerPersonMax?: number;
}

/**
 * Fills `Apart` with blocks, reports and recent meetings: those of this process, and those that the
 * store knows about connected users. Changed in the event-loop turn in which users part, and read
 * at each pairing. A block applies until it is removed, and a report keeps its pair
 * apart forever. Elapsed time is monotonic, so a jump of the wall clock expires nothing.
 */
export class PairLedger implements PairFacts {
  readonly #keptMs: number;
  readonly #apart: Apart;
  #removals = 0;
  /** The latest removed blocks, each with the number of its removal, oldest first. */
  readonly #removed = new Map<string, number>();
  /** Number of the latest removal that is no longer remembered. */
  #forgotten = 0;

  constructor(options: PairLedgerOptions = {}) {
    this.#keptMs = options.encountersKeptMs ?? REMATCH_COOLDOWN_MS;
    this.#apart = new Apart({
      meetingsKeptMs: this.#keptMs,
      meetingsMax: options.encountersMax ?? ENCOUNTERS_MAX,
      separationsMax: options.blocksMax ?? BLOCKS_MAX,
      separationsPerPersonMax: options.blocksPerPersonMax ?? BLOCKS_PER_PERSON_MAX,
    });
  }

  /** Number of removed blocks so far. A read of facts from the store names it (`load`). */
  get removals(): number {
    return this.#removals;
  }

  /** Whether every block removed after `asOf` is still remembered. */
  remembersSince(asOf: number): boolean {
    return asOf >= this.#forgotten;
  }

  /**
   * Adds what the store knows about a user, read when this ledger had a number of `removals` that
   * `remembersSince` accepts. Adds no block that was removed here, because the read may be older
   * than the removal. Loading the same facts again changes nothing.
   *
   * @returns the records that were added, without the blocks that were removed
   */
  load(facts: PersonFacts, now: Instant): readonly SeparationFact[] {
    this.advance(now);
    const ageOf = (atMs: number, keptMs: number) => trustedAgeMs(atMs, now.wallMs, keptMs);
    const apart = facts.apart.filter(
      (record) => record.kind !== 'block' || !this.#removed.has(removalOf(record)),
    );
    for (const record of apart) this.#apply(record, (keptMs) => ageOf(record.atWallMs, keptMs));
    // Another node, or this one before its restart, may have seen the user earlier.
    if (facts.firstSeenAtMs !== null) {
      this.#apart.see(facts.subject, ageOf(facts.firstSeenAtMs, FIRST_SEEN_KEPT_MS));
    }
    for (const { subject, device, atMs } of facts.met) {
      this.#apart.meet(facts, { subject, device }, ageOf(atMs, this.#keptMs));
    }
    this.advance(now);
    return apart;
  }

  /**
   * Takes the removal of a block, which any node stored. Returns false if it was taken before.
   */
  takeRemoval(record: UnblockRecord, now: Instant): boolean {
    if (this.#removed.has(removalOf(record))) return false;
    this.record(record, now);
    return true;
  }

  /** Removes a block that this process added without need, because the store has another. */
  reunite({ by, of }: Pick<BlockRecord, 'by' | 'of'>, mark: string): void {
    this.#apart.reunite(by, of, mark);
  }

  /**
   * Applies a note that a session brings from another node. It may be older than a removal. Its age
   * counts by its date: counted from the move, a cool-down would begin again with every move.
   */
  recordNote(note: ReplayedRecord, now: Instant): void {
    if (note.kind === 'block' && this.#removed.has(removalOf(note))) return;
    this.advance(now);
    this.#apply(note, (keptMs) => trustedAgeMs(note.atWallMs, now.wallMs, keptMs));
  }

  /** Applies a journal record. Ignores records that aren't about a pair of users. */
  record(record: ReplayedRecord, now: Instant): void {
    this.advance(now);
    this.#apply(record, () => 0);
  }

  advance(now: Instant): void {
    this.#apart.advance(now.monotonicMs);
  }

  /**
   * Records that a user is present. From now on, this process doesn't treat the user's cookie as
   * new.
   */
  see(subject: SubjectId, now: Instant): void {
    this.advance(now);
    this.#apart.see(subject);
  }

  keptApart(a: Party, b: Party): boolean {
    return this.#apart.keptApart(a, b);
  }

  metWithin(a: Party, b: Party, cooldownMs: number): boolean {
    return this.#apart.metWithin(a, b, cooldownMs);
  }

  /** Whether two users must not meet, by their cookies alone. */
  blockedEitherWay(a: SubjectId, b: SubjectId): boolean {
    return this.areApart({ subject: a, device: null }, { subject: b, device: null });
  }

  /**
   * Whether two users must not meet, by cookie or device key. A call receipt names users by
   * these two ids.
   */
  areApart(a: Person, b: Person): boolean {
    return this.#apart.keptApart(partyOf(a), partyOf(b));
  }

  /** Returns what a pool on another node must know about a user (`Apart.factsOf`). */
  factsOf(party: Party, hash: (name: string) => string): TicketFacts {
    return this.#apart.factsOf(party, hash);
  }

  isHeld(a: SubjectId, b: SubjectId, mark: string): boolean {
    return this.#apart.isSeparated(a, b, mark);
  }

  get sizes(): { readonly encounters: number; readonly blocks: number } {
    const { meetings, separations } = this.#apart.sizes;
    return { encounters: meetings, blocks: separations };
  }

  #apply(record: ReplayedRecord, ageMs: (keptMs: number) => number): void {
    switch (record.kind) {
      case 'encounter': {
        const { subjects, devices } = record;
        const people = subjects.map((subject, at) => personOf(subject, devices?.[at]));
        for (const [at, one] of people.entries()) {
          for (const other of people.slice(at + 1)) {
            this.#apart.meet(one, other, ageMs(this.#keptMs));
          }
        }
        return;
      }
      case 'block':
      case 'report':
      case 'reported': {
        const { by, of, byDevice, ofDevice, ofNetwork } = record;
        const separation = {
          by: personOf(by, byDevice),
          of: personOf(of, ofDevice),
          network: ofNetwork ?? null,
          mark: record.kind === 'block' ? record.mark : null,
          match: record.match,
          isOwned: record.kind !== 'block' || record.side !== null,
        };
        this.#apart.separate(separation, ageMs(NETWORK_APART_MS));
        return;
      }
      case 'unblock':
        this.#apart.reunite(record.by, record.of, record.mark);
        this.#noteRemoval(removalOf(record));
        return;
      case 'age-refused':
        return;
    }
  }

  #noteRemoval(removal: string): void {
    this.#removals += 1;
    this.#removed.set(removal, this.#removals);
    if (this.#removed.size <= REMOVALS_REMEMBERED_MAX) return;
    for (const [oldest, number] of this.#removed) {
      this.#removed.delete(oldest);
      this.#forgotten = number;
      return;
    }
  }
}

function personOf(subject: SubjectId, device: DeviceKeyId | undefined): Person {
  return { subject, device: device ?? null };
}

function partyOf({ subject, device }: Person): Party {
  return { subject, deviceKey: device ?? NO_DEVICE, origin: null, proven: false };
}

/** An id that no device has, because it is empty. No block is recorded under it. */
const NO_DEVICE = brandId<DeviceKeyId>('');

function removalOf({ by, of, mark }: Pick<BlockRecord, 'by' | 'of' | 'mark'>): string {
  return `${[by, of].toSorted().join(' ')} ${mark ?? ''}`;
}
