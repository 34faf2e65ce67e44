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
 * Offers a call after the page was killed. The server holds the seat for a while and recognizes the
 * user by cookie and device key. Nothing of the call is stored on the device.
 */
export class Rejoin {
  readonly #ports: RejoinPorts;
  readonly #offer = signal<RejoinableCall | null>(null);
  readonly #leftMs = signal(0);
  /** Time since the server lost the page. */
  readonly agoMs = computed(() => Math.max(0, RESUME_GRACE_MS - this.#leftMs.value));
  #cancelExpiry: (() => void) | null = null;

  constructor(ports: RejoinPorts) {
    this.#ports = ports;
  }

  /** Null if there is none or it has expired. */
  get offer(): ReadonlySignal<RejoinableCall | null> {
    return this.#offer;
  }

  /** Time left to rejoin. */
  get leftMs(): ReadonlySignal<number> {
    return this.#leftMs;
  }

  /** The session reports a call of an earlier one, or none. */
  sessionOpened(kept: RejoinableCall | undefined): void {
    this.forget();
    if (kept === undefined) return;
    this.#offer.value = kept;
    this.#count(kept.deadlineMs);
  }

  heardEnd(match: string): void {
    if (match === this.#offer.value?.match) this.forget();
  }

  /** Rejoins; for video through the devices and the own-picture check. */
  take(): void {
    const kept = this.#offer.value;
    if (kept !== null) this.#ports.begin(kept);
  }

  /** Ends the call for both. */
  decline(): void {
    const kept = this.#offer.value;
    if (kept === null) return;
    this.forget();
    const { match, epoch } = kept;
    this.#ports.send({ type: 'call.end', match, epoch, reason: 'stop' });
  }

  /** Withdraws the offer: taken or over. */
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
