import type { SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import { ACK_AFTER_MS, LINK_DEAD_AFTER_MS, LINK_PING_AFTER_MS } from '@farandole/protocol/limits';
import type { ServerMessage } from '@farandole/protocol/server-message';
import type { FakeDevice } from '../support/fake-signer.ts';
import { TestClient, type TestClientOptions } from '../support/test-client.ts';
import type { Expectation } from './expectation.ts';
import type { Loot } from './loot.ts';
import type { Network, PageEnd, SimConnection } from './network.ts';
import { PageLog } from './page-log.ts';
import { type ClientAddress, drawAddress } from './rules.ts';
import type { Planned, Scheduler } from './scheduler.ts';
import { Violation } from './violation.ts';

export interface PageParts {
  readonly scheduler: Scheduler;
  readonly network: Pick<Network, 'connect'>;
  readonly prng: Prng;
  readonly loot: Loot;
  readonly mintTicket: (subject: SubjectId) => string;
}

export interface PageOwner {
  /** Name of the simulated page, unique in its world. */
  readonly name: string;
  readonly subject: SubjectId;
  readonly device: FakeDevice;
  /** Creates the page's protocol client. Defaults to a `TestClient`. */
  readonly makeClient?: (options: TestClientOptions) => TestClient;
  /** Share of new sockets that come from another address. Defaults to `MOVES`. */
  readonly moves?: number;
  /** Whether the page's hello says that the page is new. Defaults to true. */
  readonly isNewPage?: boolean;
  /** Whether the page keeps a socket that no longer answers, instead of replacing it. */
  readonly isPatient?: boolean;
}

export interface PageUser {
  shown(page: Page, message: ServerMessage): void;
  /** Called when the page gives up and will not reconnect. */
  stopped(page: Page, reason: CloseReason): void;
}

const MOVES = 0.1;

const RETRY_FIRST_MS = 250;
const RETRY_MOST_MS = 8_000;
const WAIT_MS = 5_000;
const OPEN_WITHIN_MS = 10_000;

/**
 * The simulated browser around a `TestClient`. Opens sockets, pings the node, and replaces dead
 * sockets.
 */
export class Page implements PageEnd {
  readonly client: TestClient;
  readonly log: PageLog;
  readonly #parts: PageParts;
  readonly #user: PageUser;
  #connection: SimConnection | null = null;
  #attempts = 0;
  #isOver = false;
  #heardAtMs = 0;
  #askedAtMs: number | null = null;
  #ack: Planned | null = null;
  /** The match that the user left. The page never asks to restore or rejoin that match's call. */
  #leftMatch: string | null = null;
  #place: ClientAddress;
  readonly #isPatient: boolean;
  readonly #moves: number;
  /** Outcome that the node must give the frames being sent now. */
  #expects: Expectation | null = null;
  #ticket = '';

  constructor(parts: PageParts, user: PageUser, owner: PageOwner) {
    this.#parts = parts;
    this.#user = user;
    this.#place = drawAddress(parts.prng);
    const { name, subject, device, makeClient } = owner;
    this.#isPatient = owner.isPatient ?? false;
    this.#moves = owner.moves ?? MOVES;
    const getTicket = (of: SubjectId): string => {
      this.#ticket = parts.mintTicket(of);
      return this.#ticket;
    };
    const options = {
      ...{ name, subject, device, getTicket, isNewPage: owner.isNewPage ?? true },
      // The client keeps no message history, because the oracle keeps one.
      keepsAll: false,
      // Half of the pages, without drawing a random number.
      carriesAcks: (name.codePointAt(name.length - 1) ?? 0) % 2 === 0,
    };
    this.client = makeClient === undefined ? new TestClient(options) : makeClient(options);
    // The client doesn't check for missing lines, because the oracle knows which gaps are allowed.
    this.client.skipsLines = true;
    this.log = new PageLog(subject, device.publicKey);
  }

  get place(): ClientAddress {
    return this.#place;
  }

  get ticket(): string {
    return this.#ticket;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isAttached(): boolean {
    return !this.#isOver && this.client.isAttached;
  }

  get connection(): SimConnection | null {
    return this.#connection;
  }

  /** Called when the user ends, blocks or reports the call. */
  leaveCall(): void {
    this.#leftMatch = this.client.call?.match ?? this.#leftMatch;
  }

  open(): void {
    if (this.#isOver) return;
    if (this.#parts.prng.chance(this.#moves)) this.#place = drawAddress(this.#parts.prng);
    const connection = this.#parts.network.connect(this);
    this.#connection = connection;
    this.#parts.scheduler.after(OPEN_WITHIN_MS, () => {
      const isStuck = connection === this.#connection && !connection.isOpenAtPage;
      if (isStuck && !this.#isOver) this.#giveUp(connection);
    });
  }

  opened(connection: SimConnection): void {
    if (this.#isOver || connection !== this.#connection) {
      connection.closeByPage(1000);
      return;
    }
    this.#heardAtMs = this.#parts.scheduler.nowMs;
    this.#askedAtMs = null;
    this.client.socketOpened({
      send: (frame) => {
        if (this.#expects !== null) this.log.expects.set(frame.text, this.#expects);
        connection.sendUp(frame);
      },
      close: (code) => connection.closeByPage(code),
    });
    if (!this.#isPatient) this.#watch(connection);
  }

  /** Calls `run`, which sends frames, and sets the outcome that these frames must have. */
  saying(expects: Expectation | null, run: () => void): void {
    this.#expects = expects;
    run();
    this.#expects = null;
  }

  heard(message: ServerMessage): void {
    if (this.#isOver) return;
    this.#heardAtMs = this.#parts.scheduler.nowMs;
    this.#askedAtMs = null;
    const hasLeft = this.client.call !== null && this.client.call.match === this.#leftMatch;
    if (message.type === 'session.opened' && hasLeft) this.client.call = null;
    const isNew = this.log.hears(message);
    try {
      this.client.messageArrived(message);
    } catch (cause) {
      if (cause instanceof Violation) throw cause;
      throw new Violation('protocol', cause instanceof Error ? cause.message : 'unknown', {
        cause,
      });
    }
    if (message.type === 'session.opened' || message.type === 'session.resumed') this.#attempts = 0;
    if ('seq' in message && this.#ack === null) this.#planAcknowledgement();
    this.#parts.loot.see(this, message);
    if (isNew) this.#user.shown(this, message);
  }

  /** Replaces the current socket by a new one, whose frames may overtake those of the old one. */
  doubt(): void {
    if (this.isAttached && this.#connection !== null) this.#giveUp(this.#connection);
  }

  closed(connection: SimConnection, reason: CloseReason | null): void {
    if (this.#isOver || connection !== this.#connection) return;
    this.#connection = null;
    this.client.socketClosed(reason);
    const after = reason === null ? 'resume' : CLOSES[reason].after;
    switch (after) {
      case 'resume':
      case 'restart':
        this.#retry(0);
        return;
      case 'wait':
        this.#retry(WAIT_MS);
        return;
      case 'stop':
        this.#isOver = true;
        if (reason !== null) this.#user.stopped(this, reason);
    }
  }

  /** Ends the call and closes the socket, as a page does on `pagehide`. */
  hide(): void {
    if (this.#isOver) return;
    if (this.client.isAttached) this.client.hide();
    else this.#connection?.abandon();
    this.#isOver = true;
  }

  crash(nodeNoticesMs: number): void {
    this.#connection?.crash(nodeNoticesMs);
    this.#isOver = true;
  }

  /**
   * Reconnects after a random delay (full jitter), so that pages don't all reconnect at once
   * after the node died.
   */
  #retry(afterMs: number): void {
    this.#attempts += 1;
    const most = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** this.#attempts);
    this.#parts.scheduler.after(afterMs + this.#parts.prng.below(most), () => this.open());
  }

  #planAcknowledgement(): void {
    this.#ack = this.#parts.scheduler.after(ACK_AFTER_MS, () => {
      this.#ack = null;
      if (this.isAttached) this.client.acknowledge();
    });
  }

  /**
   * Pings a node that is silent during a search or call, and replaces a socket that doesn't
   * answer.
   */
  #watch(connection: SimConnection): void {
    this.#parts.scheduler.after(LINK_PING_AFTER_MS, () => {
      if (this.#isOver || connection !== this.#connection) return;
      const { nowMs } = this.#parts.scheduler;
      const isBusy = this.client.search !== null || this.client.call !== null;
      const isWaiting = this.#askedAtMs !== null || !this.client.isAttached;
      const askedAtMs = this.#askedAtMs ?? this.#heardAtMs;
      if (isWaiting && nowMs - askedAtMs >= LINK_DEAD_AFTER_MS) {
        this.#giveUp(connection);
        return;
      }
      const isSilent = nowMs - this.#heardAtMs >= LINK_PING_AFTER_MS;
      if (isBusy && isSilent && this.client.isAttached && this.#askedAtMs === null) {
        this.#askedAtMs = nowMs;
        this.client.ping();
      }
      this.#watch(connection);
    });
  }

  #giveUp(connection: SimConnection): void {
    connection.abandon();
    this.#connection = null;
    this.client.socketClosed(null);
    this.#retry(0);
  }
}
