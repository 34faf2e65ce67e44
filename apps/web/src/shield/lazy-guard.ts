import { computed, signal } from '@preact/signals';
import { lazyModel } from '../base/lazy-model.ts';
import type { CachedClassifier } from './classifier-keeper.ts';
import type { Guard, Sampled } from './guard.ts';
import type { OwnCheckView } from './own-check.ts';
import type { ShieldView } from './shield-view.ts';

interface Stranger {
  readonly sampled: Sampled;
  hasPicture: boolean;
  consent: boolean;
}

/** The shield's view until the shield's code has loaded, or if loading fails. */
const COMING: ShieldView = {
  state: 'loading',
  why: null,
  loaded: 0,
  mayResume: false,
  flaggedAfterMs: null,
  scores: null,
};
const AWAY: ShieldView = { ...COMING, state: 'unavailable', why: 'unreachable' };

/** Stands in for the shield until the shield's code has loaded. Until then no peer is shown. */
export class LazyGuard implements Guard {
  readonly open: Guard['open'];
  readonly stranger: Guard['stranger'];
  readonly own: Guard['own'];
  readonly classifier: Guard['classifier'];
  readonly #lazy;
  readonly #state = signal<CachedClassifier>({ state: 'idle' });
  readonly #track = signal<MediaStreamTrack | null>(null);
  #stranger: Stranger | null = null;

  /** @param fetch loads the shield's code and creates the shield */
  constructor(fetch: () => Promise<Guard>) {
    this.#lazy = lazyModel(fetch, (guard) => this.#catchUp(guard));
    const { model } = this.#lazy;
    this.open = this.#lazy.select((guard) => guard.open, false);
    this.stranger = computed(() => model.value?.stranger.value ?? (this.#isAway ? AWAY : COMING));
    this.own = computed(() => model.value?.own.value ?? this.#ownWithout());
    this.classifier = computed(() => model.value?.classifier.value ?? this.#state.value);
  }

  prepare(): void {
    const guard = this.#lazy.model.peek();
    if (guard !== null) guard.prepare();
    else if (this.#state.peek().state !== 'loading') void this.#load();
  }

  watchOwn(track: MediaStreamTrack | null): void {
    this.#track.value = track;
    this.#lazy.model.peek()?.watchOwn(track);
    if (track !== null) this.prepare();
  }

  begin(sampled: Sampled): void {
    this.#stranger = { sampled, hasPicture: false, consent: false };
    this.#lazy.model.peek()?.begin(sampled);
    this.prepare();
  }

  pictureCame(): void {
    if (this.#stranger !== null) this.#stranger.hasPicture = true;
    this.#lazy.model.peek()?.pictureCame();
  }

  consent(consent: boolean): void {
    if (this.#stranger !== null) this.#stranger.consent = consent;
    this.#lazy.model.peek()?.consent(consent);
  }

  resume(): void {
    this.#lazy.model.peek()?.resume();
  }

  retry(): void {
    const guard = this.#lazy.model.peek();
    if (guard === null) this.prepare();
    else guard.retry();
  }

  end(): void {
    this.#stranger = null;
    this.#lazy.model.peek()?.end();
  }

  get #isAway(): boolean {
    return this.#state.value.state === 'failed';
  }

  #ownWithout(): OwnCheckView {
    if (this.#track.value === null) return { state: 'none', dark: false };
    return { state: this.#isAway ? 'unavailable' : 'waiting', dark: false };
  }

  async #load(): Promise<void> {
    this.#state.value = { state: 'loading', share: 0 };
    try {
      await this.#lazy.load();
    } catch {
      this.#state.value = { state: 'failed', fault: 'unreachable' };
    }
  }

  /** Repeats on the shield the calls made before its code had loaded. */
  #catchUp(guard: Guard): void {
    guard.prepare();
    guard.watchOwn(this.#track.peek());
    if (this.#stranger === null) return;
    const { sampled, hasPicture, consent } = this.#stranger;
    guard.begin(sampled);
    guard.consent(consent);
    if (hasPicture) guard.pictureCame();
  }
}
