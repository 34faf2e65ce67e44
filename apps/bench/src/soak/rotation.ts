import { setTimeout as delay } from 'node:timers/promises';
import { LoadFleet } from '../load/load-fleet.ts';
import { evenAtLeastTwo } from '../scenarios/relay.ts';
import type { CrowdCounts } from './crowd-counts.ts';

/** Number of groups that are connected at a time. */
const GROUPS = 50;
/** Pause between the first arrivals of two groups. */
const FILL_EVERY_MS = 500;
/** Time for which a group stays, except the first one of each place. */
const STAYS_MS = 120_000;
/** Each user says about one line in each burst. */
const BURST_MS = 1_500;
const BURST_EVERY_MS = 10_000;
/** Time in which the last lines of a group must arrive. */
const ARRIVAL_PATIENCE_MS = 10_000;
const POLL_EVERY_MS = 100;

/**
 * Keeps a number of sockets open in addition to the crowd's. The users come in groups from separate
 * processes. The users of a group meet each other, say lines, and close their connections without
 * ending the call. Then a group of new users takes their place, so that no user comes twice.
 */
export class Rotation {
  people = 0;
  matches = 0;
  lines = 0;
  /** Missing deliveries of lines, each of which both users of a call must receive. */
  lost = 0;
  /** Deliveries of lines that a user already had. */
  doubled = 0;
  readonly #fleet = new LoadFleet();
  readonly #over = new AbortController();
  readonly #port: number;
  readonly #groupSize: number;
  readonly #counts: CrowdCounts;
  readonly #places: Promise<void>[] = [];

  /** @param sockets number of sockets, rounded up to pairs in each of the groups */
  constructor(port: number, sockets: number, counts: CrowdCounts) {
    this.#port = port;
    this.#groupSize = evenAtLeastTwo(sockets / GROUPS);
    this.#counts = counts;
  }

  start(): void {
    for (let place = 0; place < GROUPS; place++) {
      const life = this.#occupy(place).catch((error: unknown) => {
        this.#counts.fault(error instanceof Error ? error.message : String(error));
      });
      this.#places.push(life);
    }
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await Promise.all(this.#places);
    await this.#fleet.stop();
  }

  async #occupy(place: number): Promise<void> {
    await this.#pause(place * FILL_EVERY_MS);
    // The first groups stay for different times, so that the later groups change at an even pace.
    let staysMs = (STAYS_MS * (place + 1)) / GROUPS;
    for (let group = 0; !this.#over.signal.aborted; group++) {
      await this.#visit(`rotation ${place}, group ${group}`, staysMs);
      staysMs = STAYS_MS;
    }
  }

  async #visit(group: string, staysMs: number): Promise<void> {
    const untilMs = performance.now() + staysMs;
    await this.#fleet.add(group, 'ours', this.#port, this.#groupSize);
    await this.#fleet.order(group, { do: 'choose', mode: 'text', interest: group });
    await this.#fleet.order(group, { do: 'arrive' });
    this.people += this.#groupSize;
    this.matches += this.#groupSize / 2;
    let said = 0;
    do {
      const { sent } = await this.#fleet.order(group, {
        ...{ do: 'talk', said: 'chat', everyMs: BURST_MS, durationMs: BURST_MS },
      });
      said += sent;
      await this.#pause(BURST_EVERY_MS - BURST_MS);
    } while (performance.now() < untilMs && !this.#over.signal.aborted);
    await this.#checkLines(group, said);
    await this.#fleet.order(group, { do: 'leave' });
  }

  async #checkLines(group: string, said: number): Promise<void> {
    const patienceEndsMs = performance.now() + ARRIVAL_PATIENCE_MS;
    let heard = await this.#fleet.order(group, { do: 'count' });
    while (heard.delivered < 2 * said && performance.now() < patienceEndsMs) {
      await delay(POLL_EVERY_MS);
      heard = await this.#fleet.order(group, { do: 'count' });
    }
    this.lines += said;
    this.lost += Math.max(0, 2 * said - heard.delivered);
    this.doubled += Math.max(0, heard.delivered - 2 * said);
    for (let socket = 0; socket < heard.lost; socket++) this.#counts.fault('a socket was lost');
  }

  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#over.signal }).catch(() => {});
  }
}
