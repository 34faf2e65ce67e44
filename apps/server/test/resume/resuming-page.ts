import { generateKeyPairSync, sign } from 'node:crypto';
import type { Cut, CutKind, TcpConditions } from '@farandole/e2e/faults';
import type { TcpLink } from '@farandole/e2e/tcp-link';
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
import { ask } from '../support/http.ts';
import { LineAllowance } from './line-allowance.ts';
import { openPageSocket } from './page-socket.ts';
import { PageTime } from './page-time.ts';
import { type Speaker, Transcript, wordsOf } from './transcript.ts';

export interface Ports {
  readonly nodePort: number;
  readonly proxyPort: number;
}

/** The two who talk, and a third one without lines. */
type PageName = Speaker | 'cem';

export interface PageOptions {
  readonly place: Ports;
  readonly speaker: PageName;
  readonly from: string;
  /** Shared by the pages of one conversation only, so that they match. */
  readonly interest: string;
  /** Random in [0, 1), for reconnect jitter. */
  readonly unit: () => number;
  /** Called after every event that may let the conversation continue. */
  readonly changed: () => void;
}

/**
 * The shipped signal client over a real socket, without a screen. Only its clock is simulated. It
 * searches, talks and records what it hears.
 */
export class ResumingPage {
  readonly speaker: PageName;
  readonly from: string;
  readonly transcript = new Transcript();
  readonly time = new PageTime();
  readonly #place: Ports;
  readonly #interest: string;
  readonly #changed: () => void;
  readonly #client: SignalClient;
  readonly #allowance = new LineAllowance();
  #cookie = '';
  #networkChanged: () => void = () => {};
  #fetching = 0;
  /** Sockets opened and connections seen by the proxy correspond in order. */
  #sockets = 0;
  #links = 0;
  #searches = 0;
  #link: TcpLink | null = null;
  #isLive = false;
  /** The socket is open but nothing will arrive on it. */
  #isDeaf = false;
  readonly #stalled: TcpLink[] = [];
  #call: { readonly match: string; readonly epoch: number } | null = null;
  #hadCall = false;
  #hasBegun = false;
  #receipt = '';
  #nextCut: Cut | null = null;
  #nextWay: Omit<TcpConditions, 'cut'> = {};
  #policyVersion = 0;
  /** Links whose close may be delayed, the last one of each. */
  readonly #slow = new Set<TcpLink>();
  #planned: TcpLink | null = null;
  said = 0;
  pongs = 0;
  /** Numbers of its lines that the node refused: on a slow machine queued lines arrive at once. */
  readonly refused = new Set<number>();
  /** Messages about calls, searches and reports, in order. */
  readonly told: RoutedMessage[] = [];
  /** A new session replaced one that had a call. */
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
    this.#client = new SignalClient(
      {
        api,
        openSocket: this.#openSocket,
        deviceKey: () => Promise.resolve(DEVICE_KEYS[speaker]),
        clock: this.time,
        scheduler: this.time,
        connectivity,
        unit,
      },
      {
        stateChanged: ({ state }) => {
          // Back online: a stalled socket delivers the rest only now.
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

  /** It will do nothing without outside help. */
  get hasStopped(): boolean {
    return this.#client.state.state === 'stopped';
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get call(): { readonly match: string; readonly epoch: number } | null {
    return this.#call;
  }

  /** The receipt for reporting the last call; a video upgrade replaces it. */
  get receipt(): string {
    return this.#receipt;
  }

  get isInCall(): boolean {
    return this.#call !== null;
  }

  /** Its call ended by an explicit reset. */
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

  /** The connection of the last planned cut; null before it is opened. */
  get planned(): TcpLink | null {
    return this.#planned;
  }

  /** Conditions of the next connection; the proxy asks for them. */
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

  /** Releases the ends that slow closes delayed. */
  releaseFins(): void {
    for (const link of this.#slow) link.releaseFin();
  }

  /** Advances the page's clock if nothing else can help it. */
  hurry(): void {
    while (this.#waitsForTime && this.time.toNext());
  }

  /** Sends its next line; false outside a call or at the rate limit. */
  say(): boolean {
    const call = this.#call;
    if (call === null || !this.#allowance.take()) return false;
    if (this.speaker === 'cem') return false;
    const n = this.said + 1;
    const text = wordsOf(this.speaker, n);
    if (!this.#client.send({ type: 'chat.send', ...call, id: `${LINE_ID}${n}`, text }))
      return false;
    this.said = n;
    return true;
  }

  /** Sends a message, queued while the socket is lost. False without a session. */
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

  /** Pings the node; `pongs` grows with the answer. */
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
    // A new session after a call is a reset: say nothing further.
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
    if (message.type === 'chat.line') this.transcript.hear(message.line);
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
        cookie: this.#cookie,
      },
      {
        message: (text) => {
          listener.message(text);
          // Counted once the client has handled it and everything before it.
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
    const { nodePort } = this.#place;
    const answer = await ask({
      method: 'POST',
      port: nodePort,
      path: '/api/session-ticket',
      from: this.from,
      headers: {
        Origin: `http://localhost:${nodePort}`,
        'Content-Type': 'application/json',
        ...(this.#cookie === '' ? {} : { Cookie: this.#cookie }),
      },
      body: '{}',
    }).finally(() => {
      this.#fetching -= 1;
    });
    // A timeout on a busy machine: the page retries.
    if (answer.status === 408) return refused('unreachable');
    if (answer.status !== 200) throw new Error(`no ticket: ${answer.status} ${answer.text()}`);
    const [set] = answer.headers['set-cookie'] ?? [];
    if (set !== undefined) this.#cookie = set.split(';')[0] ?? '';
    return ok(answer.json() as SessionTicketReply);
  }
}

const LINE_ID = 'line-number-';

/** Messages caused by users' actions, not by the link. */
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
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const point = [Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return {
    publicKey: Buffer.concat(point).toString('base64url'),
    sign: (payload) =>
      Promise.resolve(sign('sha256', Buffer.from(payload), key).toString('base64url')),
  };
}

/** Shared by all conversations, which never meet; creating a key costs more than a cycle. */
const DEVICE_KEYS: Readonly<Record<PageName, DeviceKey>> = {
  ana: deviceKey(),
  ben: deviceKey(),
  cem: deviceKey(),
};
