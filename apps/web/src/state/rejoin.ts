import { RESUME_GRACE_MS } from '@farandole/protocol/limits';
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { KeptCall } from '../call/call-state.ts';
import { TICK_MS } from '../call/limits.ts';
import type { Outgoing } from '../signal/frame-stream.ts';
import type { Scheduler } from '../signal/ports.ts';

export interface RejoinPorts {
  readonly scheduler: Scheduler;
  readonly send: (message: Outgoing) => boolean;
  /** Begins the way back to the call. */
  readonly begin: (kept: KeptCall) => void;
}

/**
 * The page was killed in a call, by the browser or with it, and this is the next one: the node keeps
 * the place for a while, and knows the person by cookie and device key. Nothing of the call was
 * left on the device for this.
 */
export class Rejoin {
  readonly #ports: RejoinPorts;
  readonly #offer = signal<KeptCall | null>(null);
  readonly #leftMs = signal(0);
  /** How long ago the server lost the page that was in it: its place is kept from then on. */
  readonly agoMs = computed(() => Math.max(0, RESUME_GRACE_MS - this.#leftMs.value));
  #cancelExpiry: (() => void) | null = null;

  constructor(ports: RejoinPorts) {
    this.#ports = ports;
  }

  /** Null where there is none, or none any more. */
  get offer(): ReadonlySignal<KeptCall | null> {
    return this.#offer;
  }

  /** For how long it may still be taken up. */
  get leftMs(): ReadonlySignal<number> {
    return this.#leftMs;
  }

  /** A session knows of the call that an older one left, or of none. */
  sessionOpened(kept: KeptCall | undefined): void {
    this.forget();
    if (kept === undefined) return;
    this.#offer.value = kept;
    this.#count(kept.deadlineMs);
  }

  heardEnd(match: string): void {
    if (match === this.#offer.value?.match) this.forget();
  }

  /** Goes back to it; by video through the devices and the check of one's own picture. */
  take(): void {
    const kept = this.#offer.value;
    if (kept !== null) this.#ports.begin(kept);
  }

  /** Ends it, for both. */
  decline(): void {
    const kept = this.#offer.value;
    if (kept === null) return;
    this.forget();
    const { match, epoch } = kept;
    this.#ports.send({ type: 'call.end', match, epoch, reason: 'stop' });
  }

  /** It is not offered any more: taken up, or over. */
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
