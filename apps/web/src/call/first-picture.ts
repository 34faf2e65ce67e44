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
  /** The stranger's picture as far as it reaches the person. */
  readonly peerStream: ReadonlySignal<MediaStream | null>;
}

/** What may be reached before the screens hear of the call. */
const EARLY = ['described', 'connected'] as const;

const CLEAN: ReadonlySet<ShieldView['state']> = new Set<ShieldView['state']>([
  'checked',
  'shown',
  'resumed',
]);

/**
 * Notes when the moments on the way to the picture of this video call were reached. It only looks
 * on, so that nothing on that way waits for it.
 */
export class FirstPicture {
  /** Null outside of a video call. */
  readonly view: ReadonlySignal<FirstPictureView | null>;
  readonly #ports: FirstPicturePorts;
  readonly #marks = signal<(Marks & { readonly match: string }) | null>(null);
  /** The last times: they may be before the screens, and so this, hear of the call. */
  readonly #reachedAtMs = { described: 0, connected: 0 };

  constructor(ports: FirstPicturePorts) {
    this.#ports = ports;
    this.view = computed(() =>
      this.#marks.value === null ? null : firstPictureOf(this.#marks.value),
    );
    effect(() => this.#look());
  }

  /** Both sides' descriptions are known here, or media has a way. */
  reached(moment: (typeof EARLY)[number]): void {
    this.#reachedAtMs[moment] = this.#ports.clock.monotonicMs();
    this.#mark(moment, this.#reachedAtMs[moment]);
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
        const atMs = this.#reachedAtMs[moment];
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
