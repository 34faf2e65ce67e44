import type { Instant } from '@farandole/kernel/clock';
import { brandId, type SessionId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import type { GatewayCounts } from '../../src/ports.ts';
import { mintSessionTicket } from '../../src/session-ticket.ts';
import { FakeSigner } from '../support/fake-signer.ts';
import { Attacker, noAttacks } from './attacker.ts';
import { Desk } from './desk.ts';
import { FaultMaker } from './faults.ts';
import { Loot } from './loot.ts';
import { Network } from './network.ts';
import { Oracle } from './oracle/oracle.ts';
import { Violation } from './oracle/violation.ts';
import { Person } from './person.ts';
import { Recent } from './recent.ts';
import { DECIDED_NETWORKS, drawRules } from './rules.ts';
import { Scheduler } from './scheduler.ts';
import { SimNode } from './sim-node.ts';
import type { Deeds, Somebody } from './somebody.ts';

export interface SimulationOptions {
  readonly seed: number;
  /** The last turmoil ends when so many have been opened; the calm after it may see some more. */
  readonly sessions: number;
  readonly people?: number;
  /** How many of the latest happenings are told after a violation. */
  readonly recent?: number;
  /** Whether all that was said is hashed, to the last character, which takes its time. */
  readonly hashesAll?: boolean;
}

/** How often each thing happened. */
export type Sums = Readonly<Record<string, number>>;

export interface Outcome {
  readonly seed: number;
  readonly steps: number;
  /** What happened, and how many waited or were in calls when all was checked at rest. */
  readonly counts: Sums & { readonly sessions: number; readonly matches: number };
  readonly faults: Sums;
  readonly deeds: Sums;
  readonly attacks: Sums;
  readonly decisions: Sums;
  /** The same for the same seed and options, as far as a quick look at each frame tells. */
  readonly digest: string;
  /** A hash of everything that was said; null unless `hashesAll` asks for it. */
  readonly story: string | null;
  readonly violation: Violation | null;
  /** The latest events, when there was a violation. */
  readonly recent: string;
}

const PEOPLE = 120;
/** One of so many comes to do harm. */
const ATTACKERS_ONE_IN = 10;
const RECENT_ENTRIES = 60;
/** So long at most things go wrong, and so long nothing does: until graces and schedules are over. */
const TURMOIL_MS = 240_000;
const CALM_MS = 75_000;
const GOODBYE_MS = 45_000;
const CHECK_ALL_STEPS = 1_000;
const START_MS = 1_000;

/** A run of everything, from a seed. Nothing in it knows another time or chance. */
export function simulate(options: SimulationOptions): Outcome {
  return new Simulation(options).run();
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #clock = new SimClock(START_MS);
  readonly #scheduler = new Scheduler(START_MS);
  readonly #oracle: Oracle;
  readonly #node: SimNode;
  readonly #people: Somebody[] = [];
  readonly #faults: FaultMaker;
  readonly #desk: Desk;
  readonly #deeds: Deeds = {
    crashes: 0,
    returns: 0,
    rejoins: 0,
    declines: 0,
    hides: 0,
    secondTabs: 0,
    blocks: 0,
    unblocks: 0,
    foreignUnblocks: 0,
    reports: 0,
    reportsAgain: 0,
    lateLines: 0,
    videoOffers: 0,
    bursts: 0,
  };
  readonly #attacks = noAttacks();
  readonly #atRest = { waitingAtRest: 0, callsAtRest: 0, wholeAtRest: 0 };
  #isCalm = false;
  #digest = 0x811c9dc5;

  constructor(options: SimulationOptions) {
    this.#options = options;
    const prng = createPrng(options.seed);
    const signer = new FakeSigner('a key', prng.fork());
    const network = new Network(this.#scheduler, prng.fork());
    const people = options.people ?? PEOPLE;
    const rules = drawRules(prng.fork(), people);
    const recent = new Recent(options.recent ?? RECENT_ENTRIES, options.hashesAll);
    const oracle = new Oracle(rules, recent);
    this.#oracle = oracle;
    const scheduler = this.#scheduler;
    const now = (): Instant => ({
      monotonicMs: this.#clock.monotonicMs(),
      wallMs: this.#clock.wallMs(),
    });
    this.#desk = new Desk({
      ...{ scheduler, oracle, signer, people: this.#people, networks: DECIDED_NETWORKS },
      prng: prng.fork(),
      tellNode: () => this.#node.standingsChanged(),
    });
    this.#node = new SimNode({
      ...{ scheduler, network, oracle, rules, signer, now },
      standings: this.#desk,
      prng: prng.fork(),
    });
    const loot = new Loot();
    for (let i = 0; i < people; i++) {
      const personPrng = prng.fork();
      const parts = {
        scheduler,
        network,
        oracle,
        prng: personPrng,
        loot,
        deeds: this.#deeds,
        attacks: this.#attacks,
        isCalm: () => this.#isCalm,
        mintTicket: (subject: Parameters<typeof mintSessionTicket>[1]) => {
          const session = brandId<SessionId>(signer.randomId());
          return mintSessionTicket(signer, subject, session, this.#clock.wallMs());
        },
      };
      const isAttacker = i % ATTACKERS_ONE_IN === ATTACKERS_ONE_IN - 1;
      this.#people.push(
        isAttacker
          ? new Attacker(parts, `a${i}`, personPrng)
          : new Person(parts, `p${i}`, personPrng),
      );
    }
    this.#faults = new FaultMaker({
      scheduler,
      clock: this.#clock,
      node: this.#node,
      people: this.#people,
      prng: prng.fork(),
    });
  }

  run(): Outcome {
    let violation: Violation | null = null;
    try {
      this.#act(() => this.#node.start());
      while (!this.#hasSeenAll) this.#round();
      this.#goodbye();
    } catch (cause) {
      violation =
        cause instanceof Violation
          ? cause
          : new Violation('assertion', cause instanceof Error ? cause.message : 'unknown', {
              cause,
            });
    }
    return this.#outcome(violation);
  }

  /** Turmoil, then calm, then everything is checked. */
  #round(): void {
    this.#act(() => {
      this.#isCalm = false;
      for (const person of this.#people) person.wake();
      this.#faults.start();
      this.#desk.start();
    });
    this.#pass(TURMOIL_MS, () => this.#hasSeenAll);
    this.#act(() => {
      this.#isCalm = true;
      this.#faults.stop();
      this.#desk.stop();
      for (const person of this.#people) person.rest();
    });
    // What is broken is noticed, and who lost the other person looks for one.
    this.#pass(CALM_MS / 2);
    this.#act(() => {
      for (const person of this.#people) person.search();
    });
    this.#pass(CALM_MS / 2);
    this.#checkAtRest();
  }

  /** Everybody goes, and nothing of them is left. */
  #goodbye(): void {
    this.#act(() => {
      for (const person of this.#people) person.goAway();
    });
    this.#pass(GOODBYE_MS);
    this.#checkAll();
    const counts = this.#node.gateway?.counts();
    const left = JSON.stringify(counts);
    if (left !== JSON.stringify({ online: 0, detached: 0, waiting: 0, calls: 0 })) {
      throw new Violation('I4', `everybody has gone, and this is left: ${left}`);
    }
  }

  #checkAtRest(): void {
    const counts = this.#checkAll();
    if (counts === null) throw new Violation('protocol', 'the node is down in the calm');
    this.#atRest.wholeAtRest += this.#oracle.checkAtRest();
    this.#atRest.waitingAtRest += counts.waiting;
    this.#atRest.callsAtRest += counts.calls;
  }

  #checkAll(): GatewayCounts | null {
    const counts = this.#node.gateway?.counts() ?? null;
    const held = this.#node.held();
    if (counts === null || held === null) return null;
    this.#oracle.checkAll(counts, held);
    return counts;
  }

  get #hasSeenAll(): boolean {
    return this.#oracle.counts.sessions >= this.#options.sessions;
  }

  /** Lets so much time pass, or less once something is so. */
  #pass(ms: number, isEnough: () => boolean = () => false): void {
    const untilMs = this.#scheduler.nowMs + ms;
    let isOver = false;
    const end = this.#scheduler.at(untilMs, () => {
      isOver = true;
    });
    while (!isOver && !isEnough()) {
      const run = this.#scheduler.takeNext();
      if (run === null) return;
      this.#clock.advance(this.#scheduler.nowMs - this.#clock.monotonicMs());
      this.#act(run);
    }
    this.#scheduler.cancel(end);
  }

  #act(run: () => void): void {
    const oracle = this.#oracle;
    oracle.beginStep(this.#scheduler.nowMs, this.#clock.wallMs());
    run();
    oracle.endStep();
    this.#digest = Math.imul(this.#digest ^ this.#scheduler.nowMs, 0x01000193);
    this.#digest = Math.imul(this.#digest ^ oracle.heard, 0x01000193);
    if (oracle.facts.step % CHECK_ALL_STEPS === 0) this.#checkAll();
  }

  #outcome(violation: Violation | null): Outcome {
    return {
      seed: this.#options.seed,
      steps: this.#oracle.facts.step,
      counts: {
        ...this.#oracle.counts,
        ...this.#atRest,
        restartsInJump: this.#faults.restartsInJump,
        simulatedMs: this.#scheduler.nowMs - START_MS,
      },
      faults: this.#faults.counts,
      deeds: { ...this.#deeds },
      attacks: this.#attacks,
      decisions: this.#desk.counts,
      digest: (this.#digest >>> 0).toString(16).padStart(8, '0'),
      story: this.#oracle.recent.digest(),
      violation,
      recent: violation === null ? '' : this.#oracle.recent.describe(wordsOf(violation)),
    };
  }
}

/** The ids that a violation names, to find them among what happened. */
function wordsOf({ message }: Violation): readonly string[] {
  return message.split(/[ ,:]+/).filter((word) => /[0-9]/.test(word) && word.length > 1);
}
