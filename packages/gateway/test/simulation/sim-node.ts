import { BrokerMatchmaker } from '@farandole/cluster/broker-matchmaker';
import { TICK_EVERY_MS } from '@farandole/cluster/limits';
import { LocalBroker } from '@farandole/cluster/local-broker';
import { LocalLease } from '@farandole/cluster/local-lease';
import { NodeTurns } from '@farandole/cluster/node-turns';
import { PoolHost } from '@farandole/cluster/pool-host';
import type { Instant } from '@farandole/kernel/clock';
import { brandId, type MatchId, type NodeId, type SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import { createMatchRules } from '@farandole/matchmaking/mode';
import { parseServerMessage } from '@farandole/protocol/testing/parse-server-message';
import { Gateway } from '../../src/gateway.ts';
import { PairLedger } from '../../src/pair-ledger.ts';
import type { Standings } from '../../src/ports.ts';
import type { PageFrame } from '../support/client-stream.ts';
import type { FakeSigner } from '../support/fake-signer.ts';
import {
  type Network,
  type NodeEnd,
  SEND_BUFFER_BYTES_MAX,
  type SimConnection,
} from './network.ts';
import type { Held } from './oracle/bounds.ts';
import type { Oracle } from './oracle/oracle.ts';
import { placeOf } from './places.ts';
import { COOLDOWN_MS, ENCOUNTERS_KEPT_MS, networkOf, type WorldRules } from './rules.ts';
import type { Scheduler } from './scheduler.ts';
import { SimJournal } from './sim-journal.ts';

export interface SimNodeParts {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly oracle: Oracle;
  readonly rules: WorldRules;
  readonly signer: FakeSigner;
  readonly standings: Standings;
  readonly prng: Prng;
  now(): Instant;
}

/** The parts of a node that die with it. */
interface Run {
  readonly parts: NodeParts;
  readonly turns: NodeTurns;
  readonly lease: LocalLease;
  readonly pairs: PairLedger;
  isDraining: boolean;
}

interface NodeParts {
  readonly gateway: Gateway;
  readonly broker: LocalBroker;
  readonly matchmaker: BrokerMatchmaker;
  host: PoolHost;
}

/**
 * One node over a disk that outlives it, which gives its parts their turns by the same code as the
 * server. Everything behind the gateway's ports is made up. All that reaches it and all that it
 * says passes by the oracle.
 */
export class SimNode implements NodeEnd {
  readonly journal: SimJournal;
  readonly #parts: SimNodeParts;
  #run: Run | null = null;
  #runs = 0;

  constructor(parts: SimNodeParts) {
    this.#parts = parts;
    const { oracle } = parts;
    this.journal = new SimJournal(parts.scheduler, parts.prng.fork(), {
      appends: (record) => oracle.nodeAppends(record),
      settled: (entry, stored) => {
        const run = this.#run;
        run?.turns.turn((now) => run.parts.gateway.journalSettled(entry, stored, now));
      },
      stores: (record) => oracle.diskStores(record),
      loses: (record, writtenAtMs) => oracle.diskLoses(record, writtenAtMs),
    });
    parts.network.attach(this);
  }

  get isUp(): boolean {
    return this.#run !== null;
  }

  get gateway(): Gateway | null {
    return this.#run?.parts.gateway ?? null;
  }

  /** How much the parts of the node hold; null while it is down. */
  held(): Held | null {
    const run = this.#run;
    if (run === null) return null;
    let poolWaiting = 0;
    for (const waiting of run.parts.host.waitingByMode()?.values() ?? []) poolWaiting += waiting;
    return { gateway: run.parts.gateway.sizes(), pairs: run.pairs.sizes, poolWaiting };
  }

  start(): void {
    this.#runs += 1;
    this.#parts.oracle.nodeStarts();
    const run = this.#build(brandId<NodeId>(`node-run-${this.#runs}`));
    this.#run = run;
    run.parts.gateway.replay(this.journal.read(), this.#parts.now());
    run.turns.start();
    this.#tickSoon(run);
  }

  /** The process is gone, with all that was not on disk. */
  kill(pageNoticesMs: () => number): void {
    if (this.#run === null) return;
    this.#run.turns.stop();
    this.#run = null;
    this.journal.nodeDied();
    this.#parts.oracle.nodeDies();
    for (const connection of this.#parts.network.open) {
      this.#parts.network.forget(connection);
      connection.nodeDied(pageNoticesMs());
    }
  }

  /** As at SIGTERM. False for a node that is down, or told so already. */
  drain(): boolean {
    const run = this.#run;
    if (run === null || run.isDraining) return false;
    run.isDraining = true;
    this.#parts.oracle.nodeDrains();
    run.turns.turn((now) => run.parts.gateway.drain(now));
    return true;
  }

  /** People have decided something. A node that is down asks when it is up again. */
  standingsChanged(): void {
    const run = this.#run;
    run?.turns.turn((now) => run.parts.gateway.standingsChanged(now));
  }

  /** The pool's writer stops, and another one takes over. */
  changeWriter(): void {
    const run = this.#run;
    if (run === null) return;
    const { parts, lease, pairs } = run;
    run.turns.turn((now) => {
      parts.host.stop();
      parts.host = this.#buildHost(parts.broker, lease, pairs);
      parts.host.tick(now);
    });
  }

  opened(connection: SimConnection): void {
    const run = this.#run;
    if (run === null) return;
    const { page, place } = connection;
    const { oracle } = this.#parts;
    oracle.socketOpens(connection.id, page.ear, place);
    const facts = { subject: brandId<SubjectId>(page.ear.subject), ...place };
    run.turns.turn((now) => run.parts.gateway.connectionOpened(connection.id, facts, now));
  }

  heard(connection: SimConnection, frame: PageFrame): void {
    const run = this.#run;
    if (run === null) return;
    this.#parts.oracle.nodeTakes(connection.id, frame);
    const { text } = frame;
    const size = Buffer.byteLength(text);
    run.turns.turn((now) => run.parts.gateway.receive(connection.id, text, size, now));
    this.#parts.oracle.nodeHasTaken();
  }

  closed(connection: SimConnection, code: number): void {
    this.#parts.network.forget(connection);
    const run = this.#run;
    if (run === null) return;
    this.#parts.oracle.nodeLosesSocket(connection.id, code);
    run.turns.turn((now) => run.parts.gateway.connectionClosed(connection.id, code, now));
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
    const broker = new LocalBroker();
    const matchmaker = new BrokerMatchmaker(broker, node);
    const pairs = new PairLedger({ encountersKeptMs: ENCOUNTERS_KEPT_MS });
    const lease = new LocalLease();
    const gateway = new Gateway(
      { ...rules.config, node },
      {
        connections: {
          send: (id, text) => {
            const connection = network.byId(id);
            if (connection === undefined || !connection.isOpenAtNode) return;
            // Read once for all who hear it, and held against the protocol's schema.
            const message = parseServerMessage(text);
            oracle.nodeSays(id, message, text);
            connection.sendDown(text, message);
            if (connection.queuedBytes > SEND_BUFFER_BYTES_MAX) connection.closeByListener();
          },
          close: (id, reason) => {
            oracle.nodeCloses(id, reason);
            network.byId(id)?.closeByNode(reason);
          },
        },
        signer,
        journal: this.journal,
        matchmaker,
        network: {
          keptApart: (address) =>
            rules.keepsNetworksApart ? `network-${networkOf(address)}` : null,
          localAddresses: () => rules.localAddresses,
          relayAddresses: () => rules.relayAddresses,
        },
        observer: { observe: () => {} },
        standings,
        circles: { placeOf },
        pairs,
      },
      now(),
    );
    const host = this.#buildHost(broker, lease, pairs);
    const parts = { gateway, broker, matchmaker, host };
    const turns = new NodeTurns(parts, { now, soon: (run) => scheduler.after(0, run) });
    return { parts, turns, lease, pairs, isDraining: false };
  }

  #buildHost(broker: LocalBroker, lease: LocalLease, pairs: PairLedger): PoolHost {
    const { signer, prng, rules } = this.#parts;
    const { policyVersion, ageRequired } = rules.config;
    return new PoolHost(
      {
        node: brandId<NodeId>(`node-run-${this.#runs}`),
        options: {
          rules: createMatchRules({
            policyVersion,
            ageStateRequired: ageRequired,
            rematchCooldownMs: COOLDOWN_MS,
          }),
          facts: pairs,
          mintMatchId: () => brandId<MatchId>(signer.randomId()),
        },
      },
      { broker, lease },
      prng.fork(),
    );
  }
}
