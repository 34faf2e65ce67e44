import { NETWORK_APART_MS } from '@farandole/matchmaking/limits';
import { AGE_REFUSED_FOR_MS, REPORTS_MERGE_FOR_MS } from '../../../src/limits.ts';
import type { JournalRecord, ReportRecord } from '../../../src/ports.ts';
import { isProven } from '../places.ts';
import { COOLDOWN_MS, ENCOUNTERS_KEPT_MS } from '../rules.ts';
import { check } from '../violation.ts';
import { type Facts, type Match, type Session, sidesOf } from './facts.ts';

interface Fact {
  readonly about: string;
  readonly atMs: number;
  readonly wallMs: number;
  /**
   * Whether the disk failed to store the event, in which case a restarted node doesn't know the
   * event.
   */
  isLost: boolean;
  /**
   * Time of the event as the running node computes it from the wall clock, which clock jumps
   * change.
   */
  believedAtMs: number;
  /** Latest time of the event that the running node may have computed. */
  believedAtMostMs: number;
}

/**
 * Meetings, blocks, declarations of minors, and their records on disk. Checks invariant I8:
 * every acknowledged record is on disk, and every record on disk is correct. A correct record is
 * about two users who were in a call, is written once, and contains only lines of that call.
 */
export class Records {
  readonly #facts: Facts;
  readonly #known = new Map<string, Fact[]>();
  /** For each event, the keys of `#known` under which the event is recorded. */
  readonly #keysOf = new Map<string, Set<string>>();
  /** The keys of `#known` that name a user, by cookie or device key. */
  readonly #keysBy = new Map<string, Set<string>>();
  /** The keys of `#stored` by author. */
  readonly #storedBy = new Map<string, Set<string>>();
  /**
   * Pairs of a user's name (cookie or device key) and another name or a network that the user
   * ever blocked. `anywhere` stands for an unknown network.
   */
  readonly #everBlocked = new Set<string>();
  /** Blocks and reports on disk. `mark` is the id of the stored block. */
  readonly #stored = new Map<string, { readonly atWallMs: number; readonly mark: string | null }>();
  /**
   * Blocks and reports that the running node knows and must not write a second time. Each value
   * is the simulation step of the write, or 0 if an earlier run of the node wrote the record.
   */
  readonly #merged = new Map<string, number>();
  /** Number of pending writes that a client waits for. */
  pending = 0;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  met({ id, sides }: Match): void {
    const people = [...sides.values()].map(({ session }) => session);
    for (const [at, one] of people.entries()) {
      for (const other of people.slice(at + 1)) {
        this.#note(`met ${pairOf(one.subject, other.subject)}`, id);
        this.#note(`met ${pairOf(one.deviceKey, other.deviceKey)}`, id);
      }
    }
  }

  /**
   * Records that two users must not meet, by cookie and device key. For a day, `by` must also
   * not meet new users of the other's network. A repeated request that the node doesn't write
   * needn't add another device key or network, but may.
   *
   * @param isLive whether the call is live. If not, or if the other's socket has no network, the node
   * takes the network from the receipt, which may be out of date
   */
  block(
    { kind, match, isLive }: { kind: 'block' | 'report'; match: string; isLive: boolean },
    by: Session,
    of: Session,
  ): void {
    const about = `${kind} ${match} ${by.subject} ${of.subject}`;
    const isWritten = this.#merged.get(about) === this.#facts.step;
    for (const one of namesOf(by)) {
      for (const other of namesOf(of)) {
        this.#everBlocked.add(pairOf(one, other));
        if (isWritten) this.#note(`blocked ${pairOf(one, other)}`, about);
      }
      if (!isLive || of.network === null) this.#everBlocked.add(`${one} anywhere`);
      if (of.network === null) continue;
      this.#everBlocked.add(`${one} ${of.network}`);
      if (isLive && isWritten) this.#note(`near ${one} ${of.network}`, about);
    }
  }

  /**
   * The day begins with the first declaration, because a repeated declaration isn't written
   * again.
   */
  refuseAge({ subject, deviceKey }: Session): void {
    const names = [subject, deviceKey];
    const isNoted = (name: string) => this.#of(`minor ${name}`).some((fact) => !fact.isLost);
    if (names.every((name) => isNoted(name) && this.#isMinorBy(name))) return;
    for (const name of names) this.#note(`minor ${name}`, subject);
  }

  #note(key: string, about: string): void {
    const { nowMs, wallMs } = this.#facts;
    const fact = { about, atMs: nowMs, wallMs, isLost: false };
    const believed = { believedAtMs: nowMs, believedAtMostMs: nowMs };
    this.#known.set(key, [...this.#of(key), { ...fact, ...believed }]);
    for (const name of key.split(' ')) addTo(this.#keysBy, name, key);
    const keys = this.#keysOf.get(about);
    if (keys === undefined) this.#keysOf.set(about, new Set([key]));
    else keys.add(key);
  }

  #of(key: string): readonly Fact[] {
    return this.#known.get(key) ?? [];
  }

  /**
   * Returns the time until which the node must keep two users apart, because they met in an
   * earlier match.
   */
  apartUntilMs(a: Session, b: Session, match: string): number {
    const before = this.#meetingsOf(a, b).filter(({ about }) => about !== match);
    return latest(before, ({ atMs, believedAtMs }) => Math.min(atMs, believedAtMs));
  }

  /** Returns the latest time until which the node may keep two users apart. */
  apartAtMostUntilMs(a: Session, b: Session): number {
    if (this.#mayBeBlocked(a, b) || this.#mayBeBlocked(b, a)) return Number.POSITIVE_INFINITY;
    const endOf = ({ atMs, believedAtMostMs }: Fact) => Math.max(atMs, believedAtMostMs);
    return latest(this.#meetingsOf(a, b), endOf);
  }

  #meetingsOf(a: Session, b: Session): readonly Fact[] {
    return [
      ...this.#of(`met ${pairOf(a.subject, b.subject)}`),
      ...this.#of(`met ${pairOf(a.deviceKey, b.deviceKey)}`),
    ];
  }

  #mayBeBlocked(by: Session, of: Session): boolean {
    const isNeighbour = !isProven(of.subject) && of.network !== null;
    return namesOf(by).some((one) => {
      if (namesOf(of).some((other) => this.#everBlocked.has(pairOf(one, other)))) return true;
      const places = isNeighbour ? ['anywhere', of.network] : [];
      return places.some((place) => this.#everBlocked.has(`${one} ${place}`));
    });
  }

  isBlocked(a: Session, b: Session): boolean {
    const isByName = namesOf(a).some((one) =>
      namesOf(b).some((other) => this.#of(`blocked ${pairOf(one, other)}`).length > 0),
    );
    return isByName || this.#isNear(a, b) || this.#isNear(b, a);
  }

  /**
   * Whether `by` blocked a user of the same network as `of` within a day. To a node, each user
   * is new, because no simulated node runs for `NETWORK_NEW_MS`.
   */
  #isNear(by: Session, { subject, network }: Session): boolean {
    if (network === null || isProven(subject)) return false;
    return namesOf(by).some((name) =>
      this.#of(`near ${name} ${network}`).some(({ atMs, believedAtMs }) => {
        return this.#facts.nowMs - Math.min(atMs, believedAtMs) < NETWORK_APART_MS;
      }),
    );
  }

  isMinor(session: Session): boolean {
    return namesOf(session).some((name) => this.#isMinorBy(name));
  }

  /** Whether the node may refuse a user as a minor, whichever dates it read. */
  mayBeMinor(session: Session): boolean {
    return namesOf(session).some((name) =>
      this.#of(`minor ${name}`).some(({ atMs, believedAtMostMs }) => {
        return this.#facts.nowMs - Math.max(atMs, believedAtMostMs) < AGE_REFUSED_FOR_MS;
      }),
    );
  }

  #isMinorBy(name: string): boolean {
    return this.#of(`minor ${name}`).some(({ atMs, believedAtMs }) => {
      return this.#facts.nowMs - Math.min(atMs, believedAtMs) < AGE_REFUSED_FOR_MS;
    });
  }

  appended(record: JournalRecord): void {
    if (record.kind !== 'encounter') this.pending += 1;
    if (record.kind === 'age-refused') return;
    const match = this.#facts.matches.get(record.match);
    checkPair(record, match);
    const key = keyOf(record);
    if (record.kind === 'unblock') {
      // The block was removed, so a later request for the same block is written again.
      this.#merged.delete(key);
      for (const noted of this.#keysOf.get(key) ?? []) {
        const left = this.#of(noted).filter(({ about }) => about !== key);
        this.#known.set(noted, left);
      }
    }
    if (record.kind !== 'block' && record.kind !== 'report') return;
    check(!this.#merged.has(key), 'I8', `${key} is written twice`);
    this.#merged.set(key, this.#facts.step);
    if (record.kind === 'report' && match !== undefined) checkLines(record, match);
  }

  stored(record: JournalRecord): void {
    this.#settled(record);
    if (record.kind === 'unblock' && this.#stored.get(keyOf(record))?.mark === record.mark) {
      this.#stored.delete(keyOf(record));
    }
    if (record.kind !== 'block' && record.kind !== 'report') return;
    const mark = record.kind === 'block' ? record.mark : null;
    this.#stored.set(keyOf(record), { atWallMs: record.atWallMs, mark });
    addTo(this.#storedBy, record.by, keyOf(record));
  }

  lost(record: JournalRecord, writtenAtMs: number): void {
    this.#settled(record);
    if (record.kind === 'unblock') return;
    // The write failed, so a repeated request for the same record is written again.
    if (record.kind === 'block' || record.kind === 'report') this.#merged.delete(keyOf(record));
    const about = keyOf(record);
    for (const fact of [...(this.#keysOf.get(about) ?? [])].flatMap((key) => this.#of(key))) {
      if (fact.about === about && fact.atMs === writtenAtMs) fact.isLost = true;
    }
  }

  #settled(record: JournalRecord): void {
    if (record.kind !== 'encounter') this.pending = Math.max(0, this.pending - 1);
  }

  acknowledged(kind: 'block' | 'report', match: string | undefined, by: string): void {
    const stored = [...(this.#storedBy.get(by) ?? [])].filter((key) => this.#stored.has(key));
    const isStored =
      match === undefined || stored.some((key) => key.startsWith(`${kind} ${match} ${by} `));
    check(isStored, 'I8', `a ${kind} on ${match} was acknowledged, and is not on disk`);
  }

  /** A starting node reads the disk and computes each record's age from its own clock. */
  nodeStarts(): void {
    this.pending = 0;
    const { wallMs } = this.#facts;
    this.#merged.clear();
    for (const [key, { atWallMs }] of this.#stored) {
      if (wallMs - atWallMs < REPORTS_MERGE_FOR_MS) this.#merged.set(key, 0);
    }
    for (const [key, facts] of this.#known) {
      const left = facts.filter(({ isLost }) => !isLost);
      for (const fact of left) {
        fact.believedAtMs = this.#believe(key, fact);
        fact.believedAtMostMs = fact.believedAtMs;
      }
      this.#known.set(key, left);
    }
  }

  /**
   * A node reads what the store knows about a user, and computes each record's age from its own
   * clock. It may also know some of it already.
   */
  personRead(subject: string, deviceKey: string): void {
    const keysOf = (name: string) => this.#keysBy.get(name) ?? [];
    for (const key of [...keysOf(subject), ...keysOf(deviceKey)]) {
      for (const fact of this.#of(key)) {
        const believedAtMs = this.#believe(key, fact);
        fact.believedAtMs = Math.min(fact.believedAtMs, believedAtMs);
        fact.believedAtMostMs = Math.max(fact.believedAtMostMs, believedAtMs);
      }
    }
    for (const key of this.#storedBy.get(subject) ?? []) {
      const atWallMs = this.#stored.get(key)?.atWallMs ?? this.#facts.wallMs;
      if (this.#facts.wallMs - atWallMs >= REPORTS_MERGE_FOR_MS) this.#merged.delete(key);
    }
  }

  #believe(key: string, { wallMs }: Fact): number {
    const keptMs = KEPT_MS[key.slice(0, key.indexOf(' '))] ?? ENCOUNTERS_KEPT_MS;
    const { nowMs, wallMs: nowWallMs } = this.#facts;
    return nowMs - Math.min(Math.max(nowWallMs - wallMs, 0), keptMs);
  }
}

function addTo(index: Map<string, Set<string>>, name: string, key: string): void {
  const keys = index.get(name);
  if (keys === undefined) index.set(name, new Set([key]));
  else keys.add(key);
}

function latest(facts: readonly Fact[], momentOf: (fact: Fact) => number): number {
  return Math.max(Number.NEGATIVE_INFINITY, ...facts.map((fact) => momentOf(fact) + COOLDOWN_MS));
}

function pairOf(...subjects: readonly string[]): string {
  return subjects.toSorted().join(' ');
}

/**
 * Returns the key of a record: the match of a meeting, the user of a declaration, or the request
 * of a block or report.
 */
function keyOf(record: JournalRecord): string {
  if (record.kind === 'age-refused') return record.subject;
  if (record.kind === 'encounter') return record.match;
  const { match, by, of } = record;
  return `${record.kind === 'report' ? 'report' : 'block'} ${match} ${by} ${of}`;
}

/** How long the node must remember an event in ms, by the first word of the event's key. */
const KEPT_MS: Readonly<Record<string, number>> = {
  minor: AGE_REFUSED_FOR_MS,
  near: NETWORK_APART_MS,
};

function namesOf({ subject, deviceKey }: Session): readonly [string, string] {
  return [subject, deviceKey];
}

function checkPair(
  record: Exclude<JournalRecord, { kind: 'age-refused' }>,
  match: Match | undefined,
): void {
  const people = record.kind === 'encounter' ? record.subjects : [record.by, record.of];
  const subjects = match === undefined ? [] : sidesOf(match).map(({ session }) => session.subject);
  // The pair can't be checked yet, because the node writes a meeting before it notifies both users
  // of their match.
  if (record.kind === 'encounter' && subjects.length < people.length) return;
  const isTrue =
    new Set(people).size === people.length && people.every((one) => subjects.includes(one));
  check(isTrue, 'I8', `a ${record.kind} on ${record.match} by ${people.join(', of ')}`);
}

function checkLines({ lines }: ReportRecord, match: Match): void {
  for (const { counters, side, text, atMs } of lines) {
    const said = match.lines[counters.reduce((sum, count) => sum + count, 0) - 1];
    const isSaid = said?.side === side && said.text === text && said.atMs === atMs;
    check(isSaid, 'I8', `a report on ${match.id} holds a line that was never said`);
  }
}
