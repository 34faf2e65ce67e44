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
import type { Oracle } from './oracle/oracle.ts';
import { Violation } from './oracle/violation.ts';
import { PageLog } from './page-log.ts';
import { drawPlace, type Place } from './rules.ts';
import type { Planned, Scheduler } from './scheduler.ts';

export interface PageParts {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly oracle: Oracle;
  readonly prng: Prng;
  readonly loot: Loot;
  readonly mintTicket: (subject: SubjectId) => string;
}

/** Who opens a page, in which browser. */
export interface PageOwner {
  /** Unique in its world. */
  readonly name: string;
  readonly subject: SubjectId;
  readonly device: FakeDevice;
  /** Makes the page's half of the protocol, where it is not what a page of ours has. */
  readonly makeClient?: (options: TestClientOptions) => TestClient;
  /** How many of its new sockets come from another place; `MOVES` where it is not said. */
  readonly moves?: number;
  /** Whether its page says that it is new, as those of ours do. On by default. */
  readonly isNewPage?: boolean;
  /** Whether it never gives up a socket that does not answer. */
  readonly isPatient?: boolean;
}

/** The person at the page. */
export interface PageUser {
  /** Something new was shown. */
  shown(page: Page, message: ServerMessage): void;
  /** The page will not connect again by itself. */
  stopped(page: Page, reason: CloseReason): void;
}

/** How many of those who connect again do so from another place. */
const MOVES = 0.1;

const RETRY_FIRST_MS = 250;
const RETRY_MOST_MS = 8_000;
const WAIT_MS = 5_000;
/** A socket that has not opened by then will not. */
const OPEN_WITHIN_MS = 10_000;

/** The browser around a `TestClient`: opens sockets, wonders whether they live, opens others. */
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
  /** The call that the person has left: whatever the node says, it is not asked for again. */
  #leftMatch: string | null = null;
  #place: Place;
  readonly #isPatient: boolean;
  readonly #moves: number;
  /** What must come of the frames that are being said. */
  #expects: Expectation | null = null;
  /** The session ticket that it showed last. */
  #ticket = '';

  constructor(parts: PageParts, user: PageUser, owner: PageOwner) {
    this.#parts = parts;
    this.#user = user;
    this.#place = drawPlace(parts.prng);
    const { name, subject, device, makeClient } = owner;
    this.#isPatient = owner.isPatient ?? false;
    this.#moves = owner.moves ?? MOVES;
    const getTicket = (of: SubjectId): string => {
      this.#ticket = parts.mintTicket(of);
      return this.#ticket;
    };
    const options = {
      ...{ name, subject, device, getTicket, isNewPage: owner.isNewPage ?? true },
      // It is the oracle that remembers, and for as long as it has to.
      keepsAll: false,
    };
    this.client = makeClient === undefined ? new TestClient(options) : makeClient(options);
    // Whether a line is the next one is the oracle's to say, who knows which were let go.
    this.client.skipsLines = true;
    this.log = new PageLog(subject, device.publicKey);
  }

  get place(): Place {
    return this.#place;
  }

  get ticket(): string {
    return this.#ticket;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether it has a session and a socket that it believes in. */
  get isAttached(): boolean {
    return !this.#isOver && this.client.isAttached;
  }

  get connection(): SimConnection | null {
    return this.#connection;
  }

  /** The person ends the call, blocks or reports: for this page it is over. */
  leaveCall(): void {
    this.#leftMatch = this.client.call?.match ?? this.#leftMatch;
  }

  open(): void {
    if (this.#isOver) return;
    if (this.#parts.prng.chance(this.#moves)) this.#place = drawPlace(this.#parts.prng);
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

  /** What the page says meanwhile no page of ours says, and this must come of it. */
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
    const isNew = this.#parts.oracle.pageHears(this.log, message);
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

  /** The page doubts its socket and opens another one, which may overtake it. */
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

  /** `pagehide`: ends the call, and says goodbye to the socket. */
  hide(): void {
    if (this.#isOver) return;
    if (this.client.isAttached) this.client.hide();
    else this.#connection?.abandon();
    this.#isOver = true;
  }

  /** The process is killed, and the network says nothing for it. */
  crash(nodeNoticesMs: number): void {
    this.#connection?.crash(nodeNoticesMs);
    this.#isOver = true;
  }

  /** With full jitter, so that the pages of a node that died do not come back in step. */
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

  /** While it matters: asks a silent node whether it is there, and gives up one that is not. */
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
