import { brandId, type ConnectionId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import type { ServerMessage } from '@farandole/protocol/server-message';
import type { PageFrame } from '../support/client-stream.ts';
import type { PageLog } from './page-log.ts';
import type { ClientAddress } from './rules.ts';
import type { Scheduler } from './scheduler.ts';

/** Interface of a simulated page to its socket. */
export interface PageEnd {
  readonly log: PageLog;
  readonly place: ClientAddress;
  opened(connection: SimConnection): void;
  heard(message: ServerMessage): void;
  /**
   * @param reason the node's reason to close the socket; null if the socket was lost without a
   * close frame
   */
  closed(connection: SimConnection, reason: CloseReason | null): void;
}

/** Interface of a simulated node to all its sockets. */
export interface NodeEnd {
  readonly isUp: boolean;
  opened(connection: SimConnection): void;
  heard(connection: SimConnection, frame: PageFrame): void;
  closed(connection: SimConnection, code: number): void;
}

/** A dead socket is detected by the node's pings within this time in ms. */
export const NODE_NOTICES_MS = 30_000;
const ABNORMAL_CODE = 1006;
/** The node's listener closes a socket if more than this many bytes wait to be sent on it. */
export const SEND_BUFFER_BYTES_MAX = 256 * 1024;
const CLOSE_HANDSHAKE_MS = 2_000;
const REPEATED_FRAMES_MAX = 4;
const LATENCY_MS = { least: 2, most: 120 };

/**
 * A simulated WebSocket. Frames of one direction stay in order. If a frame is lost, all later
 * frames of that direction are lost too.
 */
export class SimConnection {
  readonly id: ConnectionId;
  readonly page: PageEnd;
  readonly place: ClientAddress;
  latencyMs: number;
  /**
   * Whether frames from the page to the node (`up`) or back (`down`) are lost without either end
   * noticing.
   */
  isUpLost = false;
  isDownLost = false;
  isOpenAtPage = false;
  isOpenAtNode = false;
  queuedBytes = 0;
  readonly #network: Network;
  #wasOpened = false;
  /** Frames that arrived while the page wasn't reading. Null while the page reads. */
  #unread: (() => void)[] | null = null;
  #latest: readonly PageFrame[] = [];
  /** Arrival time of each direction's latest frame. Later frames must arrive after that time. */
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

  /** Sends the page's latest sequenced frames a second time, as a resume does. */
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
        // The node's first frame tells the page that the socket is open.
        if (message.type !== 'session.challenge') return;
        this.isOpenAtPage = true;
        this.#wasOpened = true;
        this.page.opened(this);
      }
      this.page.heard(message);
    });
  }

  /** Makes the page stop reading, so that frames queue at the node. */
  stopReading(): void {
    this.#unread ??= [];
  }

  readOn(): void {
    const waited = this.#unread ?? [];
    this.#unread = null;
    for (const run of waited) run();
  }

  /**
   * Called when too many bytes wait: the node's listener closes the socket and notifies the
   * gateway.
   */
  closeByListener(): void {
    if (!this.isOpenAtNode) return;
    this.isOpenAtNode = false;
    this.#down(() => this.#endAtPage('slow-consumer'));
    const { code } = CLOSES['slow-consumer'];
    this.#network.scheduler.after(CLOSE_HANDSHAKE_MS, () => {
      if (this.#network.byId(this.id) === this) this.#network.node.closed(this, code);
    });
  }

  closeByPage(code: number): void {
    if (!this.isOpenAtPage) return;
    this.isOpenAtPage = false;
    if (this.isUpLost) {
      this.#nodeNotices(NODE_NOTICES_MS);
      return;
    }
    this.#up(() => this.#endAtNode(code));
  }

  /**
   * Closes the socket from the node. The close frame follows the frames that the node has
   * already sent.
   */
  closeByNode(reason: CloseReason): void {
    if (!this.isOpenAtNode) return;
    this.isOpenAtNode = false;
    const { code } = CLOSES[reason];
    this.#down(() => {
      if (this.isDownLost) return;
      this.#endAtPage(reason);
      this.#network.node.closed(this, code);
    });
    // The node forgets the socket after a time, because the page may never answer the close frame.
    this.#network.scheduler.after(NODE_NOTICES_MS, () => this.#network.forget(this));
  }

  /** Drops the connection. Page and node notice this after different delays. */
  cut(pageNoticesMs: number, nodeNoticesMs: number): void {
    this.isUpLost = true;
    this.isDownLost = true;
    this.#network.scheduler.after(pageNoticesMs, () => this.#endAtPage(null));
    this.#nodeNotices(nodeNoticesMs);
  }

  /** Silently drops all frames from now on. Each end notices when its pings stay unanswered. */
  halfOpen(direction: 'up' | 'down' | 'both'): void {
    if (direction !== 'down') this.isUpLost = true;
    if (direction !== 'up') this.isDownLost = true;
    this.#nodeNotices(NODE_NOTICES_MS);
  }

  abandon(): void {
    this.isOpenAtPage = false;
    if (this.isUpLost) return;
    // The close frame may still arrive, but the code is abnormal, so the node doesn't end the
    // session.
    this.#up(() => this.#endAtNode(ABNORMAL_CODE));
  }

  /** Kills the page's process, so the page closes nothing and receives nothing. */
  crash(nodeNoticesMs: number): void {
    this.isOpenAtPage = false;
    this.isUpLost = true;
    this.#nodeNotices(nodeNoticesMs);
  }

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
    // A page is also notified if its socket was refused before it opened.
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

/**
 * All simulated sockets between pages and node. Their delays differ, so a frame on one socket
 * can overtake a frame on another.
 */
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
