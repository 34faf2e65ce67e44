import type { Clock } from '@farandole/kernel/clock';
import { LINK_DEAD_AFTER_MS, LINK_PING_AFTER_MS } from '@farandole/protocol/limits';
import type { Scheduler } from './ports.ts';

export interface LinkWatchEvents {
  /** Nothing was heard for a while: ask whether the node is there. */
  ask(): void;
  /** It was asked and did not answer: the socket is lost, whatever the browser says. */
  dead(): void;
}

/** From the question to the verdict; both limits count from the last frame that was heard. */
const ANSWER_WITHIN_MS = LINK_DEAD_AFTER_MS - LINK_PING_AFTER_MS;

/**
 * Notices a socket that is open and dead, which a page learns no other way: it sees neither the
 * transport's pings nor a network that swallows everything.
 *
 * A verdict follows only an unanswered question, never the clock alone: after the machine slept,
 * the first late timer asks and does not condemn.
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

  /** Whether anybody needs to know: while searching and in a call. */
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

  /** Any frame will do. Cheap: the timer that runs finds out by itself. */
  heard(): void {
    this.#heardAtMs = this.#clock.monotonicMs();
    this.#askedAtMs = null;
  }

  /** Asks at once, since there is reason to doubt (the network changed). */
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
