import { median, quantile } from '../statistics.ts';
import { canaryAddresses } from './addresses.ts';
import { Participant } from './participant.ts';

/** As fast as a node lets one talk for long, and a little slower. */
const LINE_EVERY_MS = 520;

/** What a canary felt. */
export interface CanaryFigures {
  readonly trips: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

/**
 * Two people in a call: one says a line, the other answers at once, and so on at an even pace. What
 * is measured is the round trip, from the line to the answer.
 */
export class CanaryPair {
  readonly #people: readonly [Participant, Participant];
  readonly #timer: NodeJS.Timeout;
  #trips: number[] = [];
  #saidAtMs = 0;
  #said = 0;

  /** @param index which pair it is: each comes from networks of its own */
  static async start(port: number, index: number): Promise<CanaryPair> {
    const [from, across] = canaryAddresses(index);
    const people = [new Participant(port, from), new Participant(port, across)] as const;
    for (const person of people) {
      await person.prepare();
      await person.open();
    }
    await Promise.all(people.map((person) => person.pair()));
    return new CanaryPair(people);
  }

  private constructor(people: readonly [Participant, Participant]) {
    this.#people = people;
    const [speaker, hearer] = people;
    // A line goes to both sides, so each of them gets two a trip: the line and the answer.
    hearer.onDelivered = () => {
      if (hearer.delivered % 2 === 1) hearer.say('chat');
    };
    speaker.onDelivered = () => {
      if (speaker.delivered % 2 === 0) this.#trips.push(performance.now() - this.#saidAtMs);
    };
    this.#timer = setInterval(() => {
      const nowMs = performance.now();
      for (const person of people) person.tick(nowMs);
      // An answer that is still on its way is waited for: a trip begins when the last has ended.
      if (speaker.delivered < 2 * this.#said) return;
      this.#said += 1;
      this.#saidAtMs = nowMs;
      speaker.say('chat');
    }, LINE_EVERY_MS);
  }

  /** Trips that ended since it was asked last, in ms. @throws Error when one of the two was lost */
  take(): readonly number[] {
    for (const { lost } of this.#people) {
      if (lost !== null) throw new Error(`a canary was lost: ${lost}`);
    }
    const trips = this.#trips;
    this.#trips = [];
    return trips;
  }

  async leave(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#people.map((person) => person.leave()));
  }
}

export function inCanaryFigures(trips: readonly number[]): CanaryFigures {
  return { trips: trips.length, medianMs: median(trips), p99Ms: quantile(trips, 0.99) };
}
