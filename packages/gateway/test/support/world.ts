import { DirectMatchmaker } from '@farandole/cluster/direct-matchmaker';
import type { Instant } from '@farandole/kernel/clock';
import {
  brandId,
  type ConnectionId,
  type DeviceKeyId,
  type MatchId,
  type NodeId,
  type SessionId,
  type SubjectId,
} from '@farandole/kernel/id';
import { createPrng, type Prng } from '@farandole/kernel/prng';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { type HourPlan, NO_HOURS } from '@farandole/matchmaking/hours';
import { createMatchRules, type MatchRulesInput } from '@farandole/matchmaking/mode';
import type { Matchmaker } from '@farandole/matchmaking/ports';
import type { UserSegment } from '@farandole/matchmaking/segment';
import { CLOSES } from '@farandole/protocol/close-codes';
import type { Mode } from '@farandole/protocol/fields';
import type { IceServersReply } from '@farandole/protocol/http-api';
import type { Budget } from '../../src/budget/budget.ts';
import type { DeviceSignature } from '../../src/devices.ts';
import { Gateway, type GatewayConfig } from '../../src/gateway.ts';
import { PENDING_WRITES_MAX } from '../../src/limits.ts';
import { PairLedger } from '../../src/pair-ledger.ts';
import type {
  ConnectionFacts,
  EndedCall,
  FirstReport,
  GatewayEvent,
  Standing,
} from '../../src/ports.ts';
import { mintSessionTicket } from '../../src/session-ticket.ts';
import { factsOf } from './facts-of.ts';
import { FakeCommunities } from './fake-communities.ts';
import { FakeConnections } from './fake-connections.ts';
import { FakeJournal } from './fake-journal.ts';
import { FakePeople } from './fake-people.ts';
import { FakeSigner } from './fake-signer.ts';
import { TestClient, type TestClientOptions } from './test-client.ts';

export interface WorldOptions {
  readonly config?: Partial<GatewayConfig>;
  readonly rules?: Partial<MatchRulesInput>;
  readonly seed?: number;
  readonly matchmaker?: Matchmaker;
  readonly relayAddresses?: readonly string[];
  readonly localAddresses?: readonly string[];
  /**
   * Returns the network id of an address if users of that network must not meet, else null.
   * Returns null for every address by default.
   */
  readonly keptApart?: (clientAddress: string) => string | null;
  readonly hours?: HourPlan;
}

const TICK_MS = 100;

/** A node composed as the server composes it, with test clients and a network without delay. */
export class World {
  readonly clock = new SimClock(1_000);
  /** The published hours. None by default. */
  hours: HourPlan;
  readonly #options: WorldOptions;
  readonly #prng: Prng;
  signer: FakeSigner;
  connections = new FakeConnections();
  journal = new FakeJournal();
  pairs = new PairLedger();
  people = new FakePeople();
  readonly communities = new FakeCommunities();
  gateway: Gateway;
  readonly events: GatewayEvent[] = [];
  #pool: DirectMatchmaker | null = null;
  readonly #clients = new Map<ConnectionId, TestClient>();
  /** Newest socket of each client. A page ignores frames from its older sockets. */
  readonly #newest = new Map<TestClient, ConnectionId>();
  #sockets = 0;
  /** Whether the store answers at once when users connect. */
  #readsAtOnce = false;
  readonly #places = new Map<SubjectId, UserSegment>();
  readonly #standings = new Map<string, Standing>();
  readonly proven = new Set<SubjectId>();
  /** Users exempted from the age refusals of their device. */
  readonly ageLifted = new Set<SubjectId>();
  readonly ended: EndedCall[] = [];
  /** Report budgets. None by default. */
  readonly reportBudgets: Budget[] = [];
  /** Whether signatures of devices are verified only at `verifyDevices`. */
  verifiesLater = false;
  readonly #unverified: { connection: ConnectionId; device: DeviceKeyId | null }[] = [];
  /** The addresses that made invitations. Above the limit, the budget is used up. */
  readonly inviters: string[] = [];
  invitationsMax = Number.POSITIVE_INFINITY;
  /** Sessions and addresses for which the node requested ICE servers. */
  readonly iceIssued: { readonly session: string; readonly clientAddress: string }[] = [];

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    this.hours = options.hours ?? NO_HOURS;
    this.#prng = createPrng(options.seed ?? 1);
    this.signer = new FakeSigner('a key', this.#prng.fork());
    this.gateway = this.#start();
  }

  get now(): Instant {
    return { monotonicMs: this.clock.monotonicMs(), wallMs: this.clock.wallMs() };
  }

  /** Connects a new user and completes the hello. */
  join(name: string, options: Partial<TestClientOptions & ConnectionFacts> = {}): TestClient {
    const client = this.newClient(name, options);
    this.connect(client, options);
    return client;
  }

  /** Connects a new user who has declared to be an adult. */
  joinAdult(name: string, options: Partial<TestClientOptions & ConnectionFacts> = {}): TestClient {
    const client = this.join(name, options);
    client.declareAge('adult', this.policyVersion);
    this.flush();
    return client;
  }

  pair(one = 'ada', other = 'bo', mode: Mode = 'text'): [TestClient, TestClient] {
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

  /** Reports the signatures that `verifiesLater` kept. */
  verifyDevices(): void {
    for (const { connection, device } of this.#unverified.splice(0)) {
      this.gateway.deviceVerified(connection, device, this.now);
    }
    this.flush();
  }

  #verify(signed: DeviceSignature, connection: ConnectionId): DeviceKeyId | null | 'later' {
    const device = this.signer.verify(signed);
    if (!this.verifiesLater) return device;
    this.#unverified.push({ connection, device });
    return 'later';
  }

  mintTicket(subject: SubjectId): string {
    const session = brandId<SessionId>(this.signer.randomId());
    return mintSessionTicket(this.signer, subject, session, this.clock.wallMs());
  }

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

  lose(client: TestClient): void {
    for (const [connection, of] of this.#clients) {
      if (of === client) this.#dropSocket(connection, 1006);
    }
    this.flush();
  }

  /** Delivers frames and replies until none are left. */
  flush(): void {
    for (;;) {
      this.#pool?.drain(this.now);
      if (this.#readsAtOnce && this.people.asked.length > 0) this.readPeople();
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

  /** Advances the test's clock, with a tick of the node every 100 ms. */
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

  /** Delivers frames and runs matching until no event is left. */
  settle(): void {
    this.flush();
    this.pass(TICK_MS);
  }

  /** Fills the queue of pending writes with declarations of minors. */
  fillPendingWrites(): void {
    for (let place = 0; place < PENDING_WRITES_MAX; place++) {
      const minor = this.join(`minor-${place}`);
      minor.declareAge('minor');
      minor.leave();
    }
    this.flush();
  }

  /** @param first the report that the store already had, for each pending report */
  settleJournal(stored = true, first?: FirstReport): void {
    for (const entry of this.journal.settleAll(stored)) {
      this.gateway.journalSettled(entry, stored, this.now, first);
      this.flush();
    }
    this.flush();
  }

  /**
   * Reads the facts of the users who wait from the records on disk.
   *
   * @param asOf number of removed blocks when the read began; now by default
   */
  readPeople(asOf = this.pairs.removals, records = this.journal.stored): void {
    const { asked } = this.people;
    const facts = asked.map((person) => factsOf(records, person));
    if (this.gateway.peopleRead(facts, asOf, this.now)) {
      for (const person of asked) this.people.read(person);
    }
    this.#pool?.drain(this.now);
    this.flush();
  }

  /** As `restart`, but users' facts are read only by `readPeople`. */
  restartUnread(): void {
    this.restart();
    this.#readsAtOnce = false;
  }

  /**
   * Replaces the node's process by a new one. The keys and the disk stay. Users' facts are read
   * from the disk at once when they connect.
   */
  restart(): void {
    const clients = new Set(this.#clients.values());
    this.#clients.clear();
    for (const client of clients) client.socketClosed(null);
    const { stored } = this.journal;
    this.connections = new FakeConnections();
    this.journal = new FakeJournal();
    this.journal.stored.push(...stored);
    this.pairs = new PairLedger();
    this.people = new FakePeople();
    this.people.isAway = true;
    this.#readsAtOnce = true;
    this.gateway = this.#start();
  }

  /** Exempts a user from the age refusal of their device, and notifies the node. */
  liftAge(subject: SubjectId): void {
    this.ageLifted.add(subject);
    this.gateway.standingsChanged(this.now);
    this.flush();
  }

  /** Changes the restriction of a user, device or address, and notifies the node. */
  decide(about: string, standing: Standing | Standing['may']): void {
    this.decideUnheard(about, standing);
    this.gateway.standingsChanged(this.now);
    this.flush();
  }

  decideUnheard(about: string, standing: Standing | Standing['may']): void {
    this.#standings.set(about, typeof standing === 'string' ? decided(standing) : standing);
  }

  /** Sets the segment that a user has from the next search on. */
  place(subject: SubjectId, place: UserSegment): void {
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
        devices: { verify: (signed, connection) => this.#verify(signed, connection) },
        journal: this.journal,
        matchmaker: this.#options.matchmaker ?? this.#startPool(config),
        network: {
          keptApart: this.#options.keptApart ?? (() => null),
          localAddresses: () => this.#options.localAddresses ?? [],
          relayAddresses: () => this.#options.relayAddresses ?? [],
        },
        iceServers: {
          of: (session, clientAddress) => {
            this.iceIssued.push({ session, clientAddress });
            return iceOf(session);
          },
        },
        observer: { observe: (event) => void this.events.push(event) },
        standings: {
          of: (known) =>
            this.#standings.get(known.subject) ??
            this.#standings.get(known.device) ??
            this.#standings.get(known.clientAddress ?? '') ?? { may: 'meet' },
          isAgeLifted: (subject) => this.ageLifted.has(subject),
        },
        circles: {
          placeOf: (subject) => this.#places.get(subject) ?? { tier: 'new', circle: 'normal' },
          isProven: (subject) => this.proven.has(subject),
        },
        people: this.people,
        communities: this.communities,
        callEnds: { ended: (call) => void this.ended.push(call) },
        invitationBudget: {
          take: (address) => {
            if (this.inviters.length >= this.invitationsMax) return 1;
            this.inviters.push(address);
            return 0;
          },
          release: () => {},
        },
        reportBudgets: this.reportBudgets,
        pairs: this.pairs,
        hours: () => this.hours,
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
        hours: () => this.hours,
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

/** Returns the fake ICE servers of a session. */
export function iceOf(session: string): IceServersReply {
  return { iceServers: [{ urls: ['turn:relay.example'], username: session }], expiresInMs: 5_000 };
}

export interface Pair {
  readonly world: World;
  readonly ada: TestClient;
  readonly bo: TestClient;
  readonly offerer: TestClient;
  readonly answerer: TestClient;
}

export function paired(mode: Mode = 'text', options: WorldOptions = {}): Pair {
  const world = new World(options);
  const [ada, bo] = world.pair('ada', 'bo', mode);
  const isAda = ada.call?.role === 'offerer';
  return { world, ada, bo, offerer: isAda ? ada : bo, answerer: isAda ? bo : ada };
}

/** Returns Ada, who is connected and has made no age declaration. */
export function joined(options: WorldOptions = {}): Pick<Pair, 'world' | 'ada'> {
  const world = new World(options);
  return { world, ada: world.join('ada') };
}

export function joinedAdult(options: WorldOptions = {}): Pick<Pair, 'world' | 'ada'> {
  const world = new World(options);
  return { world, ada: world.joinAdult('ada') };
}

function decided(may: Standing['may']): Standing {
  if (may === 'meet') return { may };
  return { may, because: 'decision', appeal: 'code-of-the-decision', endsAtWallMs: 3_600_000 };
}
