import { DirectMatchmaker } from '@farandole/cluster/direct-matchmaker';
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
import type { Place } from '@farandole/matchmaking/circle';
import { createMatchRules, type MatchRulesInput } from '@farandole/matchmaking/mode';
import type { Matchmaker } from '@farandole/matchmaking/ports';
import { CLOSES } from '@farandole/protocol/close-codes';
import { Gateway, type GatewayConfig } from '../../src/gateway.ts';
import { PENDING_WRITES_MAX } from '../../src/limits.ts';
import { PairLedger } from '../../src/pair-ledger.ts';
import type { ConnectionFacts, GatewayEvent, Standing } from '../../src/ports.ts';
import { mintSessionTicket } from '../../src/session-ticket.ts';
import { FakeConnections } from './fake-connections.ts';
import { FakeJournal } from './fake-journal.ts';
import { FakeSigner } from './fake-signer.ts';
import { TestClient, type TestClientOptions } from './test-client.ts';

export interface WorldOptions {
  readonly config?: Partial<GatewayConfig>;
  readonly rules?: Partial<MatchRulesInput>;
  readonly seed?: number;
  /** Instead of a pool of its own. */
  readonly matchmaker?: Matchmaker;
  readonly relayAddresses?: readonly string[];
  readonly localAddresses?: readonly string[];
  /** By what the network of an address is known whose people are kept apart; by default none is. */
  readonly keptApart?: (clientAddress: string) => string | null;
}

const TICK_MS = 100;

/** One node as the server wires it, its clients, and a network without delay, for unit tests. */
export class World {
  readonly clock = new SimClock(1_000);
  readonly #options: WorldOptions;
  readonly #prng: Prng;
  signer: FakeSigner;
  connections = new FakeConnections();
  journal = new FakeJournal();
  pairs = new PairLedger();
  gateway: Gateway;
  /** Everything that was observed, oldest first. */
  readonly events: GatewayEvent[] = [];
  /** Null if the test brings a matchmaker. */
  #pool: DirectMatchmaker | null = null;
  readonly #clients = new Map<ConnectionId, TestClient>();
  /** The newest socket of each client: a page listens to no older one. */
  readonly #newest = new Map<TestClient, ConnectionId>();
  #sockets = 0;
  readonly #places = new Map<SubjectId, Place>();
  readonly #standings = new Map<string, Standing>();

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    this.#prng = createPrng(options.seed ?? 1);
    this.signer = new FakeSigner('a key', this.#prng.fork());
    this.gateway = this.#start();
  }

  get now(): Instant {
    return { monotonicMs: this.clock.monotonicMs(), wallMs: this.clock.wallMs() };
  }

  /** A person with the page open, connected and past the hello. */
  join(name: string, options: Partial<TestClientOptions & ConnectionFacts> = {}): TestClient {
    const client = this.newClient(name, options);
    this.connect(client, options);
    return client;
  }

  /** A person who has said that they are an adult. */
  joinAdult(name: string, options: Partial<TestClientOptions & ConnectionFacts> = {}): TestClient {
    const client = this.join(name, options);
    client.declareAge('adult', this.policyVersion);
    this.flush();
    return client;
  }

  /** Two adults in a call with one another. */
  pair(one = 'ada', other = 'bo', mode: 'video' | 'text' = 'text'): [TestClient, TestClient] {
    const clients: [TestClient, TestClient] = [this.joinAdult(one), this.joinAdult(other)];
    for (const client of clients) client.searchFor(mode);
    this.settle();
    return clients;
  }

  newClient(name: string, options: Partial<TestClientOptions> = {}): TestClient {
    return new TestClient({
      name,
      getTicket: (subject) => this.mintTicket(subject),
      ...options,
    });
  }

  /** A ticket as the server gives it over HTTP. */
  mintTicket(subject: SubjectId): string {
    const session = brandId<SessionId>(this.signer.randomId());
    return mintSessionTicket(this.signer, subject, session, this.clock.wallMs());
  }

  /** Opens a socket for a client and lets the two sides say what they have to say. */
  connect(client: TestClient, facts: Partial<ConnectionFacts> = {}): ConnectionId {
    const connection = this.openSocket(client, facts);
    this.flush();
    return connection;
  }

  openSocket(client: TestClient, facts: Partial<ConnectionFacts> = {}): ConnectionId {
    this.#sockets += 1;
    const connection = brandId<ConnectionId>(`connection-${this.#sockets}`);
    this.#clients.set(connection, client);
    this.#newest.set(client, connection);
    client.socketOpened({
      send: ({ text }) => {
        if (this.#clients.get(connection) !== client) return;
        this.gateway.receive(connection, text, Buffer.byteLength(text), this.now);
        this.#pool?.drain(this.now);
      },
      close: (code) => this.#dropSocket(connection, code),
    });
    this.gateway.connectionOpened(
      connection,
      { subject: client.subject, clientAddress: '203.0.113.7', isLocal: false, ...facts },
      this.now,
    );
    return connection;
  }

  /** The network loses a client's socket, without a close frame. */
  lose(client: TestClient): void {
    for (const [connection, of] of this.#clients) {
      if (of === client) this.#dropSocket(connection, 1006);
    }
    this.flush();
  }

  /** Delivers what was sent, and what is sent in answer, until all is quiet. */
  flush(): void {
    for (;;) {
      this.#pool?.drain(this.now);
      const outgoing = this.connections.takeAll();
      if (outgoing.length === 0) return;
      for (const each of outgoing) {
        const client = this.#clients.get(each.connection);
        if (client === undefined) continue;
        const isNewest = this.#newest.get(client) === each.connection;
        if (each.kind === 'frame') {
          if (isNewest) client.frameArrived(each.text);
        } else {
          this.#clients.delete(each.connection);
          if (isNewest) client.socketClosed(each.reason);
          const { code } = CLOSES[each.reason];
          this.gateway.connectionClosed(each.connection, code, this.now);
        }
      }
    }
  }

  /** Lets time pass, with a tick every 100 ms. */
  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += TICK_MS) {
      this.clock.advance(Math.min(TICK_MS, ms - passed));
      this.tick();
    }
  }

  tick(): void {
    this.gateway.tick(this.now);
    this.#pool?.tick(this.now);
    this.flush();
  }

  /** Lets whoever can be matched be matched. */
  settle(): void {
    this.flush();
    this.pass(TICK_MS);
  }

  /** As many records are being written as a node waits for: of people who say that they are minors. */
  fillPendingWrites(): void {
    for (let place = 0; place < PENDING_WRITES_MAX; place++) {
      const minor = this.join(`minor-${place}`);
      minor.declareAge('minor');
      minor.leave();
    }
    this.flush();
  }

  /** The disk answers for all that is being written. */
  settleJournal(stored = true): void {
    for (const entry of this.journal.settleAll(stored)) {
      this.gateway.journalSettled(entry, stored, this.now);
      this.flush();
    }
    this.flush();
  }

  /** The process dies and another one starts with the same keys and the same disk. */
  restart(): void {
    const clients = new Set(this.#clients.values());
    this.#clients.clear();
    for (const client of clients) client.socketClosed(null);
    const { stored } = this.journal;
    this.connections = new FakeConnections();
    this.journal = new FakeJournal();
    this.journal.stored.push(...stored);
    this.pairs = new PairLedger();
    this.gateway = this.#start();
    this.gateway.replay(stored, this.now);
  }

  /** People decide about a subject, a device or an address, and the node hears of it. */
  decide(about: string, standing: Standing | Standing['may']): void {
    this.decideUnheard(about, standing);
    this.gateway.standingsChanged(this.now);
    this.flush();
  }

  /** The same, of which the node has not heard yet. */
  decideUnheard(about: string, standing: Standing | Standing['may']): void {
    this.#standings.set(about, typeof standing === 'string' ? decided(standing) : standing);
  }

  /** From the next search on somebody is there. */
  place(subject: SubjectId, place: Place): void {
    this.#places.set(subject, place);
  }

  get policyVersion(): number {
    return this.#options.rules?.policyVersion ?? 1;
  }

  #start(): Gateway {
    const config: GatewayConfig = {
      node: brandId<NodeId>('node-one'),
      relayMode: 'direct',
      hasTurn: false,
      takesPictures: false,
      rules: createMatchRules({ policyVersion: 1, ...this.#options.rules }),
      ...this.#options.config,
    };
    const gateway = new Gateway(
      config,
      {
        connections: this.connections,
        signer: this.signer,
        journal: this.journal,
        matchmaker: this.#options.matchmaker ?? this.#startPool(config),
        network: {
          keptApart: this.#options.keptApart ?? (() => null),
          localAddresses: () => this.#options.localAddresses ?? [],
          relayAddresses: () => this.#options.relayAddresses ?? [],
        },
        observer: { observe: (event) => void this.events.push(event) },
        standings: {
          of: (known) =>
            this.#standings.get(known.subject) ??
            this.#standings.get(known.device) ??
            this.#standings.get(known.clientAddress) ?? { may: 'meet' },
        },
        circles: {
          placeOf: (subject) => this.#places.get(subject) ?? { tier: 'new', circle: 'normal' },
        },
        pairs: this.pairs,
      },
      this.now,
    );
    this.#pool?.tick(this.now);
    this.#pool?.drain(this.now);
    return gateway;
  }

  #startPool({ rules }: GatewayConfig): Matchmaker {
    this.#pool = new DirectMatchmaker(
      {
        rules,
        facts: this.pairs,
        mintMatchId: () => brandId<MatchId>(this.signer.randomId()),
      },
      this.#prng.fork(),
      this.now,
    );
    return this.#pool;
  }

  #dropSocket(connection: ConnectionId, code: number): void {
    const client = this.#clients.get(connection);
    if (client === undefined) return;
    this.#clients.delete(connection);
    if (this.#newest.get(client) === connection) client.socketClosed(null);
    this.gateway.connectionClosed(connection, code, this.now);
    this.#pool?.drain(this.now);
  }
}

/** What people decided of somebody, for an hour by nobody's clock. */
function decided(may: Standing['may']): Standing {
  if (may === 'meet') return { may };
  return { may, because: 'decision', appeal: 'code-of-the-decision', endsAtWallMs: 3_600_000 };
}
