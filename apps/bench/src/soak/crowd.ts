import { setTimeout as delay } from 'node:timers/promises';
import { ask } from '@farandole/e2e/http';
import type { Prng } from '@farandole/kernel/prng';
import { sourceAddress } from '../load/addresses.ts';
import { CrowdCounts } from './crowd-counts.ts';
import { LineLedger } from './line-ledger.ts';
import { NUISANCES } from './nuisances.ts';
import { SoakPerson } from './soak-person.ts';
import { Visit, type Wish } from './visit.ts';

export interface CrowdSize {
  readonly people: number;
  /** Chance that a new user takes the place of a user whose visit ended. */
  readonly newcomers: number;
  readonly couples: number;
  readonly visitsPerSecond: number;
  readonly visitsMax: number;
}

export const CROWD: CrowdSize = {
  people: 600,
  // At ten visits a second, 9,000 new users come per hour. That is enough to reveal memory that a
  // node keeps per user.
  newcomers: 1 / 4,
  couples: 16,
  visitsPerSecond: 10,
  visitsMax: 160,
};

const ACKNOWLEDGE_EVERY_MS = 250;
const SEARCH_PATIENCE_MS = 15_000;
const COUPLE_PATIENCE_MS = 60_000;
const PAGE_EVERY_MS = 1_000;
const NUISANCE_EVERY_MS = 1_500;
const INTERESTS = ['tea', 'rain', 'maps', 'trains', 'bread', 'chess', 'stars', 'birds'];

/**
 * Creates load at an even, limited pace. Visitors connect and leave in every possible way.
 * Long-term partners chat for the whole run while the generator cuts their sockets. Other
 * clients load pages or misbehave (see `nuisances.ts`).
 */
export class Crowd {
  readonly counts = new CrowdCounts();
  readonly ledger = new LineLedger();
  readonly #port: number;
  readonly #prng: Prng;
  readonly #size: CrowdSize;
  readonly #over = new AbortController();
  readonly #free: SoakPerson[];
  readonly #visits = new Set<Visit>();
  readonly #lives = new Set<Promise<void>>();
  readonly #timers: NodeJS.Timeout[] = [];
  #passersBy = 0;
  /** Number of users created so far, including suspended ones. */
  #people = 0;

  constructor(port: number, prng: Prng, size: CrowdSize = CROWD) {
    this.#port = port;
    this.#prng = prng;
    this.#size = size;
    this.#free = Array.from({ length: size.people }, () => this.#newcomer());
  }

  start(): void {
    const { couples, visitsPerSecond, visitsMax } = this.#size;
    for (let couple = 0; couple < couples; couple++) this.#live(this.#beCouple(couple));
    this.#every(1_000 / visitsPerSecond, () => {
      if (this.#passersBy < visitsMax) this.#live(this.#passBy());
    });
    this.#every(PAGE_EVERY_MS, () => this.#live(this.#loadPage()));
    this.#every(NUISANCE_EVERY_MS, () => this.#live(this.#beNuisance()));
    this.#every(ACKNOWLEDGE_EVERY_MS, () => {
      const nowMs = performance.now();
      for (const visit of this.#visits) visit.tick(nowMs);
    });
  }

  async stop(): Promise<void> {
    this.#over.abort();
    for (const visit of this.#visits) visit.giveUpHope();
    while (this.#lives.size > 0) await Promise.all(this.#lives);
    for (const timer of this.#timers) clearInterval(timer);
  }

  #every(ms: number, work: () => void): void {
    this.#timers.push(
      setInterval(() => {
        // Users keep sending acknowledgements until the last user has left.
        if (!this.#over.signal.aborted || ms === ACKNOWLEDGE_EVERY_MS) work();
      }, ms),
    );
  }

  #live(life: Promise<void>): void {
    const guarded = life
      .catch((error: unknown) => {
        this.counts.fault(error instanceof Error ? error.message : String(error));
      })
      .finally(() => this.#lives.delete(guarded));
    this.#lives.add(guarded);
  }

  /** Runs `work` with a user who isn't visiting, so that each user makes one visit at a time. */
  async #withPerson(work: (person: SoakPerson) => Promise<void>): Promise<void> {
    const person = this.#free.shift();
    if (person === undefined) return;
    try {
      await work(person);
    } finally {
      const isLast =
        person.isKeptOut || (person.hasCome && this.#prng.chance(this.#size.newcomers));
      this.#free.push(isLast ? this.#newcomer() : person);
    }
  }

  #newcomer(): SoakPerson {
    this.#people += 1;
    return new SoakPerson(sourceAddress(this.#people - 1));
  }

  async #withVisit(work: (visit: Visit) => Promise<void>): Promise<void> {
    await this.#withPerson(async (person) => {
      const visit = await Visit.open(person, this.#port, this.counts, this.ledger);
      if (visit === null) return;
      if (!person.hasCome) this.counts.people += 1;
      person.hasCome = true;
      this.#visits.add(visit);
      try {
        await work(visit);
      } finally {
        await this.#goSomehow(visit);
        this.#visits.delete(visit);
      }
    });
  }

  async #passBy(): Promise<void> {
    this.#passersBy += 1;
    try {
      await this.#withVisit(async (visit) => {
        const mode = this.#prng.chance(0.5) ? 'video' : 'text';
        const interests = [this.#prng.pick(INTERESTS)];
        const calls = 1 + this.#prng.below(3);
        for (let call = 0; call < calls && !this.#isDone(visit); call++) {
          const wish: Wish = { mode, interests, onlyShared: this.#prng.chance(0.1) };
          if (!(await visit.search(wish, SEARCH_PATIENCE_MS))) break;
          if (mode === 'video') visit.signal();
          await this.#talk(visit);
          if (!this.#over.signal.aborted) await this.#part(visit);
          if (visit.isInCall) break;
        }
      });
    } finally {
      this.#passersBy -= 1;
    }
  }

  async #talk(visit: Visit): Promise<void> {
    const lines = 1 + this.#prng.below(6);
    for (let line = 0; line < lines && visit.isInCall && !this.#isDone(visit); line++) {
      visit.type(true);
      await this.#pause(300 + this.#prng.below(1_200));
      visit.sayLine();
      if (this.#prng.chance(0.06)) await this.#loseSocket(visit, 2_000);
      if (this.#prng.chance(0.02)) await this.#sleep(visit);
    }
  }

  async #part(visit: Visit): Promise<void> {
    if (!visit.isInCall) return;
    const chance = this.#prng.unit();
    if (chance < 0.01) await visit.report();
    else if (chance < 0.015) await visit.block();
    else if (chance < 0.5) await visit.endCall('next');
    else if (chance < 0.75) await visit.endCall('stop');
    else await visit.untilCallEnds(3_000);
  }

  async #goSomehow(visit: Visit): Promise<void> {
    const isBye = this.#over.signal.aborted || this.#prng.chance(0.9);
    if (isBye) await visit.leave();
    else visit.vanish();
  }

  /**
   * Two users match each other because they share a unique interest, and chat until the end of
   * the run.
   */
  async #beCouple(couple: number): Promise<void> {
    const wish: Wish = { mode: 'text', interests: [`couple ${couple}`], onlyShared: true };
    const beOne = async (isFirst: boolean): Promise<void> => {
      await this.#withVisit(async (visit) => {
        const hasMet = await visit.search(wish, COUPLE_PATIENCE_MS);
        if (!hasMet && !this.#over.signal.aborted) throw new Error('a couple did not meet');
        while (!this.#isDone(visit) && visit.isInCall) {
          visit.type(true);
          await this.#pause(1_000 + this.#prng.below(2_000));
          visit.sayLine();
          if (this.#prng.chance(0.05)) await this.#loseSocket(visit, 4_000);
          if (this.#prng.chance(0.01)) await this.#sleep(visit);
        }
        if (!this.#over.signal.aborted) this.counts.couplesParted += 1;
        // One user ends the call. The server notifies the other of the end only after it has sent
        // every line.
        else if (isFirst) await visit.endCall('stop');
        else await visit.untilCallEnds(SEARCH_PATIENCE_MS);
      });
    };
    await Promise.all([beOne(true), beOne(false)]);
  }

  async #loseSocket(visit: Visit, awayMaxMs: number): Promise<void> {
    visit.cut();
    visit.sayLine();
    await this.#pause(this.#prng.below(awayMaxMs));
    await visit.comeBack();
  }

  async #sleep(visit: Visit): Promise<void> {
    visit.pause();
    await this.#pause(2_000);
    visit.unpause();
  }

  async #loadPage(): Promise<void> {
    await this.#withPerson(async ({ from }) => {
      const port = this.#port;
      const headers = { 'Accept-Encoding': 'br', Accept: 'text/html' };
      const plain = await ask({ port, from, path: '/' });
      const page = await ask({ port, from, path: '/', headers });
      const assets = [...plain.text().matchAll(/"(\/assets\/[^"]+)"/g)];
      const paths = assets.map(([, path = '/']) => path);
      const statuses = [plain.status, page.status];
      for (const path of paths) {
        const { status, headers: sent } = await ask({ port, from, path, headers });
        statuses.push(status);
        const { etag } = sent;
        if (etag === undefined) continue;
        await ask({ port, from, path, headers: { ...headers, 'If-None-Match': etag } });
      }
      if (statuses.some((status) => status !== 200))
        this.counts.fault(`a page: ${statuses.join()}`);
      const { status: missing } = await ask({ port, from, path: '/nothing-here' });
      if (missing !== 404) this.counts.fault(`what is not there: ${missing}`);
      this.counts.pages += 1;
    });
  }

  async #beNuisance(): Promise<void> {
    this.counts.nuisances += 1;
    const nuisance = NUISANCES[this.counts.nuisances % NUISANCES.length];
    await this.#withPerson(
      async (person) => await nuisance?.({ port: this.#port, person, over: this.#over.signal }),
    );
  }

  #isDone(visit: Visit): boolean {
    return visit.isOver || this.#over.signal.aborted;
  }

  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#over.signal }).catch(() => {});
  }
}
