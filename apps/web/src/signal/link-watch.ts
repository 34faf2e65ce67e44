import type { Clock } from '@farandole/kernel/clock';
import { LINK_DEAD_AFTER_MS, LINK_PING_AFTER_MS } from '@farandole/protocol/limits';
import type { Scheduler } from './ports.ts';

export interface LinkWatchEvents {
  /** Sends a ping to the server after a silence. */
  ask(): void;
  /** Called if the server didn't answer the ping, so that the socket counts as lost. */
  dead(): void;
}

/**
 * Time in ms that the server has to answer a ping. `LINK_DEAD_AFTER_MS` counts from the last
 * received frame, so it includes the silence before the ping.
 */
const ANSWER_WITHIN_MS = LINK_DEAD_AFTER_MS - LINK_PING_AFTER_MS;

/**
 * Detects a socket that is open but dead. A page sees neither pings of the transport nor a
 * network that drops everything. Only an unanswered ping proves that the socket is dead. The
 * clock alone never does, because the first timer after sleep is late; that timer only sends a
 * ping.
 */
export class LinkWatch {
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #events: LinkWatchEvents;
  #wanted = false;
  #attached = false;
  #heardAtMs = 0;
  #askedAtMs: number | null = null;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, scheduler: Scheduler, events: LinkWatchEvents) {
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#events = events;
  }

  /** Enables or disables the detection of a dead socket. It is enabled during a search or call. */
  want(wanted: boolean): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#arm();
  }

  attach(): void {
    this.#attached = true;
    this.#heardAtMs = this.#clock.monotonicMs();
    this.#askedAtMs = null;
    this.#arm();
  }

  detach(): void {
    this.#attached = false;
    this.#askedAtMs = null;
    this.#arm();
  }

  /**
   * Must be called for every received frame. This call is cheap, because the running timer
   * checks the time itself.
   */
  heard(): void {
    this.#heardAtMs = this.#clock.monotonicMs();
    this.#askedAtMs = null;
  }

  /** Sends a ping at once after a hint that the socket may be dead, such as a network change. */
  doubt(): void {
    if (this.#attached && this.#askedAtMs === null) this.#ask();
    this.#arm();
  }

  #arm(): void {
    this.#cancel?.();
    this.#cancel = null;
    if (!this.#attached) return;
    if (!this.#wanted && this.#askedAtMs === null) return;
    const dueMs =
      this.#askedAtMs === null
        ? this.#heardAtMs + LINK_PING_AFTER_MS
        : this.#askedAtMs + ANSWER_WITHIN_MS;
    const delayMs = Math.max(0, dueMs - this.#clock.monotonicMs());
    this.#cancel = this.#scheduler.after(delayMs, () => this.#due());
  }

  #due(): void {
    this.#cancel = null;
    const nowMs = this.#clock.monotonicMs();
    if (this.#askedAtMs !== null) {
      if (nowMs - this.#askedAtMs >= ANSWER_WITHIN_MS) {
        this.detach();
        this.#events.dead();
        return;
      }
    } else if (nowMs - this.#heardAtMs >= LINK_PING_AFTER_MS && this.#wanted) {
      this.#ask();
    }
    this.#arm();
  }

  #ask(): void {
    this.#askedAtMs = this.#clock.monotonicMs();
    this.#events.ask();
  }
}
