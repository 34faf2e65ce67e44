import type { People, PersonFacts, PersonKey } from '@farandole/gateway/people';
import type { Segments } from '@farandole/gateway/ports';
import type { Clock } from '@farandole/kernel/clock';
import type { SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import type { UserSegment } from '@farandole/matchmaking/segment';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import {
  closureAt,
  type ExchangeClosure,
  toldClosure,
} from '@farandole/moderation/trust/exchange-closure';
import { type Notice, noticeAt, toldNotice } from '@farandole/moderation/trust/notice';
import type { TrustRead } from '@farandole/moderation/trust/people';
import type { PersonRead } from '@farandole/moderation/trust/read-people';
import { harmProbability, segmentOf, tierOf, trustAt } from '@farandole/moderation/trust/trust';
import {
  PEOPLE_KEPT_MAX,
  PEOPLE_READ_AT_ONCE,
  TRUST_CHANGED_MAX,
  USERS_NOTED_MAX,
} from '../limits.ts';
import { keepNewest } from '../outbox/keep-newest.ts';

const CHANGED = Number.NEGATIVE_INFINITY;

interface Entry extends PersonKey {
  /** Null if the store doesn't know the user. Undefined before the first read. */
  trust: TrustRead | null | undefined;
  readonly sinceMs: number;
}

/** The gateway, which takes what was read about users. */
export interface FactsListener {
  /** Number of blocks that the gateway has removed. */
  readonly removals: () => number;
  /** Returns false if the users must be read again. */
  readonly peopleRead: (people: readonly PersonFacts[], asOf: number) => boolean;
}

/**
 * Caches what the store knows about users, so that no search waits for the database. A user's
 * facts are read when the user connects, and trust again after each change that this node sends to
 * the store. Facts of connected users are never dropped. On a server with one node, those of users
 * who left are kept up to a limit, so that a user who returns is known at once. With several nodes
 * they are dropped, because another node may record blocks and age refusals meanwhile.
 */
export class PeopleCache implements Segments, People {
  readonly #store: Pick<ModerationStore, 'run'>;
  readonly #prng: Prng;
  readonly #clock: Clock;
  readonly #hasOtherNodes: boolean;
  readonly #withQuestions: boolean;
  #listener: FactsListener | null = null;
  /** Users with a session. */
  readonly #here = new Map<SubjectId, Entry>();
  /** Users with a session whose facts wait to be read, in the order of their arrival. */
  readonly #unread = new Map<SubjectId, Entry>();
  /** Read facts of users who left, with the user who left first at first. */
  readonly #gone = new Map<SubjectId, Entry>();
  /** Known users whose trust changed. */
  readonly #changed = new Set<SubjectId>();
  /**
   * Time at which each user's notice or closure next begins or ends. `CHANGED` if the notice was just read, so
   * that the next `noticesChanged` returns the user.
   */
  readonly #noticed = new Map<SubjectId, number>();
  /** Version of the last decision that `decided` has handled; null before its first call. */
  #heardOf: number | null = null;

  /** @param withQuestions whether the server offers the question mode */
  constructor(
    store: Pick<ModerationStore, 'run'>,
    prng: Prng,
    clock: Clock,
    hasOtherNodes = false,
    withQuestions = false,
  ) {
    this.#hasOtherNodes = hasOtherNodes;
    this.#withQuestions = withQuestions;
    this.#store = store;
    this.#prng = prng;
    this.#clock = clock;
  }

  /** Connects the gateway. Called once, before the first user arrives. */
  attach(listener: FactsListener): void {
    this.#listener = listener;
  }

  arrived({ subject, device }: PersonKey): boolean {
    const known = this.#here.get(subject) ?? this.#gone.get(subject);
    const isSame = known?.device === device;
    const entry = isSame
      ? known
      : { subject, device, trust: undefined, sinceMs: this.#clock.monotonicMs() };
    this.#gone.delete(subject);
    this.#here.set(subject, entry);
    if (!isSame) this.#unread.set(subject, entry);
    if (entry.trust === undefined) return false;
    // Another node may have changed the user's trust meanwhile. The user doesn't wait for it.
    this.changed(subject);
    return true;
  }

  left({ subject, device }: PersonKey): void {
    const entry = this.#here.get(subject);
    if (entry?.device !== device) return;
    this.#here.delete(subject);
    this.#unread.delete(subject);
    if (entry.trust === undefined || this.#hasOtherNodes) return;
    keepNewest(this.#gone, subject, entry, PEOPLE_KEPT_MAX);
  }

  /** Number of connected users whose facts wait to be read. */
  get unread(): number {
    return this.#unread.size;
  }

  /** Returns how long the first of the waiting users has waited, in ms; 0 if none waits. */
  get unreadForMs(): number {
    for (const { sinceMs } of this.#unread.values()) return this.#clock.monotonicMs() - sinceMs;
    return 0;
  }

  placeOf(subject: SubjectId, nowMs: number): UserSegment {
    const known = this.#trustOf(subject);
    const tier = known === null ? 'new' : tierOf(trustAt(known.trust, nowMs));
    return { tier, circle: segmentOf(tier, (probability) => this.#prng.chance(probability)) };
  }

  /** Returns the restriction that the user may be told about; null if there is none. */
  noticeOf(subject: SubjectId, nowMs: number): Notice | null {
    const known = this.#trustOf(subject);
    return known === null ? null : toldNotice(known.notice, known.trust, nowMs);
  }

  /** Returns the closure of language exchange that is in force for the user, or null. */
  closureOf(subject: SubjectId, nowMs: number): ExchangeClosure | null {
    return toldClosure(this.#trustOf(subject)?.exchangeClosure, nowMs);
  }

  /**
   * Returns the users whose notice of a restriction, or whose closure, may have begun, changed or ended since the last
   * call.
   */
  noticesChanged(nowMs: number): readonly SubjectId[] {
    const changed: SubjectId[] = [];
    for (const [subject, atMs] of this.#noticed) {
      if (nowMs < atMs) continue;
      changed.push(subject);
      const known = this.#trustOf(subject);
      const next = known === null ? null : nextChangeMs(known, nowMs);
      if (next === null) this.#noticed.delete(subject);
      else this.#noticed.set(subject, next);
    }
    return changed;
  }

  isProven(subject: SubjectId, nowMs: number): boolean {
    return nowMs < (this.#trustOf(subject)?.provenUntilMs ?? 0);
  }

  /** Returns the probability that a user harms others; null for a user who isn't cached. */
  harmOf(subject: SubjectId, nowMs: number): number | null {
    const known = this.#trustOf(subject);
    return known === null ? null : harmProbability(trustAt(known.trust, nowMs));
  }

  /** Schedules another read of a cached user's trust. Other users are read when they arrive. */
  changed(subject: SubjectId): void {
    const isKnown = this.#here.has(subject) || this.#gone.has(subject);
    if (isKnown && this.#changed.size < TRUST_CHANGED_MAX) this.#changed.add(subject);
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
    for (const { subject } of subjects) this.changed(subject);
    this.#heardOf = more ? until : Math.max(version, until);
    return more;
  }

  /**
   * Reads the facts of users who wait, then the trust that changed, until nothing is left.
   *
   * @returns false
   * @throws StoreError; the next call retries
   */
  async read(): Promise<boolean> {
    while (this.#unread.size > 0) await this.#readPeople();
    while (this.#changed.size > 0) await this.#readChanged();
    return false;
  }

  async #readPeople(): Promise<void> {
    const asked = [...this.#unread.values()].slice(0, PEOPLE_READ_AT_ONCE);
    const asOf = this.#listener?.removals() ?? 0;
    const read = await this.#store.run('person.read', {
      people: asked.map(({ subject, device }) => ({ subject, device })),
      nowMs: this.#clock.wallMs(),
      ...(this.#withQuestions && { withQuestions: true }),
    });
    const entries: Entry[] = [];
    const people: PersonFacts[] = [];
    for (const [at, entry] of asked.entries()) {
      const facts = read[at];
      // A user may have left, and returned with another device, since the read began.
      if (facts === undefined || this.#here.get(entry.subject) !== entry) continue;
      entries.push(entry);
      people.push(factsOf(facts));
      this.#unread.delete(entry.subject);
      this.#take(entry, facts.trust);
    }
    if (this.#listener?.peopleRead(people, asOf) !== false) return;
    for (const entry of entries) {
      entry.trust = undefined;
      this.#unread.set(entry.subject, entry);
    }
  }

  async #readChanged(): Promise<void> {
    const subjects = [...this.#changed].slice(0, PEOPLE_READ_AT_ONCE);
    for (const subject of subjects) this.#changed.delete(subject);
    try {
      const trusts = await this.#readTrust(subjects);
      for (const subject of subjects) {
        const entry = this.#here.get(subject) ?? this.#gone.get(subject);
        if (entry?.trust !== undefined) this.#take(entry, trusts.get(subject) ?? null);
      }
    } catch (error) {
      for (const subject of subjects) this.#changed.add(subject);
      throw error;
    }
  }

  async #readTrust(subjects: readonly SubjectId[]): Promise<ReadonlyMap<SubjectId, TrustRead>> {
    const read = await this.#store.run('trust.read', { subjects });
    return new Map(read.map((one) => [one.subject, one]));
  }

  #take(entry: Entry, trust: TrustRead | null): void {
    const { subject } = entry;
    // A notice that has disappeared is also reported as changed, because the user's data may have
    // been erased.
    const isLimited = trust?.notice !== undefined || trust?.exchangeClosure !== undefined;
    if (isLimited || this.#noticed.has(subject)) {
      keepNewest(this.#noticed, subject, CHANGED, USERS_NOTED_MAX);
    }
    entry.trust = trust;
  }

  #trustOf(subject: SubjectId): TrustRead | null {
    return (this.#here.get(subject) ?? this.#gone.get(subject))?.trust ?? null;
  }
}

/** Returns when a notice or a closure next begins or ends. Null if neither is in force or to come. */
function nextChangeMs({ notice, trust, exchangeClosure }: TrustRead, nowMs: number): number | null {
  const known = noticeAt(notice, trust, nowMs);
  const closure = closureAt(exchangeClosure, nowMs);
  const changes = [
    ...(known === null ? [] : [known.tellAtMs, known.endsAtMs]),
    ...(closure === null ? [] : [closure.startsAtMs, closure.endsAtMs]),
  ].filter((atMs) => atMs > nowMs);
  return changes.length === 0 ? null : Math.min(...changes);
}

/** Returns what the gateway takes. This cache keeps the trust. */
function factsOf(read: PersonRead): PersonFacts {
  const { subject, device, apart, met } = read;
  const { cookieRefusedAtMs, deviceRefusedAtMs, firstSeenAtMs, questions } = read;
  return {
    ...{ subject, device, apart, met, cookieRefusedAtMs, deviceRefusedAtMs, firstSeenAtMs },
    ...(questions !== undefined && { questions }),
  };
}
