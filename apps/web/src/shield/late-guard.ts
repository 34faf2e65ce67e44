import { computed, signal } from '@preact/signals';
import type { KeptClassifier } from './classifier-keeper.ts';
import type { Guard, Looked } from './guard.ts';
import type { OwnCheckView } from './own-check.ts';
import type { ShieldView } from './shield-view.ts';

interface Stranger {
  readonly looked: Looked;
  hasPicture: boolean;
  consent: boolean;
}

/** What is shown while the shield's own code is on its way, or did not come. */
const COMING: ShieldView = {
  state: 'loading',
  why: null,
  loaded: 0,
  mayResume: false,
  flaggedAfterMs: null,
  scores: null,
};
const AWAY: ShieldView = { ...COMING, state: 'unavailable', why: 'unreachable' };

/**
 * Stands in for the shield until its code is here, which no landing page should wait for. Until
 * then it is closed: nothing passes that nobody looked at.
 */
export class LateGuard implements Guard {
  readonly #fetch: () => Promise<Guard>;
  readonly #guard = signal<Guard | null>(null);
  readonly #state = signal<KeptClassifier>({ state: 'idle' });
  readonly #track = signal<MediaStreamTrack | null>(null);
  #stranger: Stranger | null = null;

  readonly open = computed(() => this.#guard.value?.open.value === true);
  readonly stranger = computed(
    () => this.#guard.value?.stranger.value ?? (this.#isAway ? AWAY : COMING),
  );
  readonly own = computed(() => this.#guard.value?.own.value ?? this.#ownWithout());
  readonly classifier = computed(() => this.#guard.value?.classifier.value ?? this.#state.value);

  /** @param fetch the shield itself */
  constructor(fetch: () => Promise<Guard>) {
    this.#fetch = fetch;
  }

  prepare(): void {
    const guard = this.#guard.peek();
    if (guard !== null) guard.prepare();
    else if (this.#state.peek().state !== 'loading') void this.#load();
  }

  watchOwn(track: MediaStreamTrack | null): void {
    this.#track.value = track;
    this.#guard.peek()?.watchOwn(track);
    if (track !== null) this.prepare();
  }

  begin(looked: Looked): void {
    this.#stranger = { looked, hasPicture: false, consent: false };
    this.#guard.peek()?.begin(looked);
    this.prepare();
  }

  pictureCame(): void {
    if (this.#stranger !== null) this.#stranger.hasPicture = true;
    this.#guard.peek()?.pictureCame();
  }

  consent(consent: boolean): void {
    if (this.#stranger !== null) this.#stranger.consent = consent;
    this.#guard.peek()?.consent(consent);
  }

  resume(): void {
    this.#guard.peek()?.resume();
  }

  retry(): void {
    const guard = this.#guard.peek();
    if (guard === null) this.prepare();
    else guard.retry();
  }

  end(): void {
    this.#stranger = null;
    this.#guard.peek()?.end();
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
      const guard = await this.#fetch();
      guard.prepare();
      guard.watchOwn(this.#track.peek());
      if (this.#stranger !== null) {
        const { looked, hasPicture, consent } = this.#stranger;
        guard.begin(looked);
        guard.consent(consent);
        if (hasPicture) guard.pictureCame();
      }
      this.#guard.value = guard;
    } catch {
      this.#state.value = { state: 'failed', fault: 'unreachable' };
    }
  }
}
