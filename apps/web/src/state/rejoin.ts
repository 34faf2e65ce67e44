import { RESUME_GRACE_MS } from '@farandole/protocol/limits';
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { RejoinableCall } from '../call/call-state.ts';
import { TICK_MS } from '../call/limits.ts';
import type { Outgoing } from '../signal/frame-stream.ts';
import type { Scheduler } from '../signal/ports.ts';

export interface RejoinPorts {
  readonly scheduler: Scheduler;
  readonly send: (message: Outgoing) => boolean;
  readonly begin: (kept: RejoinableCall) => void;
}

/**
 * Offers to rejoin a call after the browser killed the page. The server keeps the user's place
 * in the call for a while and recognizes the user by cookie and device key. This device stores
 * nothing about the call.
 */
export class Rejoin {
  readonly #ports: RejoinPorts;
  readonly #offer = signal<RejoinableCall | null>(null);
  readonly #leftMs = signal(0);
  /** Time in ms since the server lost the connection to the earlier page. */
  readonly agoMs = computed(() => Math.max(0, RESUME_GRACE_MS - this.#leftMs.value));
  #cancelExpiry: (() => void) | null = null;

  constructor(ports: RejoinPorts) {
    this.#ports = ports;
  }

  /** The call that the user can rejoin; `null` if there is none or the offer has expired. */
  get offer(): ReadonlySignal<RejoinableCall | null> {
    return this.#offer;
  }

  /** Remaining time to rejoin the call, in milliseconds. */
  get leftMs(): ReadonlySignal<number> {
    return this.#leftMs;
  }

  /** Handles a new session, in which the server reports the call that an earlier page left. */
  sessionOpened(kept: RejoinableCall | undefined): void {
    this.forget();
    if (kept === undefined) return;
    this.#offer.value = kept;
    this.#count(kept.deadlineMs);
  }

  heardEnd(match: string): void {
    if (match === this.#offer.value?.match) this.forget();
  }

  /** Rejoins the call. A video call first opens the devices and checks the user's own picture. */
  take(): void {
    const kept = this.#offer.value;
    if (kept !== null) this.#ports.begin(kept);
  }

  /** Ends the call that could be rejoined, for both users. */
  decline(): void {
    const kept = this.#offer.value;
    if (kept === null) return;
    this.forget();
    const { match, epoch } = kept;
    this.#ports.send({ type: 'call.end', match, epoch, reason: 'stop' });
  }

  /** Withdraws the offer to rejoin, because the user rejoined or the call is over. */
  forget(): void {
    this.#cancelExpiry?.();
    this.#cancelExpiry = null;
    this.#offer.value = null;
  }

  #count(leftMs: number): void {
    if (leftMs <= 0) {
      this.forget();
      return;
    }
    this.#leftMs.value = leftMs;
    const stepMs = Math.min(leftMs, TICK_MS);
    this.#cancelExpiry = this.#ports.scheduler.after(stepMs, () => this.#count(leftMs - stepMs));
  }
}
