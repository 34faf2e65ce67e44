import type { Segments } from '@farandole/gateway/ports';
import type { SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import type { UserSegment } from '@farandole/matchmaking/segment';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { type Notice, noticeAt, toldNotice } from '@farandole/moderation/trust/notice';
import type { TrustRead } from '@farandole/moderation/trust/people';
import { harmProbability, segmentOf, tierOf, trustAt } from '@farandole/moderation/trust/trust';
import { TRUST_ASKED_MAX, TRUST_KEPT_MAX } from '../limits.ts';
import { keepNewest } from '../outbox/keep-newest.ts';

const CHANGED = Number.NEGATIVE_INFINITY;

/**
 * Caches the trust of connected users, so that no search waits for the database. A user's trust is
 * read when the user requests a session ticket, and again after each change that this node sends to
 * the store. Before the first read the user is treated as new.
 */
export class TrustMirror implements Segments {
  readonly #store: Pick<ModerationStore, 'run'>;
  readonly #prng: Prng;
  /**
   * Cached trust by user, with the least recently read user first. The value is null if the store
   * doesn't know the user.
   */
  readonly #known = new Map<SubjectId, TrustRead | null>();
  readonly #toRead = new Set<SubjectId>();
  /**
   * Time at which each user's notice next begins or ends. `CHANGED` if the notice was just read, so
   * that the next `noticesChanged` returns the user.
   */
  readonly #noticed = new Map<SubjectId, number>();
  /** Version of the last decision that `decided` has handled; null before its first call. */
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

  /** Returns the restriction that the user may be told about; null if there is none. */
  noticeOf(subject: SubjectId, nowMs: number): Notice | null {
    const known = this.#known.get(subject) ?? null;
    return known === null ? null : toldNotice(known.notice, known.trust, nowMs);
  }

  /**
   * Returns the users whose notice of a restriction may have begun, changed or ended since the last
   * call.
   */
  noticesChanged(nowMs: number): readonly SubjectId[] {
    const changed: SubjectId[] = [];
    for (const [subject, atMs] of this.#noticed) {
      if (nowMs < atMs) continue;
      changed.push(subject);
      const known = this.#known.get(subject) ?? null;
      const notice = known === null ? null : noticeAt(known.notice, known.trust, nowMs);
      if (notice === null) this.#noticed.delete(subject);
      else this.#noticed.set(subject, nowMs < notice.tellAtMs ? notice.tellAtMs : notice.endsAtMs);
    }
    return changed;
  }

  isProven(subject: SubjectId, nowMs: number): boolean {
    return nowMs < (this.#known.get(subject)?.provenUntilMs ?? 0);
  }

  /** Returns the probability that a user harms others; null before the user's trust was read. */
  harmOf(subject: SubjectId, nowMs: number): number | null {
    const known = this.#known.get(subject) ?? null;
    return known === null ? null : harmProbability(trustAt(known.trust, nowMs));
  }

  /** Schedules a user's trust for the next `read`. */
  expect(subject: SubjectId): void {
    if (this.#toRead.size < TRUST_KEPT_MAX) this.#toRead.add(subject);
  }

  /**
   * Schedules a read of the trust of the reporters and accused of each decision up to `version`.
   * The first call schedules nothing and only stores the version, because a later read of trust
   * includes all earlier decisions.
   *
   * @returns whether more decisions are left
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
   * Reads the trust of one batch of scheduled users.
   *
   * @returns whether more users are left
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
        const now = read.get(subject) ?? null;
        // A notice that has disappeared is also reported as changed, because the user's data may
        // have been erased.
        if (now?.notice !== undefined || this.#noticed.has(subject)) {
          keepNewest(this.#noticed, subject, CHANGED, TRUST_KEPT_MAX);
        }
        keepNewest(this.#known, subject, now, TRUST_KEPT_MAX);
      }
    } catch (error) {
      for (const subject of subjects) this.#toRead.add(subject);
      throw error;
    }
    return this.#toRead.size > 0;
  }
}
