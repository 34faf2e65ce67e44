import type { Prng } from '@farandole/kernel/prng';
import { sourceAddress } from '../../load/addresses.ts';
import type { Cluster } from '../cluster.ts';
import { ChaosPage } from './chaos-page.ts';
import type { History } from './history.ts';

const TICK_MS = 100;
const LINE_EVERY_MS = 1_200;
const REST_MS = 600;
const CALL_MS_MIN = 6_000;
const CALL_MS_SPREAD = 14_000;
const BLOCKS_ONE_IN = 25;
/** This many users at a time are reported by everybody who hears them, and then suspended. */
const PESTS = 2;
const PEST = 'pest';

interface Plan {
  lineAt: number;
  restUntil: number;
  match: string | null;
  endsAt: number;
}

/** Users who search, chat, leave, report and block at random. */
export class ChaosCrowd {
  readonly #cluster: Cluster;
  readonly #history: History;
  readonly #prng: Prng;
  readonly #plans = new Map<ChaosPage, Plan>();
  #timer: NodeJS.Timeout | null = null;
  #count = 0;

  constructor(cluster: Cluster, history: History, prng: Prng, people: number) {
    this.#cluster = cluster;
    this.#history = history;
    this.#prng = prng;
    for (let number = 0; number < people; number++) this.#add(number < PESTS ? PEST : 'user');
  }

  get pages(): readonly ChaosPage[] {
    return [...this.#plans.keys()];
  }

  start(): void {
    for (const page of this.pages) page.open();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const page of this.pages) page.close();
  }

  /** Calls that are up, with the pages of both users. */
  get calls(): readonly (readonly [a: ChaosPage, b: ChaosPage])[] {
    const upNow = this.pages.filter(({ isCallUp }) => isCallUp);
    const byMatch = Map.groupBy(upNow, ({ match }) => match);
    return [...byMatch.values()].flatMap((pages) => {
      const a = pages.find(({ side }) => side === 'a');
      const b = pages.find(({ side }) => side === 'b');
      return a === undefined || b === undefined ? [] : [[a, b] as const];
    });
  }

  /** Ends all calls at once, so that all users search. */
  skipAll(): void {
    for (const page of this.pages) {
      if (page.isCallUp) page.stop();
      page.search();
    }
  }

  #add(kind: string): ChaosPage {
    this.#count += 1;
    const page = new ChaosPage({
      name: `${kind}${this.#count}`,
      from: sourceAddress(this.#count),
      history: this.#history,
      port: this.#cluster.proxy.plainPort,
      origin: this.#cluster.origin,
      unit: () => this.#prng.unit(),
    });
    this.#plans.set(page, { lineAt: 0, restUntil: 0, match: null, endsAt: 0 });
    return page;
  }

  #tick(): void {
    const now = performance.now();
    for (const [page, plan] of this.#plans) this.#act(page, plan, now);
  }

  #act(page: ChaosPage, plan: Plan, now: number): void {
    if (page.isShutOut) {
      page.close();
      this.#plans.delete(page);
      this.#add(PEST).open();
      return;
    }
    if (!page.isOnline) return;
    if (!page.isInCall) {
      if (plan.match !== null) {
        plan.match = null;
        plan.restUntil = now + this.#prng.unit() * REST_MS;
      }
      if (now >= plan.restUntil) page.search();
      return;
    }
    // Users go on talking while the stranger is away, and the node keeps their lines.
    if (!page.isCallUp && !page.isPeerAway) return;
    if (plan.match !== page.match) this.#begin(page, plan, now);
    if (page.isPeerAway) {
      if (now >= plan.lineAt) this.#say(page, plan, now);
      return;
    }
    if (page.heard.some((text) => text.startsWith(PEST)) && this.#mayReport(page)) {
      page.report('scam-or-spam');
    } else if (now >= plan.endsAt) {
      if (this.#prng.below(BLOCKS_ONE_IN) === 0) page.block();
      else page.stop();
    } else if (now >= plan.lineAt) {
      this.#say(page, plan, now);
    }
  }

  #say(page: ChaosPage, plan: Plan, now: number): void {
    plan.lineAt = now + (0.5 + this.#prng.unit()) * LINE_EVERY_MS;
    page.say();
  }

  #begin(page: ChaosPage, plan: Plan, now: number): void {
    plan.match = page.match;
    plan.lineAt = now + this.#prng.unit() * LINE_EVERY_MS;
    plan.endsAt = now + CALL_MS_MIN + this.#prng.unit() * CALL_MS_SPREAD;
  }

  #mayReport(page: ChaosPage): boolean {
    return !page.name.startsWith(PEST);
  }
}
