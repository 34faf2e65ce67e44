import type { Clock } from '@farandole/kernel/clock';
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Guard } from '../shield/guard.ts';
import type { ShieldView } from '../shield/shield-view.ts';
import { type CallState, isInCall } from './call-state.ts';
import {
  type FirstPictureView,
  firstPictureOf,
  type Marks,
  type Moment,
  withMark,
} from './first-picture-steps.ts';

export interface FirstPicturePorts {
  readonly clock: Clock;
  readonly state: ReadonlySignal<CallState>;
  readonly guard: Pick<Guard, 'stranger'>;
  readonly peerStream: ReadonlySignal<MediaStream | null>;
  /**
   * When the last call reached moments that may come before the screens show the call, on the clock.
   */
  readonly reachedAtMs: Record<EarlyMoment, number>;
}

/** Moments of a call that may be reached before the screens show the call. */
const EARLY = ['described', 'connected'] as const;
export type EarlyMoment = (typeof EARLY)[number];

const CLEAN: ReadonlySet<ShieldView['state']> = new Set<ShieldView['state']>([
  'checked',
  'shown',
  'resumed',
]);

/**
 * Records when a video call reached each moment before its first picture. The call itself never
 * waits for this.
 */
export class FirstPicture {
  readonly view: ReadonlySignal<FirstPictureView | null>;
  readonly #ports: FirstPicturePorts;
  readonly #marks = signal<(Marks & { readonly match: string }) | null>(null);

  constructor(ports: FirstPicturePorts) {
    this.#ports = ports;
    this.view = computed(() =>
      this.#marks.value === null ? null : firstPictureOf(this.#marks.value),
    );
    effect(() => this.#look());
  }

  /**
   * `described` means that both session descriptions are known, and `connected` that media has a
   * route.
   */
  reached(moment: EarlyMoment): void {
    this.#mark(moment, this.#ports.reachedAtMs[moment]);
  }

  #look(): void {
    const state = this.#ports.state.value;
    const shield = this.#ports.guard.stranger.value.state;
    const isShown = this.#ports.peerStream.value !== null;
    if (!isInCall(state) || state.call.mode !== 'video') {
      this.#marks.value = null;
      return;
    }
    const { match, foundAtMs, firstFrameMs, pursuit } = state.call;
    if (this.#marks.peek()?.match !== match) {
      const at = { matched: foundAtMs };
      this.#marks.value = { match, beganAtMs: pursuit.startedAtMs, at };
      for (const moment of EARLY) {
        const atMs = this.#ports.reachedAtMs[moment];
        if (atMs >= foundAtMs) this.#mark(moment, atMs);
      }
    }
    if (firstFrameMs === null) return;
    this.#mark('framed', foundAtMs + firstFrameMs);
    if (CLEAN.has(shield)) this.#mark('checked');
    if (isShown) this.#mark('shown');
  }

  #mark(moment: Moment, atMs = this.#ports.clock.monotonicMs()): void {
    const marks = this.#marks.peek();
    if (marks === null) return;
    this.#marks.value = withMark(marks, moment, atMs);
  }
}
