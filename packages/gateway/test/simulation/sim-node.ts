import { BrokerMatchmaker } from '@farandole/cluster/broker-matchmaker';
import { BrokerNode } from '@farandole/cluster/broker-node';
import { DirectMatchmaker } from '@farandole/cluster/direct-matchmaker';
import { TICK_EVERY_MS } from '@farandole/cluster/limits';
import { LocalBroker } from '@farandole/cluster/local-broker';
import { LocalLease } from '@farandole/cluster/local-lease';
import { type NodePool, NodeTurns } from '@farandole/cluster/node-turns';
import { PoolHost } from '@farandole/cluster/pool-host';
import type { Instant } from '@farandole/kernel/clock';
import {
  brandId,
  type ConnectionId,
  type DeviceKeyId,
  type MatchId,
  type NodeId,
  type SubjectId,
} from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import type { PoolOptions } from '@farandole/matchmaking/pool';
import type { Matchmaker } from '@farandole/matchmaking/ports';
import { parseServerMessage } from '@farandole/protocol/testing/parse-server-message';
import { Gateway } from '../../src/gateway.ts';
import { PairLedger } from '../../src/pair-ledger.ts';
import type { GatewaySizes, Standings } from '../../src/ports.ts';
import type { PageFrame } from '../support/client-stream.ts';
import { factsOf } from '../support/facts-of.ts';
import { FakeCommunities } from '../support/fake-communities.ts';
import type { FakeSigner } from '../support/fake-signer.ts';
import {
  type Network,
  type NodeEnd,
  SEND_BUFFER_BYTES_MAX,
  type SimConnection,
} from './network.ts';
import type { Oracle } from './oracle/oracle.ts';
import { isProven, networkNameOf, placeOf } from './places.ts';
import type { Recent } from './recent.ts';
import { COMMUNITIES, ENCOUNTERS_KEPT_MS, networkOf, type WorldRules } from './rules.ts';
import type { Scheduler } from './scheduler.ts';
import { SimDevices } from './sim-devices.ts';
import { SimJournal } from './sim-journal.ts';
import { SimPeople, StoreWeather } from './sim-people.ts';

export interface SimNodeParts {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly oracle: Oracle;
  readonly recent: Recent;
  readonly rules: WorldRules;
  readonly signer: FakeSigner;
  readonly standings: Standings;
  readonly prng: Prng;
  now(): Instant;
}

/** Sizes that the parts of a simulated node report. */
export interface NodeSizes {
  readonly gateway: GatewaySizes;
  readonly poolWaiting: number;
}

interface Run {
  readonly gateway: Gateway;
  readonly pool: NodePool;
  readonly turns: NodeTurns;
  readonly pairs: PairLedger;
  readonly people: SimPeople;
  /**
   * Makes another writer responsible for the pool. Does nothing if the node calls the pool
   * directly.
   */
  readonly changeWriter: (now: Instant) => void;
  isDraining: boolean;
}

interface Pools extends Pick<Run, 'pool' | 'changeWriter'> {
  readonly matchmaker: Matchmaker;
}

/**
 * A simulated node with a disk that outlives its process. It runs the real gateway code with
 * fake ports, and passes all input and output to the oracle.
 */
export class SimNode implements NodeEnd {
  readonly journal: SimJournal;
  /** The store from which the node reads about users. */
  readonly weather = new StoreWeather();
  readonly #parts: SimNodeParts;
  #run: Run | null = null;
  #runs = 0;

  constructor(parts: SimNodeParts) {
    this.#parts = parts;
    const { oracle } = parts;
    this.journal = new SimJournal(parts.scheduler, parts.prng.fork(), {
      appends: (record) => oracle.records.appended(record),
      settled: (entry, stored) => {
        const run = this.#run;
        run?.turns.turn((now) => run.gateway.journalSettled(entry, stored, now));
      },
      stores: (record) => oracle.records.stored(record),
      loses: (record, writtenAtMs) => oracle.records.lost(record, writtenAtMs),
    });
    parts.network.attach(this);
  }

  get isUp(): boolean {
    return this.#run !== null;
  }

  get gateway(): Gateway | null {
    return this.#run?.gateway ?? null;
  }

  held(): NodeSizes | null {
    const run = this.#run;
    if (run === null) return null;
    let poolWaiting = 0;
    for (const waiting of run.pool.waitingByMode()?.values() ?? []) poolWaiting += waiting;
    return { gateway: run.gateway.sizes(), poolWaiting };
  }

  start(): void {
    this.#runs += 1;
    this.#note('starts', 'node', '');
    this.#parts.oracle.nodeStarts();
    const run = this.#build(brandId<NodeId>(`node-run-${this.#runs}`));
    this.#run = run;
    this.journal.tidy();
    run.turns.start();
    this.#tickSoon(run);
  }

  /** Kills the node's process. Only the disk remains. */
  kill(pageNoticesMs: () => number): void {
    if (this.#run === null) return;
    this.#run.turns.stop();
    this.#run.people.stop();
    this.#run = null;
    this.journal.nodeDied();
    this.#note('dies', 'node', '');
    this.#parts.oracle.nodeDies();
    for (const connection of this.#parts.network.open) {
      this.#parts.network.forget(connection);
      connection.nodeDied(pageNoticesMs());
    }
  }

  /** Drains the node as SIGTERM does. Returns false if the node is down or is already draining. */
  drain(): boolean {
    const run = this.#run;
    if (run === null || run.isDraining) return false;
    run.isDraining = true;
    this.#parts.oracle.nodeDrains();
    run.turns.turn((now) => run.gateway.drain(now));
    return true;
  }

  standingsChanged(): void {
    const run = this.#run;
    run?.turns.turn((now) => run.gateway.standingsChanged(now));
  }

  changeWriter(): void {
    const run = this.#run;
    run?.turns.turn((now) => run.changeWriter(now));
  }

  opened(connection: SimConnection): void {
    const run = this.#run;
    if (run === null) return;
    const { page, place } = connection;
    const { oracle } = this.#parts;
    oracle.socketOpens(connection.id, page.log, place);
    const { subject } = page.log;
    const network = networkNameOf(subject, place.clientAddress);
    const named = network === null ? {} : { network: { network, parent: network } };
    const facts = { subject: brandId<SubjectId>(subject), ...place, ...named };
    run.turns.turn((now) => run.gateway.connectionOpened(connection.id, facts, now));
  }

  heard(connection: SimConnection, frame: PageFrame): void {
    const run = this.#run;
    if (run === null) return;
    const { text } = frame;
    this.#note('page says', connection.id, text);
    this.#parts.oracle.nodeTakes(connection.id, frame);
    const size = Buffer.byteLength(text);
    run.turns.turn((now) => run.gateway.receive(connection.id, text, size, now));
    this.#parts.oracle.nodeHasTaken();
  }

  closed(connection: SimConnection, code: number): void {
    this.#parts.network.forget(connection);
    const run = this.#run;
    if (run === null) return;
    this.#note('closed', connection.id, String(code));
    this.#parts.oracle.nodeLosesSocket(connection.id, code);
    run.turns.turn((now) => run.gateway.connectionClosed(connection.id, code, now));
  }

  #note(what: string, where: string, text: string): void {
    this.#parts.recent.note(this.#parts.scheduler.nowMs, what, where, text);
  }

  #tickSoon(run: Run): void {
    this.#parts.scheduler.after(TICK_EVERY_MS, () => {
      if (run !== this.#run) return;
      this.#parts.oracle.beforeTick();
      run.turns.tick();
      this.#tickSoon(run);
    });
  }

  #build(node: NodeId): Run {
    const { network, oracle, rules, scheduler, signer, standings, now } = this.#parts;
    const pairs = new PairLedger({ encountersKeptMs: ENCOUNTERS_KEPT_MS });
    const options: PoolOptions = {
      rules: rules.config.rules,
      facts: pairs,
      mintMatchId: () => brandId<MatchId>(signer.randomId()),
      hours: () => rules.hours,
    };
    const people = this.#people(pairs);
    const { matchmaker, pool, changeWriter } = rules.usesBroker
      ? this.#overBroker(node, options)
      : this.#direct(options);
    const gateway = new Gateway(
      { ...rules.config, node },
      {
        connections: {
          send: (id, text) => {
            const connection = network.byId(id);
            if (connection === undefined || !connection.isOpenAtNode) return;
            const message = parseServerMessage(text);
            this.#note('node says', id, text);
            oracle.nodeSays(id, message, text);
            connection.sendDown(text, message);
            if (connection.queuedBytes > SEND_BUFFER_BYTES_MAX) connection.closeByListener();
          },
          close: (id, reason) => {
            this.#note('node closes', id, reason);
            oracle.nodeCloses(id, reason);
            network.byId(id)?.closeByNode(reason);
          },
        },
        signer,
        devices: this.#devices(),
        journal: this.journal,
        matchmaker,
        network: {
          keptApart: (address) =>
            rules.keepsNetworksApart ? `network-${networkOf(address)}` : null,
          localAddresses: () => rules.localAddresses,
          relayAddresses: () => rules.relayAddresses,
        },
        iceServers: { of: () => ({ iceServers: [], expiresInMs: 0 }) },
        observer: { observe: () => {} },
        standings,
        circles: { placeOf, isProven },
        people,
        callEnds: { ended: () => {} },
        communities: new FakeCommunities(...COMMUNITIES),
        hours: () => rules.hours,
        invitationBudget: { take: () => 0, release: () => {} },
        reportBudgets: [],
        pairs,
      },
      now(),
    );
    const turns = new NodeTurns({ gateway, pool }, { now, soon: (run) => scheduler.after(0, run) });
    return { gateway, pool, turns, pairs, people, changeWriter, isDraining: false };
  }

  #devices(): SimDevices {
    const { scheduler, signer, oracle } = this.#parts;
    const number = this.#runs;
    const verified = (connection: ConnectionId, device: DeviceKeyId | null): void => {
      const run = this.#run;
      if (run === null || number !== this.#runs) return;
      this.#note('verified', connection, device === null ? 'no' : 'yes');
      oracle.nodeGoesOn(connection);
      run.turns.turn((now) => run.gateway.deviceVerified(connection, device, now));
      oracle.nodeHasTaken();
    };
    return new SimDevices(scheduler, signer, verified, (id) => oracle.nodeWaits(id));
  }

  #people(pairs: PairLedger): SimPeople {
    const { scheduler, prng, oracle } = this.#parts;
    return new SimPeople(scheduler, prng.fork(), this.weather, {
      begin: (person) => {
        const facts = factsOf(this.journal.stored, person);
        return { facts, asOf: pairs.removals };
      },
      deliver: (facts, asOf) => {
        let isTaken = false;
        // The oracle is told first, because the node may match the user in the same step.
        oracle.personRead(facts);
        this.#run?.turns.turn((now) => {
          isTaken = this.#run?.gateway.peopleRead([facts], asOf, now) ?? false;
        });
        return isTaken;
      },
    });
  }

  #direct(options: PoolOptions): Pools {
    const { prng, now } = this.#parts;
    const pool = new DirectMatchmaker(options, prng.fork(), now());
    return { matchmaker: pool, pool, changeWriter: () => {} };
  }

  #overBroker(node: NodeId, options: PoolOptions): Pools {
    const broker = new LocalBroker();
    const lease = new LocalLease();
    const { prng } = this.#parts;
    const buildHost = () => new PoolHost({ node, options }, { broker, lease }, prng.fork());
    const matchmaker = new BrokerMatchmaker(broker, node);
    const pool = new BrokerNode(broker, matchmaker, buildHost());
    const changeWriter = (now: Instant): void => {
      pool.host.stop();
      pool.host = buildHost();
      pool.host.tick(now);
    };
    return { matchmaker, pool, changeWriter };
  }
}
