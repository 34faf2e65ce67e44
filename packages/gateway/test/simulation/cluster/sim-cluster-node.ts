import { BrokerMatchmaker, DEFAULT_POOL } from '@farandole/cluster/broker-matchmaker';
import { BrokerNode } from '@farandole/cluster/broker-node';
import { TICK_EVERY_MS } from '@farandole/cluster/limits';
import { NodeSessions } from '@farandole/cluster/node-sessions';
import { NodeTurns } from '@farandole/cluster/node-turns';
import { PoolHost } from '@farandole/cluster/pool-host';
import type { Instant } from '@farandole/kernel/clock';
import { brandId, type MatchId, type NodeId, type SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import type { TicketFacts } from '@farandole/matchmaking/apart/ticket-facts';
import type { Ticket } from '@farandole/matchmaking/ticket';
import { parseServerMessage } from '@farandole/protocol/testing/parse-server-message';
import { Gateway, type GatewayConfig } from '../../../src/gateway.ts';
import { PairLedger } from '../../../src/pair-ledger.ts';
import type { PageFrame } from '../../support/client-stream.ts';
import { FakeCommunities } from '../../support/fake-communities.ts';
import type { FakeSigner } from '../../support/fake-signer.ts';
import type { HubNode, NodeHub } from '../../support/node-hub.ts';
import { type Desk, type Restriction, standingIn } from '../desk.ts';
import type { Network, NodeEnd, SimConnection } from '../network.ts';
import type { Recent } from '../recent.ts';
import { COMMUNITIES, ENCOUNTERS_KEPT_MS } from '../rules.ts';
import type { Scheduler } from '../scheduler.ts';
import { SimDevices } from '../sim-devices.ts';
import { SimPeople } from '../sim-people.ts';
import type { ClusterOracle } from './cluster-oracle.ts';
import type { ClusterQuestions } from './cluster-questions.ts';
import type { SharedStore } from './shared-store.ts';
import type { SimBroker, SimLease } from './sim-broker.ts';
import type { SimIdentities } from './sim-identities.ts';

export interface ClusterNodeParts {
  readonly scheduler: Scheduler;
  readonly hub: NodeHub;
  readonly broker: SimBroker;
  readonly lease: SimLease;
  readonly store: SharedStore;
  /** The moderators, whose decisions are in the store. */
  readonly desk: Pick<Desk, 'inForce'>;
  readonly network: Network;
  readonly oracle: ClusterOracle;
  readonly identities: SimIdentities;
  readonly questions: ClusterQuestions;
  readonly recent: Recent;
  readonly signer: FakeSigner;
  readonly config: Omit<GatewayConfig, 'node'>;
  readonly prng: Prng;
  now(): Instant;
}

/** The moderators' decisions as a node read them last. */
interface Decisions {
  inForce: ReadonlyMap<string, Restriction>;
}

interface Run {
  readonly name: NodeId;
  readonly gateway: Gateway;
  readonly sessions: NodeSessions;
  readonly pool: BrokerNode;
  readonly turns: NodeTurns;
  readonly people: SimPeople;
  readonly hub: HubNode;
  /** Error of this node's date in ms. */
  readonly skewMs: number;
  readonly decisions: Decisions;
  isDraining: boolean;
}

const POLLED_EVERY_MS = 1_000;

/** One machine of a simulated cluster. Each start of its process is another node. */
export class SimClusterNode implements NodeEnd {
  readonly #parts: ClusterNodeParts;
  readonly #place: number;
  #run: Run | null = null;
  #starts = 0;

  constructor(parts: ClusterNodeParts, place: number) {
    this.#parts = parts;
    this.#place = place;
    parts.network.attach(this);
  }

  get isUp(): boolean {
    return this.#run !== null;
  }

  get run(): Run | null {
    return this.#run;
  }

  /** Whether the proxy sends new sockets to this node. */
  get isReady(): boolean {
    const run = this.#run;
    return run !== null && !run.isDraining && run.hub.paused === null;
  }

  start(skewMs: number): void {
    this.#starts += 1;
    const name = brandId<NodeId>(`node-${this.#place}-start-${this.#starts}`);
    this.#note('starts', name);
    const run = this.#build(name, skewMs);
    this.#run = run;
    run.hub.run = (work) => {
      if (run === this.#run) run.turns.turn(work);
    };
    this.#parts.hub.tickNode(run.hub);
    run.turns.start();
    this.#tickSoon(run);
    this.#pollSoon(run);
  }

  kill(pageNoticesMs: () => number): void {
    const run = this.#run;
    if (run === null) return;
    this.#note('dies', run.name);
    run.turns.stop();
    run.people.stop();
    this.#run = null;
    this.#parts.hub.kill(run.hub);
    this.#parts.oracle.nodeFails();
    for (const connection of [...this.#parts.network.open]) {
      this.#parts.network.forget(connection);
      connection.nodeDied(pageNoticesMs());
    }
  }

  drain(): boolean {
    const run = this.#run;
    if (run === null || run.isDraining) return false;
    run.isDraining = true;
    this.#note('drains', run.name);
    this.#turn(run, (now) => run.gateway.drain(now));
    return true;
  }

  /** The node alone can't reach the store. */
  sendAway(): void {
    const run = this.#run;
    if (run !== null) this.#turn(run, (now) => run.gateway.sendAway(now));
  }

  opened(connection: SimConnection): void {
    const run = this.#run;
    if (run === null) return;
    const { page, place } = connection;
    const subject = brandId<SubjectId>(page.log.subject);
    const network = this.#parts.identities.of(subject)?.network ?? null;
    const named = network === null ? {} : { network: { network, parent: network } };
    const facts = { subject, ...place, ...named };
    this.#parts.oracle.socketOpened(page.log.subject);
    this.#turn(run, (now) => run.sessions.connectionOpened(connection.id, facts, now));
  }

  heard(connection: SimConnection, { text }: PageFrame): void {
    const run = this.#run;
    if (run === null) return;
    this.#note('page says', connection.page.log.subject, text);
    const size = Buffer.byteLength(text);
    this.#turn(run, (now) => run.sessions.receive(connection.id, text, size, now));
  }

  closed(connection: SimConnection, code: number): void {
    this.#parts.network.forget(connection);
    this.#parts.oracle.socketLost(connection.page.log.subject);
    const run = this.#run;
    if (run === null) return;
    this.#note('closed', connection.page.log.subject, String(code));
    this.#turn(run, (now) => run.sessions.connectionClosed(connection.id, code, now));
  }

  /** Runs work in a turn of the node, or once the node's process runs again. */
  #turn(run: Run, work: (now: Instant) => void): void {
    const once = (): void => {
      if (run === this.#run) run.turns.turn(work);
    };
    if (run.hub.paused === null) once();
    else run.hub.paused.push(once);
  }

  #note(what: string, where: string, text = ''): void {
    this.#parts.recent.note(this.#parts.scheduler.nowMs, what, where, text);
  }

  #tickSoon(run: Run): void {
    this.#parts.scheduler.after(TICK_EVERY_MS, () => {
      if (run !== this.#run) return;
      if (run.hub.paused === null) run.turns.tick();
      this.#tickSoon(run);
    });
  }

  /** Polls the store for declarations of minors, removals of blocks and moderators' decisions. */
  #pollSoon(run: Run): void {
    const { scheduler, store, desk, prng } = this.#parts;
    scheduler.after(POLLED_EVERY_MS, () => {
      if (run !== this.#run) return;
      this.#pollSoon(run);
      if (store.isAway || run.hub.paused !== null) return;
      const minors = store.latest('age-refused');
      const ages = minors.map(({ subject, device = null, atWallMs: atMs }) => {
        return { subject, device, atMs };
      });
      const removals = store.latest('unblock');
      const { inForce } = desk;
      scheduler.after(1 + prng.below(30), () => {
        this.#turn(run, (now) => {
          run.gateway.agesRefused(ages, now);
          run.gateway.blocksRemoved(removals, now);
          if (run.decisions.inForce === inForce) return;
          run.decisions.inForce = inForce;
          run.gateway.standingsChanged(now);
        });
      });
    });
  }

  #build(node: NodeId, skewMs: number): Run {
    const { network, oracle, scheduler, signer, config, store, desk, prng, identities } =
      this.#parts;
    // Every other start is one of an earlier version, as during an upgrade.
    const hub = this.#parts.hub.join(node, (this.#place + this.#starts) % 2 === 0);
    const now = (): Instant => {
      const { monotonicMs, wallMs } = this.#parts.now();
      return { monotonicMs, wallMs: wallMs + skewMs };
    };
    const pairs = new PairLedger({ encountersKeptMs: ENCOUNTERS_KEPT_MS });
    const mintMatchId = (): MatchId => brandId<MatchId>(signer.randomId());
    const options = { rules: config.rules, facts: pairs, mintMatchId };
    const broker = this.#parts.broker.of(hub);
    const lease = this.#parts.lease.of(hub);
    const host = new PoolHost({ node, options }, { broker, lease }, prng.fork());
    const ticketFacts = (ticket: Ticket): TicketFacts =>
      pairs.factsOf(ticket, (name) => `hash of ${name}`);
    const matchmaker = new BrokerMatchmaker(broker, node, DEFAULT_POOL, ticketFacts);
    const pool = new BrokerNode(broker, matchmaker, host);
    const sockets = {
      send: (id: SimConnection['id'], text: string) => {
        const connection = network.byId(id);
        if (connection === undefined || !connection.isOpenAtNode) return;
        this.#note('node says', connection.page.log.subject, text);
        connection.sendDown(text, parseServerMessage(text));
      },
      close: (id: SimConnection['id'], reason: Parameters<SimConnection['closeByNode']>[0]) => {
        const connection = network.byId(id);
        this.#note('node closes', connection?.page.log.subject ?? '?', reason);
        connection?.closeByNode(reason);
      },
    };
    // A node reads the decisions before its first connection.
    const decisions: Decisions = { inForce: desk.inForce };
    const sessions = new NodeSessions({
      node,
      channel: hub,
      sockets,
      mint: () => signer.randomId(),
    });
    const people = new SimPeople(
      scheduler,
      prng.fork(),
      store,
      {
        begin: (person) => {
          const facts = store.factsOf(person);
          const { nowMs } = scheduler;
          const firstSeenMs = identities.of(person.subject)?.firstSeenMs ?? nowMs;
          const firstSeenAtMs = this.#parts.now().wallMs - (nowMs - firstSeenMs);
          return { facts: { ...facts, firstSeenAtMs }, asOf: pairs.removals };
        },
        deliver: (facts, asOf) => {
          let isTaken = false;
          this.#run?.turns.turn((at) => {
            isTaken = this.#run?.gateway.peopleRead([facts], asOf, at) ?? false;
          });
          return isTaken;
        },
      },
      true,
    );
    const gateway: Gateway = new Gateway(
      { ...config, node },
      {
        connections: sessions,
        nodes: sessions,
        ...{ signer, matchmaker, pairs, people },
        devices: new SimDevices(scheduler, signer, (connection, device) => {
          const run = this.#run;
          if (run?.gateway !== gateway) return;
          this.#turn(run, (at) => gateway.deviceVerified(connection, device, at));
        }),
        journal: {
          append: (entry, record) => {
            oracle.appended(record);
            store.write(record, (stored) => {
              if (stored) oracle.stored(record);
              const run = this.#run;
              if (run?.gateway !== gateway) return;
              this.#turn(run, (at) => gateway.journalSettled(entry, stored, at));
            });
          },
        },
        network: { keptApart: () => null, localAddresses: () => [], relayAddresses: () => [] },
        iceServers: { of: () => ({ iceServers: [], expiresInMs: 0 }) },
        observer: { observe: () => {} },
        standings: {
          of: (known) => standingIn(decisions.inForce, known),
          isAgeLifted: () => false,
        },
        circles: {
          placeOf: () => ({ tier: 'new', circle: 'normal' }),
          isProven: (subject) => this.#parts.questions.isProven(subject),
        },
        callEnds: { ended: () => {} },
        communities: new FakeCommunities(...COMMUNITIES),
        invitationBudget: { take: () => 0, release: () => {} },
        reportBudgets: [],
      },
      now(),
    );
    sessions.attach(gateway);
    oracle.watch(node, gateway);
    const turns = new NodeTurns(
      { gateway: sessions, pool },
      { now, soon: (r) => scheduler.after(0, r) },
    );
    const parts = { gateway, sessions, pool, turns, people, hub, skewMs, decisions };
    return { name: node, ...parts, isDraining: false };
  }
}
