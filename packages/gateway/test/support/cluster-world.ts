import { BrokerMatchmaker } from '@farandole/cluster/broker-matchmaker';
import { BrokerNode } from '@farandole/cluster/broker-node';
import { MEMBER_SETTLES_MS } from '@farandole/cluster/limits';
import { LocalBroker } from '@farandole/cluster/local-broker';
import { LocalLease } from '@farandole/cluster/local-lease';
import { NodeSessions } from '@farandole/cluster/node-sessions';
import { PoolHost } from '@farandole/cluster/pool-host';
import { assertDefined } from '@farandole/kernel/assert';
import type { Instant } from '@farandole/kernel/clock';
import {
  brandId,
  type ConnectionId,
  type MatchId,
  type NodeId,
  type SessionId,
  type SubjectId,
} from '@farandole/kernel/id';
import { createPrng, type Prng } from '@farandole/kernel/prng';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { createMatchRules } from '@farandole/matchmaking/mode';
import { CLOSES } from '@farandole/protocol/close-codes';
import type { Mode } from '@farandole/protocol/fields';
import type { NodeMessage } from '@farandole/protocol/node-message';
import { Gateway } from '../../src/gateway.ts';
import { PairLedger } from '../../src/pair-ledger.ts';
import type { Standing } from '../../src/ports.ts';
import { mintSessionTicket } from '../../src/session-ticket.ts';
import { FakeCommunities } from './fake-communities.ts';
import { FakeConnections } from './fake-connections.ts';
import { FakeJournal } from './fake-journal.ts';
import { FakePeople } from './fake-people.ts';
import { FakeSigner } from './fake-signer.ts';
import { type HubNode, NodeHub } from './node-hub.ts';
import { TestClient, type TestClientOptions } from './test-client.ts';

const TICK_MS = 50;
const SUSPENDED: Standing = {
  ...({ may: 'nothing', because: 'decision' } as const),
  ...{ appeal: null, endsAtWallMs: null },
};
const FACTS = { clientAddress: '203.0.113.7', isLocal: false } as const;

export interface ClusterNode {
  readonly name: NodeId;
  readonly gateway: Gateway;
  readonly sessions: NodeSessions;
  readonly pool: BrokerNode;
  readonly hub: HubNode;
  readonly connections: FakeConnections;
  readonly journal: FakeJournal;
  readonly pairs: PairLedger;
}

interface Place {
  readonly node: ClusterNode;
  readonly connection: ConnectionId;
}

/** Several nodes with one pool, and test clients that choose their node. */
export class ClusterWorld {
  readonly clock = new SimClock(1_000);
  readonly hub: NodeHub;
  readonly nodes: ClusterNode[] = [];
  /** Messages between nodes, oldest first. */
  readonly sent: NodeMessage[] = [];
  /** Decides which messages between nodes are lost. */
  loses: (message: NodeMessage) => boolean = () => false;
  /** Which users each node knows to be suspended. */
  isSuspended: (node: NodeId, subject: string) => boolean = () => false;
  /** Users who have earned trust. */
  readonly proven = new Set<string>();
  /** Whether messages between nodes wait. */
  isHolding = false;
  /** Whether signatures of devices are verified only at `verifyDevices`. */
  verifiesLater = false;
  #unverified: (() => void)[] = [];
  readonly #prng: Prng = createPrng(1);
  readonly #broker = new LocalBroker();
  readonly #lease = new LocalLease();
  readonly #signer = new FakeSigner('a key', this.#prng.fork());
  #deliveries: (() => void)[] = [];
  readonly #offered: readonly Mode[] | undefined;
  readonly #places = new Map<TestClient, Place>();
  /** Clients by node and socket. */
  readonly #clients = new Map<string, TestClient>();
  /** Number of sockets that each node has had. */
  readonly #sockets = new Map<NodeId, number>();

  constructor(names: readonly string[] = ['one', 'two', 'three'], offered?: readonly Mode[]) {
    this.#offered = offered;
    this.hub = new NodeHub({
      now: () => this.now,
      later: (_delayMs, run) => void this.#deliveries.push(run),
      delayMs: (message) => {
        this.sent.push(message);
        return this.loses(message) ? null : 0;
      },
    });
    for (const name of names) this.nodes.push(this.#start(brandId<NodeId>(`node-${name}---`)));
    // Until the nodes know each other.
    this.pass(2 * MEMBER_SETTLES_MS);
  }

  get now(): Instant {
    return { monotonicMs: this.clock.monotonicMs(), wallMs: this.clock.wallMs() };
  }

  node(at: number): ClusterNode {
    return assertDefined(this.nodes[at], 'no such node');
  }

  /** Connects a new adult on a node. */
  join(name: string, at: number, options: Partial<TestClientOptions> = {}): TestClient {
    const client = new TestClient({
      name,
      getTicket: (subject) => {
        const session = brandId<SessionId>(this.#signer.randomId());
        return this.mintTicket(subject, session);
      },
      ...options,
    });
    this.connect(client, at);
    client.declareAge('adult', 1);
    this.flush();
    return client;
  }

  mintTicket(subject: SubjectId, session: SessionId): string {
    return mintSessionTicket(this.#signer, subject, session, this.clock.wallMs());
  }

  /** @param opener the session ticket that opened the socket, or null for a session's secret */
  connect(client: TestClient, at: number, opener?: SessionId | null): void {
    const node = this.node(at);
    // Every node names its sockets by itself, so different nodes use the same names.
    const number = (this.#sockets.get(node.name) ?? 0) + 1;
    this.#sockets.set(node.name, number);
    const connection = brandId<ConnectionId>(`socket-${number}`);
    this.#clients.set(keyOf(node, connection), client);
    this.#places.set(client, { node, connection });
    client.socketOpened({
      send: ({ text }) => {
        const place = this.#places.get(client);
        if (place?.node !== node || place.connection !== connection) return;
        node.sessions.receive(connection, text, Buffer.byteLength(text), this.now);
      },
      close: (code) => this.#drop(client, code),
    });
    const ticket = opener === undefined ? {} : { ticket: opener };
    const facts = { subject: client.subject, ...FACTS, ...ticket };
    node.sessions.connectionOpened(connection, facts, this.now);
    this.flush();
  }

  lose(client: TestClient): void {
    this.#drop(client, 1006);
    this.flush();
  }

  /** The page gives up its socket, and the node doesn't learn of it. */
  giveUp(client: TestClient): void {
    const place = this.#places.get(client);
    if (place === undefined) return;
    this.#places.delete(client);
    client.socketClosed(null);
  }

  /** Matches two adults on two nodes. The first user's ticket is the older one. */
  pair(
    mode: Mode = 'text',
    at: readonly [number, number] = [0, 1],
    names: readonly [string, string] = ['ada', 'bo'],
  ): [TestClient, TestClient] {
    const clients: [TestClient, TestClient] = [
      this.join(names[0], at[0]),
      this.join(names[1], at[1]),
    ];
    for (const client of clients) {
      client.searchFor(mode);
      this.flush();
    }
    this.pass(500);
    return clients;
  }

  /** Returns the name of the node that is the home of a user's session, or null. */
  homeOf({ subject }: TestClient): NodeId | null {
    const homes = this.nodes.filter(({ gateway }) => gateway.moves.sessionOf(subject) !== null);
    return homes.length === 1 ? (homes[0]?.name ?? null) : null;
  }

  /** Delivers frames and messages until none are left. */
  flush(): void {
    for (;;) {
      const deliveries = this.isHolding ? [] : this.#deliveries;
      if (!this.isHolding) this.#deliveries = [];
      for (const run of deliveries) run();
      for (const { pool } of this.nodes) pool.drain(this.now);
      const isQuiet = this.nodes.map((node) => this.#deliver(node)).every((count) => count === 0);
      if (isQuiet && (this.isHolding || this.#deliveries.length === 0)) return;
    }
  }

  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += TICK_MS) {
      this.clock.advance(Math.min(TICK_MS, ms - passed));
      this.hub.tick();
      for (const { sessions, pool, hub } of this.nodes) {
        if (hub.paused !== null) continue;
        sessions.tick(this.now);
        pool.tick(this.now);
      }
      this.flush();
    }
  }

  /** Reports the signatures that `verifiesLater` kept. */
  verifyDevices(): void {
    const reports = this.#unverified;
    this.#unverified = [];
    for (const report of reports) report();
    this.flush();
  }

  /** Ends a node's process. Its clients lose their sockets. */
  kill(at: number): void {
    const node = this.node(at);
    this.hub.kill(node.hub);
    node.pool.host.stop();
    node.pool.matchmaker.stop();
    this.nodes.splice(at, 1);
    for (const [client, place] of this.#places) {
      if (place.node !== node) continue;
      this.#places.delete(client);
      client.socketClosed(null);
    }
  }

  settleJournals(): void {
    for (const node of this.nodes) this.settleJournal(node);
    this.flush();
  }

  settleJournal({ gateway, journal }: ClusterNode): void {
    for (const entry of journal.settleAll(true)) gateway.journalSettled(entry, true, this.now);
  }

  #start(name: NodeId): ClusterNode {
    const hub = this.hub.join(name);
    const connections = new FakeConnections();
    const journal = new FakeJournal();
    const pairs = new PairLedger();
    const signer = this.#signer;
    const mint = () => signer.randomId();
    const sessions = new NodeSessions({ node: name, channel: hub, sockets: connections, mint });
    const rules = createMatchRules({ policyVersion: 1, offered: this.#offered });
    const mintMatchId = () => brandId<MatchId>(signer.randomId());
    const options = { rules, facts: pairs, mintMatchId };
    const ports = { broker: this.#broker, lease: this.#lease };
    const host = new PoolHost({ node: name, options }, ports, this.#prng.fork());
    const matchmaker = new BrokerMatchmaker(this.#broker, name);
    const pool = new BrokerNode(this.#broker, matchmaker, host);
    const gateway = new Gateway(
      { node: name, relayMode: 'direct', hasTurn: false, takesPictures: false, rules },
      {
        connections: sessions,
        nodes: sessions,
        ...{ signer, journal, matchmaker, pairs },
        devices: {
          verify: (signed, connection) => {
            const device = signer.verify(signed);
            if (!this.verifiesLater) return device;
            this.#unverified.push(() => gateway.deviceVerified(connection, device, this.now));
            return 'later';
          },
        },
        network: { keptApart: () => null, localAddresses: () => [], relayAddresses: () => [] },
        iceServers: { of: () => ({ iceServers: [], expiresInMs: 0 }) },
        observer: { observe: () => {} },
        standings: {
          of: ({ subject }) => (this.isSuspended(name, subject) ? SUSPENDED : { may: 'meet' }),
          isAgeLifted: () => false,
        },
        circles: {
          placeOf: () => ({ tier: 'new', circle: 'normal' }),
          isProven: (subject) => this.proven.has(subject),
        },
        people: new FakePeople(),
        communities: new FakeCommunities('painters'),
        callEnds: { ended: () => {} },
        invitationBudget: { take: () => 0, release: () => {} },
        reportBudgets: [],
      },
      this.now,
    );
    sessions.attach(gateway);
    hub.run = (work) => work(this.now);
    return { name, gateway, sessions, pool, hub, connections, journal, pairs };
  }

  #deliver(node: ClusterNode): number {
    const { connections, sessions, hub } = node;
    const outgoing = connections.takeAll();
    for (const each of outgoing) {
      const key = keyOf(node, each.connection);
      const client = this.#clients.get(key);
      if (client === undefined || !hub.isUp) continue;
      const place = this.#places.get(client);
      const isNewest = place?.node === node && place.connection === each.connection;
      if (each.kind === 'frame') {
        if (isNewest) client.frameArrived(each.text);
        continue;
      }
      this.#clients.delete(key);
      if (isNewest) {
        this.#places.delete(client);
        client.socketClosed(each.reason);
      }
      sessions.connectionClosed(each.connection, CLOSES[each.reason].code, this.now);
    }
    return outgoing.length;
  }

  #drop(client: TestClient, code: number): void {
    const place = this.#places.get(client);
    if (place === undefined) return;
    this.#places.delete(client);
    this.#clients.delete(keyOf(place.node, place.connection));
    client.socketClosed(null);
    place.node.sessions.connectionClosed(place.connection, code, this.now);
  }
}

function keyOf({ name }: ClusterNode, connection: ConnectionId): string {
  return `${name} ${connection}`;
}
