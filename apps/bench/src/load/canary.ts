import { setTimeout as delay } from 'node:timers/promises';
import { median, quantile } from '../statistics.ts';
import { canaryAddresses } from './addresses.ts';
import { type GeneratorLoad, LATE_MS, watchOwnCpu } from './generator.ts';
import { meet, type Participant, startPair } from './participant.ts';
import { lengthsOf, TripLedger } from './trip-ledger.ts';

/** The measuring pair sends slightly fewer lines than the node's long-term rate limit allows. */
const LINE_EVERY_MS = 520;
const PATIENCE_MS = 5_000;
const POLL_EVERY_MS = 5;

export interface CanaryFigures {
  readonly trips: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  /**
   * Number of lines that were unanswered at the timeout. The round trip of such a line counts as
   * long as the timeout.
   */
  readonly unanswered: number;
}

export interface CanaryRound {
  readonly tripsMs: readonly number[];
  readonly unanswered: number;
  readonly generator: GeneratorLoad;
}

/**
 * Two users in a call. One sends lines on schedule, and the other answers each at once. Measures
 * round trips without waiting for earlier answers.
 */
export class CanaryPair {
  readonly #people: readonly [Participant, Participant];
  readonly #ledger = new TripLedger();
  #timer: NodeJS.Timeout | null = null;
  #dueAtMs: number;
  #said = 0;
  #late = 0;
  #cpuShare = watchOwnCpu();

  /**
   * Starts pairs one after the other, because users of pairs started in parallel could match
   * each other. Each pair uses its own networks.
   * @throws Error when a user of a pair matched another user than the partner
   */
  static async startAll(port: number, count: number): Promise<readonly CanaryPair[]> {
    const pairs: CanaryPair[] = [];
    for (let index = 0; index < count; index++) {
      pairs.push(new CanaryPair(await startPair(port, canaryAddresses(index))));
    }
    return pairs;
  }

  static async takeAll(pairs: readonly CanaryPair[]): Promise<readonly CanaryRound[]> {
    return await Promise.all(pairs.map((pair) => pair.take()));
  }

  /** Starts a pair of users who aren't connected yet and must match each other. */
  static async start(people: readonly [Participant, Participant]): Promise<CanaryPair> {
    return new CanaryPair(await meet(people));
  }

  private constructor(people: readonly [Participant, Participant]) {
    this.#people = people;
    const [speaker, hearer] = people;
    hearer.onLine = (side) => {
      if (side !== hearer.side) hearer.say('chat');
    };
    speaker.onLine = (side) => {
      if (side !== speaker.side) this.#ledger.answered(performance.now());
    };
    this.#dueAtMs = performance.now() + LINE_EVERY_MS;
    this.#schedule();
  }

  /**
   * Waits until all lines in flight are answered. Then returns the lines sent since the previous
   * call.
   * @throws Error when a user was disconnected
   */
  async take(): Promise<CanaryRound> {
    const [said, late, busiestShare] = [this.#said, this.#late, this.#cpuShare()];
    this.#said = 0;
    this.#late = 0;
    this.#cpuShare = watchOwnCpu();
    const trips = this.#ledger.turn();
    const unanswered = (): number => trips.filter(({ endedAtMs }) => endedAtMs === null).length;
    const giveUpAtMs = performance.now() + PATIENCE_MS;
    while (unanswered() > 0 && this.#lost === null && performance.now() < giveUpAtMs) {
      await delay(POLL_EVERY_MS);
    }
    if (this.#lost !== null) throw new Error(`a canary was lost: ${this.#lost}`);
    return {
      tripsMs: lengthsOf(trips, performance.now()),
      unanswered: unanswered(),
      generator: { busiestShare, lateShare: said === 0 ? 0 : late / said },
    };
  }

  async leave(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    await Promise.all(this.#people.map((person) => person.leave()));
  }

  get #lost(): string | null {
    return this.#people.find(({ lost }) => lost !== null)?.lost ?? null;
  }

  #schedule(): void {
    const inMs = Math.max(0, Math.ceil(this.#dueAtMs - performance.now()));
    this.#timer = setTimeout(() => {
      this.#sayWhatIsDue(performance.now());
      this.#schedule();
    }, inMs);
  }

  #sayWhatIsDue(nowMs: number): void {
    for (const person of this.#people) person.tick(nowMs);
    for (; this.#dueAtMs <= nowMs; this.#dueAtMs += LINE_EVERY_MS) {
      this.#said += 1;
      if (nowMs - this.#dueAtMs > LATE_MS) this.#late += 1;
      this.#ledger.said(nowMs);
      this.#people[0].say('chat');
    }
  }
}

export function inCanaryFigures(rounds: readonly CanaryRound[]): CanaryFigures {
  const trips = rounds.flatMap(({ tripsMs }) => tripsMs);
  return {
    trips: trips.length,
    medianMs: median(trips),
    p99Ms: quantile(trips, 0.99),
    unanswered: rounds.reduce((sum, { unanswered }) => sum + unanswered, 0),
  };
}
