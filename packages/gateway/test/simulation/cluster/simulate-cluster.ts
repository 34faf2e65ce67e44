import type { Instant } from '@farandole/kernel/clock';
import { brandId, type SessionId, type SubjectId } from '@farandole/kernel/id';
import { createPrng, type Prng } from '@farandole/kernel/prng';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { createMatchRules, OFFERED_BY_DEFAULT, QUESTION } from '@farandole/matchmaking/mode';
import { mintSessionTicket } from '../../../src/session-ticket.ts';
import { FakeSigner } from '../../support/fake-signer.ts';
import { NodeHub } from '../../support/node-hub.ts';
import { Desk } from '../desk.ts';
import { Letters } from '../letters.ts';
import { Loot } from '../loot.ts';
import { Network, type PageEnd, type SimConnection } from '../network.ts';
import { Recent } from '../recent.ts';
import { COOLDOWN_MS, DECIDED_NETWORKS } from '../rules.ts';
import { Scheduler } from '../scheduler.ts';
import type { Outcome, SimulationOptions } from '../simulation.ts';
import { Violation } from '../violation.ts';
import { ClusterFaults } from './cluster-faults.ts';
import { ClusterOracle } from './cluster-oracle.ts';
import { ClusterPerson, noClusterDeeds } from './cluster-person.ts';
import { ClusterQuestions } from './cluster-questions.ts';
import { SUSPENSIONS, SUSPENSIONS_LAST } from './cluster-suspensions.ts';
import { SharedStore } from './shared-store.ts';
import { SimBroker, SimLease } from './sim-broker.ts';
import { SimClusterNode } from './sim-cluster-node.ts';
import { SimIdentities } from './sim-identities.ts';

const START_MS = 1_000;
const PEOPLE = 60;
const RECENT_ENTRIES = 60;
const HUB_TICK_MS = 100;
const CALLS_CHECKED_EVERY_MS = 500;
const TURMOIL_MS = 240_000;
/** Outlasts every grace period, the longest wait and a new pool epoch. */
const CALM_MS = 90_000;
/** Longest move of a session in the calm, and the interval at which the end of a move is noticed. */
const MOVE_MS = 2_000;
const MOVE_STEP_MS = 100;
const GOODBYE_MS = 45_000;
const LATENCY_MAX_MS = 40;

/** Runs a simulated cluster from a seed, the only source of time and chance. */
export function simulateCluster(options: SimulationOptions): Outcome {
  return new ClusterSimulation(options).run();
}

class ClusterSimulation {
  readonly #options: SimulationOptions;
  readonly #clock = new SimClock(START_MS);
  readonly #scheduler = new Scheduler(START_MS);
  readonly #recent: Recent;
  readonly #oracle: ClusterOracle;
  readonly #hub: NodeHub;
  readonly #nodes: SimClusterNode[] = [];
  readonly #networks: Network[] = [];
  readonly #people: ClusterPerson[] = [];
  readonly #faults: ClusterFaults;
  readonly #desk: Desk;
  readonly #deeds = noClusterDeeds();
  readonly #proxyPrng: Prng;
  #isCalm = false;
  #steps = 0;
  #digest = 0x811c9dc5;

  constructor(options: SimulationOptions) {
    this.#options = options;
    const prng = createPrng(options.seed);
    const scheduler = this.#scheduler;
    const signer = new FakeSigner('a key', prng.fork());
    this.#proxyPrng = prng.fork();
    this.#recent = new Recent(options.recent ?? RECENT_ENTRIES, options.hashesAll);
    const identities = new SimIdentities();
    this.#oracle = new ClusterOracle(scheduler, identities);
    const now = (): Instant => ({
      monotonicMs: this.#clock.monotonicMs(),
      wallMs: this.#clock.wallMs(),
    });
    const delays = prng.fork();
    const delayMs = (): number => 1 + delays.below(LATENCY_MAX_MS) + this.#faults.addedDelayMs;
    const later = (afterMs: number, run: () => void): void => void scheduler.after(afterMs, run);
    this.#hub = new NodeHub({ now, later, delayMs });
    const store = new SharedStore(scheduler, prng.fork());
    const broker = new SimBroker(scheduler, delayMs);
    const lease = new SimLease();
    this.#desk = new Desk({
      ...{ scheduler, oracle: this.#oracle, signer, people: this.#people },
      networks: DECIDED_NETWORKS,
      kinds: SUSPENSIONS,
      lasts: SUSPENSIONS_LAST,
      prng: prng.fork(),
      // The nodes poll the store for decisions.
      tellNode: () => {},
    });
    const questions = new ClusterQuestions(options.seed);
    const offered = questions.isOffered ? [...OFFERED_BY_DEFAULT, QUESTION] : OFFERED_BY_DEFAULT;
    const rules = createMatchRules({ policyVersion: 1, rematchCooldownMs: COOLDOWN_MS, offered });
    const config = { relayMode: 'direct', hasTurn: false, takesPictures: false, rules } as const;
    for (let place = 0; place < (options.nodes ?? 1); place++) {
      const network = new Network(scheduler, prng.fork());
      this.#networks.push(network);
      const parts = {
        ...{ scheduler, hub: this.#hub, broker, lease, store, network, signer, config, now },
        ...{ oracle: this.#oracle, identities, recent: this.#recent, prng: prng.fork() },
        ...{ questions, desk: this.#desk },
      };
      this.#nodes.push(new SimClusterNode(parts, place));
    }
    const parts = {
      scheduler,
      network: { connect: (page: PageEnd) => this.#connect(page) },
      ...{ oracle: this.#oracle, identities, questions },
      loot: new Loot(),
      letters: new Letters(),
      deeds: this.#deeds,
      isCalm: () => this.#isCalm,
      mintTicket: (subject: SubjectId) => {
        const session = brandId<SessionId>(signer.randomId());
        return mintSessionTicket(signer, subject, session, this.#clock.wallMs());
      },
    };
    for (let at = 0; at < (options.people ?? PEOPLE); at++) {
      const personPrng = prng.fork();
      this.#people.push(new ClusterPerson({ ...parts, prng: personPrng }, `p${at}`, personPrng));
    }
    this.#faults = new ClusterFaults({
      ...{ scheduler, lease, store, nodes: this.#nodes, hub: this.#hub, people: this.#people },
      ...{ oracle: this.#oracle, desk: this.#desk, prng: prng.fork() },
    });
  }

  run(): Outcome {
    let violation: Violation | null = null;
    try {
      for (const node of this.#nodes) this.#act(() => this.#faults.startNode(node));
      this.#tickHub();
      this.#checkCalls();
      while (this.#oracle.counts.sessions < this.#options.sessions) this.#round();
      this.#goodbye();
    } catch (cause) {
      const text = cause instanceof Error ? cause.message : 'unknown';
      const isKnown = cause instanceof Violation;
      violation = isKnown ? cause : new Violation('assertion', text, { cause });
    }
    return this.#outcome(violation);
  }

  /** The proxy sends a new socket to a random node that is ready. */
  #connect(page: PageEnd): SimConnection {
    const ready = this.#networks.filter((_, at) => this.#nodes[at]?.isReady === true);
    return this.#proxyPrng.pick(ready.length > 0 ? ready : this.#networks).connect(page);
  }

  #round(): void {
    this.#isCalm = false;
    this.#act(() => {
      for (const person of this.#people) person.wake();
      this.#faults.start();
    });
    this.#pass(TURMOIL_MS);
    this.#isCalm = true;
    this.#act(() => this.#faults.stop());
    this.#pass(CALM_MS / 2);
    this.#act(() => {
      for (const person of this.#people) person.search();
    });
    this.#pass(CALM_MS / 2);
    this.#checkAtRest();
  }

  #goodbye(): void {
    this.#isCalm = true;
    this.#act(() => {
      for (const person of this.#people) person.goAway();
    });
    this.#pass(GOODBYE_MS);
    this.#checkAtRest();
    for (const { run } of this.#nodes) {
      const counts = JSON.stringify(run?.gateway.counts());
      if (counts !== JSON.stringify({ online: 0, detached: 0, waiting: 0, calls: 0 })) {
        throw new Violation('I4', `everybody has gone, and ${run?.name} has ${counts}`);
      }
      const promised = run?.gateway.sizes().promisedElsewhere;
      if (promised !== 0) {
        throw new Violation('I4', `everybody has gone, and ${run?.name} has ${promised} promises`);
      }
    }
  }

  #checkAtRest(): void {
    for (let waitedMs = 0; this.#isMoving() && waitedMs < MOVE_MS; waitedMs += MOVE_STEP_MS) {
      this.#pass(MOVE_STEP_MS);
    }
    const nodes = this.#nodes.map(({ run }) => {
      if (run === null) throw new Violation('protocol', 'a node is down in the calm');
      const { name, sessions, gateway, pool } = run;
      const subjects = gateway.moves.subjects();
      return { name, sizes: sessions.sizes, subjects, epoch: pool.host.epoch };
    });
    const pages = this.#people.flatMap((person) => person.pages);
    this.#oracle.checkAtRest(nodes, pages);
  }

  /** Whether a session is on its way, as after a match that was found only now. */
  #isMoving(): boolean {
    return this.#nodes.some(({ run }) => {
      const { inDoubt = 0, moving = 0, questions = 0 } = run?.sessions.sizes ?? {};
      return inDoubt + moving + questions > 0;
    });
  }

  #tickHub(): void {
    this.#hub.tick();
    this.#scheduler.after(HUB_TICK_MS, () => this.#tickHub());
  }

  #checkCalls(): void {
    for (const person of this.#people) this.#oracle.checkSuspended(person.pages);
    this.#scheduler.after(CALLS_CHECKED_EVERY_MS, () => this.#checkCalls());
  }

  #pass(ms: number): void {
    const untilMs = this.#scheduler.nowMs + ms;
    let isOver = false;
    this.#scheduler.at(untilMs, () => {
      isOver = true;
    });
    while (!isOver) {
      const run = this.#scheduler.takeNext();
      if (run === null) return;
      this.#clock.advance(this.#scheduler.nowMs - this.#clock.monotonicMs());
      this.#act(run);
    }
  }

  #act(run: () => void): void {
    run();
    this.#steps += 1;
    this.#digest = Math.imul(this.#digest ^ this.#scheduler.nowMs, 0x01000193);
    this.#digest = Math.imul(this.#digest ^ this.#recent.heard, 0x01000193);
  }

  #outcome(violation: Violation | null): Outcome {
    return {
      seed: this.#options.seed,
      steps: this.#steps,
      counts: { ...this.#oracle.counts, simulatedMs: this.#scheduler.nowMs - START_MS },
      faults: this.#faults.counts,
      deeds: { ...this.#deeds },
      attacks: {},
      decisions: this.#desk.counts,
      digest: (this.#digest >>> 0).toString(16).padStart(8, '0'),
      story: this.#recent.digest(),
      violation,
      recent: violation === null ? '' : this.#recent.describe(violation.message.split(' ')),
    };
  }
}
