import type { Circles } from '@farandole/gateway/ports';
import type { SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import type { Place } from '@farandole/matchmaking/circle';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { circleOf, type Trust, tierOf, trustAt } from '@farandole/moderation/trust/trust';
import { TRUST_ASKED_MAX, TRUST_KEPT_MAX } from '../limits.ts';
import { keepNewest } from '../outbox/keep-newest.ts';

/**
 * What is known of those who are here, in memory, so that no search waits for a database. It is read
 * when somebody asks for a session ticket, which is before they can search, and again after anything
 * that this node tells the store of them. Until it is read, somebody is new.
 */
export class TrustMirror implements Circles {
  readonly #store: Pick<ModerationStore, 'run'>;
  readonly #prng: Prng;
  /** Null: nothing is known of them. The least lately read first. */
  readonly #known = new Map<SubjectId, Trust | null>();
  readonly #toRead = new Set<SubjectId>();
  /** The last of what was decided whose people were read again; null before the first. */
  #heardOf: number | null = null;

  constructor(store: Pick<ModerationStore, 'run'>, prng: Prng) {
    this.#store = store;
    this.#prng = prng;
  }

  placeOf(subject: SubjectId, nowMs: number): Place {
    const trust = this.#known.get(subject) ?? null;
    const tier = trust === null ? 'new' : tierOf(trustAt(trust, nowMs));
    return { tier, circle: circleOf(tier, (probability) => this.#prng.chance(probability)) };
  }

  /** Somebody comes, or something became known of them: it is read with the next `read`. */
  expect(subject: SubjectId): void {
    if (this.#toRead.size < TRUST_KEPT_MAX) this.#toRead.add(subject);
  }

  /**
   * Something was decided, by this node or another, up to `version`: whoever was reported, and whoever reported
   * them, is read again. What was decided before the first time that it is told of is known from the start.
   *
   * @returns whether there is more of it
   * @throws StoreError; it is asked again the next time
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
   * Reads what is known of those who are expected, some at a time.
   *
   * @returns whether more of them are left
   * @throws StoreError; they are read the next time
   */
  async read(): Promise<boolean> {
    const subjects = [...this.#toRead].slice(0, TRUST_ASKED_MAX);
    if (subjects.length === 0) return false;
    for (const subject of subjects) this.#toRead.delete(subject);
    try {
      const known = await this.#store.run('trust.read', { subjects });
      const trusts = new Map(known.map(({ subject, trust }) => [subject, trust]));
      for (const subject of subjects) {
        keepNewest(this.#known, subject, trusts.get(subject) ?? null, TRUST_KEPT_MAX);
      }
    } catch (error) {
      for (const subject of subjects) this.#toRead.add(subject);
      throw error;
    }
    return this.#toRead.size > 0;
  }
}
