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
import { Letters } from './letters.ts';
import { Loot } from './loot.ts';
import { Network } from './network.ts';
import { Oracle } from './oracle/oracle.ts';
import { Person } from './person.ts';
import { Recent } from './recent.ts';
import { DECIDED_NETWORKS, drawRules, hoursOf } from './rules.ts';
import { Scheduler } from './scheduler.ts';
import { SimNode } from './sim-node.ts';
import { noDeeds, type Somebody } from './somebody.ts';
import { Violation } from './violation.ts';

export interface SimulationOptions {
  readonly seed: number;
  /**
   * Number of sessions after which faults and attacks stop. Users may still open more sessions
   * afterwards.
   */
  readonly sessions: number;
  readonly people?: number;
  /** Number of nodes. One by default, and then the oracle of a single node checks the run. */
  readonly nodes?: number;
  /** Number of latest events that are printed with a violation. */
  readonly recent?: number;
  /** Whether every frame is hashed in full, which is slow. */
  readonly hashesAll?: boolean;
}

/** Number of occurrences of each kind of event. */
export type Sums = Readonly<Record<string, number>>;

export interface Outcome {
  readonly seed: number;
  readonly steps: number;
  readonly counts: Sums & { readonly sessions: number; readonly matches: number };
  readonly faults: Sums;
  readonly deeds: Sums;
  readonly attacks: Sums;
  readonly decisions: Sums;
  /** Hash over a sample of each frame. Equal seeds and options give equal hashes. */
  readonly digest: string;
  /** Hash over every frame in full. Null unless `hashesAll` was set. */
  readonly story: string | null;
  readonly violation: Violation | null;
  /** The latest events as text. Empty if no invariant was violated. */
  readonly recent: string;
}

const PEOPLE = 120;
const ATTACKERS_ONE_IN = 10;
const RECENT_ENTRIES = 60;
/**
 * Phases of a run: faults and attacks for `TURMOIL_MS`, then calm for `CALM_MS`, repeatedly. The
 * calm phase outlasts every grace period and the widening of searches.
 */
const TURMOIL_MS = 240_000;
const CALM_MS = 75_000;
const GOODBYE_MS = 45_000;
const CHECK_ALL_STEPS = 1_000;
const START_MS = 1_000;

/** Runs a simulated world from a seed, the only source of time and chance. */
export function simulate(options: SimulationOptions): Outcome {
  return new Simulation(options).run();
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #clock = new SimClock(START_MS);
  readonly #scheduler = new Scheduler(START_MS);
  readonly #oracle: Oracle;
  readonly #recent: Recent;
  readonly #node: SimNode;
  readonly #people: Somebody[] = [];
  readonly #faults: FaultMaker;
  readonly #desk: Desk;
  readonly #deeds = noDeeds();
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
    const hours = hoursOf(options.seed, this.#clock.wallMs());
    const rules = drawRules(prng.fork(), people, hours);
    const recent = new Recent(options.recent ?? RECENT_ENTRIES, options.hashesAll);
    const oracle = new Oracle(rules);
    this.#recent = recent;
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
      ...{ scheduler, network, oracle, recent, rules, signer, now },
      standings: this.#desk,
      prng: prng.fork(),
    });
    const loot = new Loot();
    const letters = options.seed % 2 === 0 ? new Letters() : null;
    for (let i = 0; i < people; i++) {
      const personPrng = prng.fork();
      const parts = {
        scheduler,
        network,
        oracle,
        prng: personPrng,
        loot,
        letters,
        hasCommunities: options.seed % 4 === 0,
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
    // Waits until broken sockets have been noticed and users without a call search again.
    this.#pass(CALM_MS / 2);
    this.#act(() => {
      for (const person of this.#people) person.search();
    });
    this.#pass(CALM_MS / 2);
    this.#checkAtRest();
  }

  /** Makes all users leave, then checks that the node holds no sessions and no calls. */
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
    return this.#oracle.facts.counts.sessions >= this.#options.sessions;
  }

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
    this.#digest = Math.imul(this.#digest ^ this.#recent.heard, 0x01000193);
    if (oracle.facts.step % CHECK_ALL_STEPS === 0) this.#checkAll();
  }

  #outcome(violation: Violation | null): Outcome {
    return {
      seed: this.#options.seed,
      steps: this.#oracle.facts.step,
      counts: {
        ...this.#oracle.facts.counts,
        ...this.#atRest,
        restartsInJump: this.#faults.restartsInJump,
        simulatedMs: this.#scheduler.nowMs - START_MS,
      },
      faults: this.#faults.counts,
      deeds: { ...this.#deeds },
      attacks: this.#attacks,
      decisions: this.#desk.counts,
      digest: (this.#digest >>> 0).toString(16).padStart(8, '0'),
      story: this.#recent.digest(),
      violation,
      recent: violation === null ? '' : this.#recent.describe(wordsOf(violation)),
    };
  }
}

/** Returns the ids that a violation names. Events about these ids are marked in the output. */
function wordsOf({ message }: Violation): readonly string[] {
  return message.split(/[ ,:]+/).filter((word) => /[0-9]/.test(word) && word.length > 1);
}
