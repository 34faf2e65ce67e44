import type { SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import { ACK_AFTER_MS, LINK_DEAD_AFTER_MS, LINK_PING_AFTER_MS } from '@farandole/protocol/limits';
import type { ServerMessage } from '@farandole/protocol/server-message';
import { FakeDevice } from '../support/fake-signer.ts';
import { TestClient } from '../support/test-client.ts';
import type { Network, PageEnd, SimConnection } from './network.ts';
import type { Oracle } from './oracle/oracle.ts';
import { PageEar } from './oracle/page-ear.ts';
import { Violation } from './oracle/violation.ts';
import type { Planned, Scheduler } from './scheduler.ts';

export interface PageParts {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly oracle: Oracle;
  readonly prng: Prng;
  readonly mintTicket: (subject: SubjectId) => string;
}

/** The person at the page. */
export interface PageUser {
  /** Something new was shown. */
  shown(page: Page, message: ServerMessage): void;
  /** The page will not connect again by itself. */
  stopped(page: Page, reason: CloseReason): void;
}

const RETRY_FIRST_MS = 250;
const RETRY_MOST_MS = 8_000;
const WAIT_MS = 5_000;
/** A socket that has not opened by then will not. */
const OPEN_WITHIN_MS = 10_000;

/** The browser around a `TestClient`: opens sockets, wonders whether they live, opens others. */
export class Page implements PageEnd {
  readonly client: TestClient;
  readonly ear: PageEar;
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

  constructor(parts: PageParts, user: PageUser, name: string, subject: SubjectId, device: string) {
    this.#parts = parts;
    this.#user = user;
    const key = new FakeDevice(device);
    this.client = new TestClient({ name, subject, device: key, getTicket: parts.mintTicket });
    this.ear = new PageEar(subject, key.publicKey);
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
      send: (text) => connection.sendUp(text),
      close: (code) => connection.closeByPage(code),
    });
    this.#watch(connection);
  }

  heard(text: string, message: ServerMessage): void {
    if (this.#isOver) return;
    this.#heardAtMs = this.#parts.scheduler.nowMs;
    this.#askedAtMs = null;
    const hasLeft = this.client.call !== null && this.client.call.match === this.#leftMatch;
    if (message.type === 'session.opened' && hasLeft) this.client.call = null;
    const isNew = this.#parts.oracle.pageHears(this.ear, message);
    try {
      this.client.frameArrived(text);
    } catch (cause) {
      if (cause instanceof Violation) throw cause;
      throw new Violation('protocol', cause instanceof Error ? cause.message : 'unknown', {
        cause,
      });
    }
    if (message.type === 'session.opened' || message.type === 'session.resumed') this.#attempts = 0;
    if ('seq' in message && this.#ack === null) this.#planAcknowledgement();
    if (isNew) this.#user.shown(this, message);
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
