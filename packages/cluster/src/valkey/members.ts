import type { Instant } from '@farandole/kernel/clock';
import { brandId, isId, type NodeId } from '@farandole/kernel/id';
import {
  CLOCK_OFF_BEATS,
  CLUSTER_VERSION,
  NODE_BEAT_MS,
  NODE_CLOCK_OFF_MS,
  NODE_GONE_MS,
  ONLINE_MAX,
} from '../limits.ts';
import type { Member } from '../node-channel.ts';

/** A node's own fault, because of which it must not take part. */
export type OwnFault = 'keys' | 'version' | 'clock';

/** Answer to a beat, as `BEAT` returns it. */
export interface BeatAnswer {
  readonly serverMs: number;
  readonly verdict: 'ok' | 'keys' | 'version';
  /** Facts of the other live members. */
  readonly others: ReadonlyMap<NodeId, Facts>;
}

export interface Facts extends Member {
  /** Number of the member's beat. */
  readonly beat: number;
  /** Age of the beat in ms at the time of the answer. */
  readonly ageMs: number;
  /** Whether the member's date is close enough to Valkey's. */
  readonly isDateRight: boolean;
  /** The member's database; null if unknown. */
  readonly database: string | null;
  /** Whether the member reaches its database. False if an older node doesn't say so. */
  readonly reachesDatabase: boolean;
}

interface Seen {
  facts: Facts;
  /** Time of the member's latest beat. */
  atMonotonicMs: number;
}

export interface MembersListener {
  came(node: NodeId): void;
  gone(node: NodeId): void;
}

/**
 * Knows the live nodes from the answers to this node's beats. Counts a node as gone by this node's
 * own clock, so that neither a Valkey that was emptied nor another clock of Valkey ends a member.
 */
export class Members {
  readonly #seen = new Map<NodeId, Seen>();
  /** The nodes that said goodbye, with the time. Kept as long as an answer may still name them. */
  readonly #stopped = new Map<NodeId, Instant>();
  readonly #listener: MembersListener;
  #completedAtMonotonicMs = Number.NEGATIVE_INFINITY;
  #verdict: BeatAnswer['verdict'] = 'ok';
  /** Number of the latest beats at which the date was off. */
  #offBeats = 0;

  constructor(listener: MembersListener) {
    this.#listener = listener;
  }

  /** Time of the request of the latest completed beat; -Infinity before the first. */
  get completedAtMonotonicMs(): number {
    return this.#completedAtMonotonicMs;
  }

  /** Whether this node's date differs too much from Valkey's at the latest beat. */
  get isDateOff(): boolean {
    return this.#offBeats > 0;
  }

  /**
   * `clock` if only this node's date differs from Valkey's, and `valkey-clock` if no live node says
   * that its date is right. All nodes would seem faulty if Valkey's date is wrong.
   */
  get fault(): OwnFault | 'valkey-clock' | null {
    if (this.#verdict !== 'ok') return this.#verdict;
    // The other nodes say in their next beats that their dates are off too.
    if (this.#offBeats < CLOCK_OFF_BEATS) return null;
    const isOneRight = [...this.#seen.values()].some(({ facts }) => facts.isDateRight);
    return isOneRight ? 'clock' : 'valkey-clock';
  }

  /** The other live nodes. */
  get others(): ReadonlyMap<NodeId, Member> {
    return new Map([...this.#seen].map(([node, { facts }]) => [node, facts]));
  }

  /** Whether another node that takes users reaches its database. */
  get doOthersReachDatabase(): boolean {
    return [...this.#seen.values()].some(({ facts }) => facts.reachesDatabase && !facts.isDraining);
  }

  /** Whether another node has another database than this one. */
  haveOtherDatabase(own: string): boolean {
    return [...this.#seen.values()].some(
      ({ facts: { database } }) => database !== null && database !== own,
    );
  }

  has(node: NodeId): boolean {
    return this.#seen.has(node);
  }

  /**
   * Notes the answer to a beat.
   *
   * @param requested time of the request
   */
  answered({ serverMs, verdict, others }: BeatAnswer, requested: Instant, now: Instant): void {
    this.#verdict = verdict;
    // The server read its clock between the request and the answer.
    const isEarly = serverMs - now.wallMs > NODE_CLOCK_OFF_MS;
    const isLate = requested.wallMs - serverMs > NODE_CLOCK_OFF_MS;
    this.#offBeats = isEarly || isLate ? this.#offBeats + 1 : 0;
    if (verdict !== 'ok') return;
    const silentMs = requested.monotonicMs - this.#completedAtMonotonicMs;
    this.#completedAtMonotonicMs = Math.max(this.#completedAtMonotonicMs, requested.monotonicMs);
    // This node missed the others' beats too, so their silence counts from now on.
    if (silentMs > 2 * NODE_BEAT_MS) {
      for (const seen of this.#seen.values()) seen.atMonotonicMs = requested.monotonicMs;
    }
    for (const [node, { monotonicMs }] of this.#stopped) {
      if (requested.monotonicMs - monotonicMs >= NODE_GONE_MS) this.#stopped.delete(node);
    }
    for (const [node, facts] of others) {
      // The server may have answered before the node stopped, and the answer came after its message.
      if (this.#stopped.has(node)) continue;
      const seen = this.#seen.get(node);
      // The server read the age before the answer. Counting from the request would end the member
      // before it fences itself, if the request took long.
      const atMonotonicMs = now.monotonicMs - facts.ageMs;
      if (seen === undefined) {
        this.#seen.set(node, { facts, atMonotonicMs });
        this.#listener.came(node);
      } else if (seen.facts.beat !== facts.beat) {
        seen.facts = facts;
        seen.atMonotonicMs = atMonotonicMs;
      }
    }
    for (const [node, { atMonotonicMs }] of [...this.#seen]) {
      if (this.#completedAtMonotonicMs - atMonotonicMs >= NODE_GONE_MS) this.#remove(node);
    }
  }

  /** Called when a node says that it stops. */
  left(node: NodeId, now: Instant): void {
    this.#stopped.set(node, now);
    this.#remove(node);
  }

  #remove(node: NodeId): void {
    if (this.#seen.delete(node)) this.#listener.gone(node);
  }
}

/**
 * Parses the answer of `BEAT`. Ignores rows that no node of this version writes, because a false
 * number of users would keep all sessions from moving.
 */
export function readBeatAnswer(result: unknown): BeatAnswer {
  const items: readonly unknown[] = Array.isArray(result) ? result : [];
  const [serverMs, verdict, ...rest] = items;
  const others = new Map<NodeId, Facts>();
  for (let at = 0; at + 2 < rest.length; at += 3) {
    const facts = readFacts(String(rest[at + 1]), Number(rest[at + 2]));
    const node = String(rest[at]);
    if (facts !== null && isId(node)) others.set(brandId<NodeId>(node), facts);
  }
  const known = verdict === 'keys' || verdict === 'version' ? verdict : 'ok';
  return { serverMs: Number(serverMs), verdict: known, others };
}

/** What a beat says about the node itself. */
export type OwnFacts = Pick<
  Facts,
  'online' | 'isDraining' | 'beat' | 'isDateRight' | 'reachesDatabase' | 'database'
>;

/**
 * Writes the facts as one word after another, which `BEAT` doesn't read. The words after the number
 * of the beat say that the node reads `ack` in a page's messages, that its date is right, that it
 * reaches its database, and which one that is. An older node doesn't write these words, and ignores
 * them.
 */
export function writeFacts(facts: OwnFacts): string {
  const { online, isDraining, beat, isDateRight, reachesDatabase, database } = facts;
  const flags = [true, isDateRight, reachesDatabase].map(Number);
  return [
    online,
    Number(isDraining),
    beat,
    ...flags,
    ...(database === null ? [] : [database]),
  ].join(' ');
}

function readFacts(text: string, leftMs: number): Facts | null {
  const words = text.split(' ');
  const [online, isDraining, beat, readsAcks, isDateRight, reachesDatabase] = words.map(Number);
  if (beat === undefined || !Number.isSafeInteger(beat)) return null;
  if (online === undefined || !Number.isSafeInteger(online)) return null;
  if (online < 0 || online > ONLINE_MAX) return null;
  const ageMs = Math.max(0, NODE_GONE_MS - leftMs);
  return {
    version: CLUSTER_VERSION,
    online,
    isDraining: isDraining === 1,
    readsAcks: readsAcks === 1,
    beat,
    ageMs,
    isDateRight: isDateRight !== 0,
    reachesDatabase: reachesDatabase === 1,
    database: words[6] ?? null,
  };
}
