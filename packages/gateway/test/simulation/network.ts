import { brandId, type ConnectionId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import type { ServerMessage } from '@farandole/protocol/server-message';
import type { PageFrame } from '../support/client-stream.ts';
import type { PageLog } from './page-log.ts';
import type { Place } from './rules.ts';
import type { Scheduler } from './scheduler.ts';

/** What a page hears of its socket. */
export interface PageEnd {
  readonly log: PageLog;
  /** Where it connects from, now. */
  readonly place: Place;
  opened(connection: SimConnection): void;
  heard(message: ServerMessage): void;
  /** @param reason the node's word for it, or null when the socket was just lost */
  closed(connection: SimConnection, reason: CloseReason | null): void;
}

/** What the node hears of its sockets. */
export interface NodeEnd {
  readonly isUp: boolean;
  opened(connection: SimConnection): void;
  heard(connection: SimConnection, frame: PageFrame): void;
  closed(connection: SimConnection, code: number): void;
}

/** How long a node takes to notice by its pings that nobody answers. */
const NODE_NOTICES_MS = 30_000;
const ABNORMAL_CODE = 1006;
/** What a listener lets wait for one socket, before it gives it up. */
export const SEND_BUFFER_BYTES_MAX = 256 * 1024;
/** How long a listener waits for the answer to its close frame. */
const CLOSE_HANDSHAKE_MS = 2_000;
/** Frames of the page's that may be sent a second time. */
const REPEATED_FRAMES_MAX = 4;
/** How long a packet takes, without faults. */
const LATENCY_MS = { least: 2, most: 120 };

/**
 * One WebSocket: two directions, each in order and each with its delay. A frame arrives once or,
 * with everything behind it, never.
 */
export class SimConnection {
  readonly id: ConnectionId;
  readonly page: PageEnd;
  readonly place: Place;
  latencyMs: number;
  /** Frames in this direction vanish, and neither end is told. */
  isUpLost = false;
  isDownLost = false;
  isOpenAtPage = false;
  isOpenAtNode = false;
  /** Bytes that the node has written and the page has not read. */
  queuedBytes = 0;
  readonly #network: Network;
  #wasOpened = false;
  /** What arrives while the page does not read; null while it does. */
  #unread: (() => void)[] | null = null;
  /** The latest sequenced frames of the page's. */
  #latest: readonly PageFrame[] = [];
  /** When the last thing sent arrives: nothing overtakes it. */
  #upUntilMs = 0;
  #downUntilMs = 0;

  constructor(network: Network, id: ConnectionId, page: PageEnd, latencyMs: number) {
    this.#network = network;
    this.id = id;
    this.page = page;
    this.place = page.place;
    this.latencyMs = latencyMs;
  }

  get isHealthy(): boolean {
    return this.isOpenAtPage && this.isOpenAtNode && !this.isUpLost && !this.isDownLost;
  }

  sendUp(frame: PageFrame): void {
    if (!this.isOpenAtPage || this.isUpLost) return;
    if (frame.text.includes('"seq":')) {
      this.#latest = [...this.#latest.slice(1 - REPEATED_FRAMES_MAX), frame];
    }
    this.#carry(frame);
  }

  /** The page sends the latest of what it said in order once more, as it would after a resume. */
  repeat(): boolean {
    if (this.#latest.length === 0) return false;
    for (const frame of this.#latest) this.#carry(frame);
    return true;
  }

  #carry(frame: PageFrame): void {
    this.#up(() => {
      if (this.isOpenAtNode && !this.isUpLost) this.#network.node.heard(this, frame);
    });
  }

  sendDown(text: string, message: ServerMessage): void {
    if (!this.isOpenAtNode) return;
    this.queuedBytes += text.length;
    if (this.isDownLost) return;
    this.#down(() => {
      if (this.isDownLost) return;
      this.queuedBytes -= text.length;
      if (!this.isOpenAtPage) {
        // The first frame of a node's is the first that the page knows of the socket.
        if (message.type !== 'session.challenge') return;
        this.isOpenAtPage = true;
        this.#wasOpened = true;
        this.page.opened(this);
      }
      this.page.heard(message);
    });
  }

  /** The page stops reading: what is sent to it waits at the node. */
  stopReading(): void {
    this.#unread ??= [];
  }

  /** The page reads on, what has waited first. */
  readOn(): void {
    const waited = this.#unread ?? [];
    this.#unread = null;
    for (const run of waited) run();
  }

  /** The node's listener gives up a socket for which too much waits; the gateway hears of it. */
  closeByListener(): void {
    if (!this.isOpenAtNode) return;
    this.isOpenAtNode = false;
    this.#down(() => this.#endAtPage('slow-consumer'));
    const { code } = CLOSES['slow-consumer'];
    this.#network.scheduler.after(CLOSE_HANDSHAKE_MS, () => {
      if (this.#network.byId(this.id) === this) this.#network.node.closed(this, code);
    });
  }

  /** The page closes the socket, with a close frame. */
  closeByPage(code: number): void {
    if (!this.isOpenAtPage) return;
    this.isOpenAtPage = false;
    if (this.isUpLost) {
      this.#nodeNotices(NODE_NOTICES_MS);
      return;
    }
    this.#up(() => this.#endAtNode(code));
  }

  /** The node closes the socket, after what it has sent. */
  closeByNode(reason: CloseReason): void {
    if (!this.isOpenAtNode) return;
    this.isOpenAtNode = false;
    const { code } = CLOSES[reason];
    this.#down(() => {
      if (this.isDownLost) return;
      this.#endAtPage(reason);
      this.#network.node.closed(this, code);
    });
    // A close frame that nobody answers is waited for in vain, for a while.
    this.#network.scheduler.after(NODE_NOTICES_MS, () => this.#network.forget(this));
  }

  /** The network loses the connection; the two ends notice when they do. */
  cut(pageNoticesMs: number, nodeNoticesMs: number): void {
    this.isUpLost = true;
    this.isDownLost = true;
    this.#network.scheduler.after(pageNoticesMs, () => this.#endAtPage(null));
    this.#nodeNotices(nodeNoticesMs);
  }

  /** Frames vanish from here on; the node notices by its pings, the page by its own. */
  halfOpen(direction: 'up' | 'down' | 'both'): void {
    if (direction !== 'down') this.isUpLost = true;
    if (direction !== 'up') this.isDownLost = true;
    this.#nodeNotices(NODE_NOTICES_MS);
  }

  /** The page gives up a socket that does not answer. */
  abandon(): void {
    this.isOpenAtPage = false;
    if (this.isUpLost) return;
    // The close frame of a page that gave up may get through, as what it is: no goodbye.
    this.#up(() => this.#endAtNode(ABNORMAL_CODE));
  }

  /** The page is gone without a word, as when its process was killed. */
  crash(nodeNoticesMs: number): void {
    this.isOpenAtPage = false;
    this.isUpLost = true;
    this.#nodeNotices(nodeNoticesMs);
  }

  /** The node is gone. */
  nodeDied(pageNoticesMs: number): void {
    this.isOpenAtNode = false;
    this.isUpLost = true;
    this.#network.scheduler.after(pageNoticesMs, () => this.#endAtPage(null));
  }

  #nodeNotices(afterMs: number): void {
    this.#network.scheduler.after(afterMs, () => this.#endAtNode(ABNORMAL_CODE));
  }

  #endAtNode(code: number): void {
    if (!this.isOpenAtNode) return;
    this.isOpenAtNode = false;
    this.#network.node.closed(this, code);
  }

  #endAtPage(reason: CloseReason | null): void {
    this.isDownLost = true;
    // One that the node refused was never open, and the page hears of that too.
    if (!this.isOpenAtPage && this.#wasOpened) return;
    this.#wasOpened = true;
    this.isOpenAtPage = false;
    this.page.closed(this, reason);
  }

  #up(run: () => void): void {
    const { scheduler } = this.#network;
    this.#upUntilMs = Math.max(this.#upUntilMs, scheduler.nowMs + this.latencyMs);
    scheduler.at(this.#upUntilMs, run);
  }

  #down(run: () => void): void {
    const { scheduler } = this.#network;
    this.#downUntilMs = Math.max(this.#downUntilMs, scheduler.nowMs + this.latencyMs);
    scheduler.at(this.#downUntilMs, () => {
      if (this.#unread === null) run();
      else this.#unread.push(run);
    });
  }
}

/** All sockets between the pages and the node. Delays differ, so connections overtake each other. */
export class Network {
  readonly scheduler: Scheduler;
  readonly #prng: Prng;
  readonly #open = new Map<string, SimConnection>();
  #node: NodeEnd | null = null;
  #connections = 0;

  constructor(scheduler: Scheduler, prng: Prng) {
    this.scheduler = scheduler;
    this.#prng = prng;
  }

  get node(): NodeEnd {
    if (this.#node === null) throw new Error('a network has a node');
    return this.#node;
  }

  attach(node: NodeEnd): void {
    this.#node = node;
  }

  /** Opens a socket; the page hears that it is open, or that it could not be. */
  connect(page: PageEnd): SimConnection {
    this.#connections += 1;
    const id = brandId<ConnectionId>(`connection-${this.#connections}`);
    const { least, most } = LATENCY_MS;
    const connection = new SimConnection(this, id, page, least + this.#prng.below(most - least));
    this.scheduler.after(connection.latencyMs, () => this.#arrive(connection));
    return connection;
  }

  byId(id: ConnectionId): SimConnection | undefined {
    return this.#open.get(id);
  }

  /** Sockets that the node believes to be open. */
  get open(): Iterable<SimConnection> {
    return this.#open.values();
  }

  forget(connection: SimConnection): void {
    this.#open.delete(connection.id);
  }

  #arrive(connection: SimConnection): void {
    const { isUp } = this.node;
    if (!isUp) {
      this.scheduler.after(connection.latencyMs, () => connection.page.closed(connection, null));
      return;
    }
    connection.isOpenAtNode = true;
    this.#open.set(connection.id, connection);
    this.node.opened(connection);
  }
}
