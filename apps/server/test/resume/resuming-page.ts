import type { Cut, CutKind, TcpConditions } from '@farandole/e2e/faults';
import { askForTicket } from '@farandole/e2e/http';
import type { TcpLink } from '@farandole/e2e/tcp-link';
import { TestDevice } from '@farandole/e2e/test-device';
import { spend } from '@farandole/gateway/credits';
import { CREDIT_LIMITS, type CreditLimit } from '@farandole/gateway/limits';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { SessionTicketReply } from '@farandole/protocol/http-api';
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
 * Burst and rate of a page's lines. They are below the node's limit, because queued lines arrive
 * together after a resume.
 */
const LINE_PACE: CreditLimit = {
  burst: CREDIT_LIMITS.chat.burst - 2,
  everyMs: CREDIT_LIMITS.chat.everyMs * 1.25,
};

/** The two pages that chat, and a third one that sends no lines. */
type PageName = Speaker | 'cem';

export interface PageOptions {
  readonly place: Ports;
  readonly speaker: PageName;
  readonly from: string;
  /** Only the pages of one conversation have this interest, so that they match each other. */
  readonly interest: string;
  /** Returns a random number in [0, 1), which spreads reconnects. */
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
  /** Time at which the page may send a full burst again (see `spend`). */
  #paceFullAtMs = 0;
  #cookie: string | null = null;
  #networkChanged: () => void = () => {};
  #fetching = 0;
  /** Number of opened sockets. The nth socket belongs to the nth connection of the proxy. */
  #sockets = 0;
  #links = 0;
  #searches = 0;
  #link: TcpLink | null = null;
  #isLive = false;
  /** The socket is open, but no further input can arrive on it. */
  #isDeaf = false;
  readonly #stalled: TcpLink[] = [];
  #call: { readonly match: string; readonly epoch: number } | null = null;
  #hadCall = false;
  #hasBegun = false;
  #receipt = '';
  #nextCut: Cut | null = null;
  #nextWay: Omit<TcpConditions, 'cut'> = {};
  #policyVersion = 0;
  /** Links whose close may be delayed. */
  readonly #slow = new Set<TcpLink>();
  #planned: TcpLink | null = null;
  said = 0;
  pongs = 0;
  /**
   * Numbers of the page's lines that the node refused. On a slow machine queued lines can arrive
   * faster than the limit.
   */
  readonly refused = new Set<number>();
  /** Received messages about calls, searches and reports, in order. */
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
      sessionTicket: () => this.#fetchTicket(),
      iceServers: () => Promise.resolve(ok({ iceServers: [], expiresInMs: 0 })),
    };
    // A key of its own, because the node keeps apart pages whose keys met.
    const key = deviceKey();
    this.#client = new SignalClient(
      {
        api,
        openSocket: this.#openSocket,
        deviceKey: () => Promise.resolve(key),
        clock: this.time,
        scheduler: this.time,
        connectivity,
        unit,
      },
      {
        stateChanged: ({ state }) => {
          // A stalled socket delivers the rest only when the page is online again.
          if (state === 'online') for (const stalled of this.#stalled.splice(0)) stalled.release();
          this.#changed();
        },
        ticketGiven: () => {},
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

  /** Whether the page has stopped and will do nothing more. */
  get hasStopped(): boolean {
    return this.#client.state.state === 'stopped';
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get call(): { readonly match: string; readonly epoch: number } | null {
    return this.#call;
  }

  /** The receipt with which to report the last call. A video upgrade replaces it. */
  get receipt(): string {
    return this.#receipt;
  }

  get isInCall(): boolean {
    return this.#call !== null;
  }

  /** Whether the page's call ended by an explicit reset. */
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

  /** Conditions of the next connection. The proxy calls this. */
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

  /** Lets the delayed ends of slow closes through. */
  releaseFins(): void {
    for (const link of this.#slow) link.releaseFin();
  }

  /** Advances the page's clock if only time can make the page continue. */
  hurry(): void {
    while (this.#waitsForTime && this.time.toNext());
  }

  /** Sends the page's next line. Returns false outside a call or at the rate limit. */
  say(): boolean {
    const call = this.#call;
    if (call === null || this.speaker === 'cem') return false;
    // Uses real time, because the node's rate limit does.
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

  /** Pings the node. The answer increments `pongs`. */
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
    // A new session after a call is a reset. The page then sends nothing further.
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

  readonly #openSocket: OpenSocket = (listener): Socket => {
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
      },
      {
        message: (text) => {
          listener.message(text);
          // The pong is counted here, because the client has now handled everything before it.
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

  async #fetchTicket(): Promise<Result<SessionTicketReply, ApiFault>> {
    this.#fetching += 1;
    const { answer, cookie } = await askForTicket({
      port: this.#place.nodePort,
      from: this.from,
      cookie: this.#cookie,
    }).finally(() => {
      this.#fetching -= 1;
    });
    // The server timed out on a busy machine. The page retries.
    if (answer.status === 408) return refused('unreachable');
    if (answer.status !== 200) throw new Error(`no ticket: ${answer.status} ${answer.text()}`);
    this.#cookie = cookie;
    return ok(answer.json() as SessionTicketReply);
  }
}

const LINE_ID = 'line-number-';

/** Types of messages that users' actions cause. Those of the link are left out. */
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
