import type { Cut, CutKind, TcpConditions } from '@farandole/e2e/faults';
import { askForTicket } from '@farandole/e2e/http';
import type { TcpLink } from '@farandole/e2e/tcp-link';
import { TestDevice } from '@farandole/e2e/test-device';
import { spend } from '@farandole/gateway/credits';
import { CREDIT_LIMITS, type CreditLimit } from '@farandole/gateway/limits';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { SessionTicketAnswer, SessionTicketRequest } from '@farandole/protocol/http-api';
import type {
  ApiFault,
  Connectivity,
  DeviceKey,
  OpenSocket,
  Socket,
} from '@farandole/web/signal/ports';
import { SignalClient } from '@farandole/web/signal/signal-client';
import type { RoutedMessage } from '@farandole/web/signal/signal-state';
import { type Speaker, wordsOf } from './faults.ts';
import { openPageSocket } from './page-socket.ts';
import { PageTime } from './page-time.ts';

export interface Ports {
  readonly nodePort: number;
  readonly proxyPort: number;
}

/**
 * Burst and rate at which a page sends lines. They are below the node's limit, because queued
 * lines arrive together after a resume.
 */
const LINE_PACE: CreditLimit = {
  burst: CREDIT_LIMITS.chat.burst - 2,
  everyMs: CREDIT_LIMITS.chat.everyMs * 1.25,
};

/** Names of the two pages that chat, and of a third page that sends no lines. */
type PageName = Speaker | 'cem';

export interface PageOptions {
  readonly place: Ports;
  readonly speaker: PageName;
  readonly from: string;
  /** An interest that only the pages of one conversation have, so that they match each other. */
  readonly interest: string;
  /** Returns a random number in [0, 1), which spreads reconnects over time. */
  readonly unit: () => number;
  /** Called after every event that may let the conversation continue. */
  readonly changed: () => void;
}

/**
 * The shipped signal client over a real socket and without a screen. Only the clock is simulated.
 * It searches, chats and records what it receives.
 */
export class ResumingPage {
  readonly speaker: PageName;
  readonly from: string;
  readonly heard: string[] = [];
  readonly time = new PageTime();
  readonly #place: Ports;
  readonly #interest: string;
  readonly #changed: () => void;
  readonly #client: SignalClient;
  /** Time in ms at which the page may send a full burst again (see `spend`). */
  #paceFullAtMs = 0;
  #cookie: string | null = null;
  #networkChanged: () => void = () => {};
  #fetching = 0;
  /** Number of sockets opened so far. The nth socket belongs to the nth connection of the proxy. */
  #sockets = 0;
  #links = 0;
  #searches = 0;
  #link: TcpLink | null = null;
  #isLive = false;
  /** Whether the socket is open although no further input can arrive on it. */
  #isDeaf = false;
  readonly #stalled: TcpLink[] = [];
  #call: { readonly match: string; readonly epoch: number } | null = null;
  #hadCall = false;
  #hasBegun = false;
  #receipt = '';
  #nextCut: Cut | null = null;
  #nextWay: Omit<TcpConditions, 'cut'> = {};
  #policyVersion = 0;
  /** Connections whose closing FIN the proxy may delay. */
  readonly #slow = new Set<TcpLink>();
  #planned: TcpLink | null = null;
  said = 0;
  pongs = 0;
  /**
   * Numbers of the page's lines that the node refused. Refusals happen because queued lines can
   * arrive faster than the limit on a slow machine.
   */
  readonly refused = new Set<number>();
  /** Received messages about calls, searches and reports, oldest first. */
  readonly told: RoutedMessage[] = [];
  /** Whether a new session replaced one that had a call. */
  wasReplaced = false;
  readonly closes: string[] = [];

  constructor({ place, speaker, from, interest, unit, changed }: PageOptions) {
    this.#place = place;
    this.speaker = speaker;
    this.from = from;
    this.#interest = interest;
    this.#changed = changed;
    const connectivity: Connectivity = {
      online: () => true,
      listen: (listener) => {
        this.#networkChanged = listener;
        return () => {};
      },
    };
    const api = {
      sessionTicket: (request: SessionTicketRequest) => this.#fetchTicket(request),
      iceServers: () => Promise.resolve(ok({ iceServers: [], expiresInMs: 0 })),
    };
    // Each page has its own device key, because the node separates users whose keys met before.
    const key = deviceKey();
    this.#client = new SignalClient(
      {
        api,
        openSocket: this.#openSocket,
        prepareProof: () => () => {},
        // `askForTicket` proves work.
        prove: () => Promise.resolve(null),
        deviceKey: () => Promise.resolve(key),
        clock: this.time,
        scheduler: this.time,
        connectivity,
        unit,
      },
      {
        stateChanged: ({ state }) => {
          // The proxy delivers the rest of a stalled socket only when the page is online again.
          if (state === 'online') for (const stalled of this.#stalled.splice(0)) stalled.release();
          this.#changed();
        },
        ticketGiven: () => {},
        proving: () => {},
        iceServers: () => {},
        sessionOpened: ({ policyVersion }) => this.#sessionOpened(policyVersion),
        message: (message) => this.#take(message),
      },
    );
    this.#client.setUrgent(true);
  }

  start(): void {
    this.#hasBegun = true;
    this.#client.start();
  }

  leave(): void {
    this.#client.leave();
  }

  get isOnline(): boolean {
    return this.#client.state.state === 'online';
  }

  get sockets(): number {
    return this.#sockets;
  }

  /** Whether the page's client has stopped and will do nothing more. */
  get hasStopped(): boolean {
    return this.#client.state.state === 'stopped';
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get call(): { readonly match: string; readonly epoch: number } | null {
    return this.#call;
  }

  /** Receipt for a report of the last call. A video upgrade replaces the receipt. */
  get receipt(): string {
    return this.#receipt;
  }

  get isInCall(): boolean {
    return this.#call !== null;
  }

  /** Whether the page had a call that ended by an explicit reset. */
  get wasReset(): boolean {
    return this.#hadCall && this.#call === null;
  }

  get link(): TcpLink | null {
    return this.#links === this.#sockets ? this.#link : null;
  }

  planCut(cut: Cut, way: Omit<TcpConditions, 'cut'> = {}): void {
    this.#nextCut = cut;
    this.#nextWay = way;
    this.#planned = null;
  }

  /** The connection of the last planned cut; null if the page hasn't opened it yet. */
  get planned(): TcpLink | null {
    return this.#planned;
  }

  /** Returns the conditions of the page's next connection, for the proxy. */
  conditions(): TcpConditions {
    return this.#nextCut === null ? {} : { ...this.#nextWay, cut: this.#nextCut };
  }

  linked(link: TcpLink): void {
    this.#links += 1;
    const place = this.#links;
    this.#link = link;
    if (this.#nextCut !== null) this.#planned = link;
    if (this.#nextCut !== null && this.#nextWay.holdsFin === true) this.#slow.add(link);
    this.#nextCut = null;
    link.onCut = (kind: CutKind) => {
      const isSilent = kind === 'vanish' || kind === 'stall';
      if (isSilent && place === this.#sockets) this.#isDeaf = true;
      if (kind === 'stall') this.#stalled.push(link);
      this.#changed();
    };
    this.#changed();
  }

  /** Lets the proxy forward the FINs that it delayed. */
  releaseFins(): void {
    for (const link of this.#slow) link.releaseFin();
  }

  /** Advances the page's clock as long as the page can continue only by a timer. */
  hurry(): void {
    while (this.#waitsForTime && this.time.toNext());
  }

  /** Sends the page's next line. Returns false outside a call or above the rate limit. */
  say(): boolean {
    const call = this.#call;
    if (call === null || this.speaker === 'cem') return false;
    // The pace uses real time, because the node's rate limit does.
    const paceFullAtMs = spend(this.#paceFullAtMs, LINE_PACE, performance.now());
    if (paceFullAtMs === null) return false;
    this.#paceFullAtMs = paceFullAtMs;
    const n = this.said + 1;
    const text = wordsOf(this.speaker, n);
    if (!this.#client.send({ type: 'chat.send', ...call, id: `${LINE_ID}${n}`, text }))
      return false;
    this.said = n;
    return true;
  }

  /** Sends a message, or queues it while the socket is lost. Returns false without a session. */
  send(message: Parameters<SignalClient['send']>[0]): boolean {
    return this.#client.send(message);
  }

  search(): boolean {
    this.#searches += 1;
    return this.#client.send({
      type: 'ticket.create',
      ticket: `ticket-${this.#searches}`,
      mode: 'text',
      interests: [this.#interest],
      onlyShared: true,
      languages: [],
      policyVersion: this.#policyVersion,
    });
  }

  get policyVersion(): number {
    return this.#policyVersion;
  }

  /** Pings the node. The node's pong increments `pongs`. */
  ask(): void {
    this.#networkChanged();
  }

  get #waitsForTime(): boolean {
    if (this.hasStopped || this.#fetching > 0) return false;
    return !this.#isLive || this.#isDeaf;
  }

  #sessionOpened(policyVersion: number): void {
    this.#call = null;
    this.#policyVersion = policyVersion;
    this.#client.send({ type: 'age.declare', answer: 'adult', policyVersion });
    // A new session after a call means that the session was reset. The page then sends nothing
    // further.
    if (this.#hadCall) this.wasReplaced = true;
    else this.search();
  }

  #take(message: RoutedMessage): void {
    if (OF_ERRANDS.has(message.type)) this.told.push(message);
    if (message.type === 'match.found') {
      this.#call = { match: message.match, epoch: message.epoch };
      this.#hadCall = true;
    }
    if (message.type === 'match.found' || message.type === 'video.started') {
      this.#receipt = message.receipt;
    }
    if (message.type === 'chat.line') this.heard.push(message.line.text);
    if (message.type === 'chat.refused') this.refused.add(numberOfLine(message.id));
    if (message.type === 'call.ended') this.#call = null;
    this.#changed();
  }

  readonly #openSocket: OpenSocket = (listener, token): Socket => {
    this.#sockets += 1;
    this.#isLive = true;
    this.#isDeaf = false;
    const place = this.#sockets;
    const gone = (): void => {
      if (place === this.#sockets) this.#isLive = false;
    };
    const host = `localhost:${this.#place.nodePort}`;
    const socket = openPageSocket(
      {
        port: this.#place.proxyPort,
        from: this.from,
        host,
        origin: `http://${host}`,
        cookie: this.#cookie ?? '',
        token,
      },
      {
        message: (text) => {
          listener.message(text);
          // The pong is counted only here, because the client has now handled everything that
          // arrived before.
          if (text.startsWith('{"type":"link.pong"')) this.pongs += 1;
          this.#changed();
        },
        closed: (code, reason) => {
          gone();
          if (reason !== '') this.closes.push(reason);
          listener.closed(code, reason);
          this.#changed();
        },
      },
    );
    return {
      send: (text) => socket.send(text),
      close: (code, reason) => {
        gone();
        socket.close(code, reason);
      },
    };
  };

  async #fetchTicket({
    resume,
  }: SessionTicketRequest): Promise<Result<SessionTicketAnswer, ApiFault>> {
    this.#fetching += 1;
    const { answer, cookie } = await askForTicket({
      port: this.#place.nodePort,
      from: this.from,
      cookie: this.#cookie,
      ...(resume === undefined ? {} : { resume }),
    }).finally(() => {
      this.#fetching -= 1;
    });
    // The ticket request timed out on a busy machine, so the page retries.
    if (answer.status === 408) return refused('unreachable');
    if (answer.status !== 200) throw new Error(`no ticket: ${answer.status} ${answer.text()}`);
    this.#cookie = cookie;
    return ok(answer.json() as SessionTicketAnswer);
  }
}

const LINE_ID = 'line-number-';

/**
 * Types of messages that users' actions cause. The types with which client and node keep the
 * link alive are left out.
 */
const OF_ERRANDS: ReadonlySet<string> = new Set<RoutedMessage['type']>([
  'match.found',
  'video.updated',
  'video.refused',
  'video.started',
  'chat.line',
  'signal.offer',
  'signal.answer',
  'signal.refused',
  'report.accepted',
  'report.refused',
  'block.accepted',
  'block.refused',
  'call.ended',
]);

function numberOfLine(id: string): number {
  return Number(id.slice(LINE_ID.length));
}

function deviceKey(): DeviceKey {
  const device = new TestDevice();
  return {
    publicKey: device.publicKey,
    sign: (payload) => Promise.resolve(device.sign(payload)),
  };
}
