import type { Segments } from '@farandole/gateway/ports';
import type { SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import type { UserSegment } from '@farandole/matchmaking/segment';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { TrustRead } from '@farandole/moderation/trust/people';
import { segmentOf, tierOf, trustAt } from '@farandole/moderation/trust/trust';
import { TRUST_ASKED_MAX, TRUST_KEPT_MAX } from '../limits.ts';
import { keepNewest } from '../outbox/keep-newest.ts';

/**
 * Caches the trust of present users, so that no search waits for the database. Read when a user
 * requests a session ticket, and again after each change this node sends to the store. Until it is
 * read, the user counts as new.
 */
export class TrustMirror implements Segments {
  readonly #store: Pick<ModerationStore, 'run'>;
  readonly #prng: Prng;
  /** Null: the store knows nothing of them. Least recently read first. */
  readonly #known = new Map<SubjectId, TrustRead | null>();
  readonly #toRead = new Set<SubjectId>();
  /** Version of the last decision whose people were read again; null before the first. */
  #heardOf: number | null = null;

  constructor(store: Pick<ModerationStore, 'run'>, prng: Prng) {
    this.#store = store;
    this.#prng = prng;
  }

  placeOf(subject: SubjectId, nowMs: number): UserSegment {
    const known = this.#known.get(subject) ?? null;
    const tier = known === null ? 'new' : tierOf(trustAt(known.trust, nowMs));
    return { tier, circle: segmentOf(tier, (probability) => this.#prng.chance(probability)) };
  }

  isProven(subject: SubjectId, nowMs: number): boolean {
    return nowMs < (this.#known.get(subject)?.provenUntilMs ?? 0);
  }

  /** Schedules a user for the next `read`. */
  expect(subject: SubjectId): void {
    if (this.#toRead.size < TRUST_KEPT_MAX) this.#toRead.add(subject);
  }

  /**
   * Schedules reporter and reported of each decision up to `version`. The first call only notes the
   * version: earlier decisions are read with the users.
   *
   * @returns whether more are left
   * @throws StoreError; the next call retries
   */
  async decided(version: number): Promise<boolean> {
    const after = this.#heardOf;
    if (after === null || version <= after) {
      this.#heardOf = version;
      return false;
    }
    const what = { what: 'decided', after } as const;
    const { subjects, until, more } = await this.#store.run('subjects.concerned', what);
    for (const { subject } of subjects) this.expect(subject);
    this.#heardOf = more ? until : Math.max(version, until);
    return more;
  }

  /**
   * Reads a batch of the scheduled users.
   *
   * @returns whether more are left
   * @throws StoreError; the next call retries
   */
  async read(): Promise<boolean> {
    const subjects = [...this.#toRead].slice(0, TRUST_ASKED_MAX);
    if (subjects.length === 0) return false;
    for (const subject of subjects) this.#toRead.delete(subject);
    try {
      const known = await this.#store.run('trust.read', { subjects });
      const read = new Map(known.map((one) => [one.subject, one]));
      for (const subject of subjects) {
        keepNewest(this.#known, subject, read.get(subject) ?? null, TRUST_KEPT_MAX);
      }
    } catch (error) {
      for (const subject of subjects) this.#toRead.add(subject);
      throw error;
    }
    return this.#toRead.size > 0;
  }
}
