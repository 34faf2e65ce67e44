import type { Clock } from '@farandole/kernel/clock';
import type { ShieldRules } from '@farandole/protocol/shield-rules';
import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { OpenViewer, Viewer } from '../call/rtc-handler.ts';
import type { Scheduler } from '../signal/ports.ts';
import type { CachedClassifier, ClassifierKeeper } from './classifier-keeper.ts';
import { DARK_BELOW_LUMA, OWN_SAMPLES, SMOOTHED_SAMPLES } from './limits.ts';
import { Sampler } from './sampler.ts';
import type { Pace } from './sampling.ts';
import { explicitnessOf, type Sight } from './scores.ts';

/**
 * State of the check of the user's own picture:
 * - `none`: there is no picture to check;
 * - `waiting`: the classifier hasn't loaded or there is no frame yet;
 * - `explicit`: the user can't join the video queue;
 * - `unavailable`: this device can't check the picture.
 */
export type OwnCheckState = 'none' | 'waiting' | 'checking' | 'clean' | 'explicit' | 'unavailable';

export interface OwnCheckView {
  readonly state: OwnCheckState;
  /** Whether the user's own picture is too dark to see a face. The page then only shows a hint. */
  readonly dark: boolean;
}

export interface OwnCheckReport extends OwnCheckView {
  /**
   * Whether the user pressed Meet someone during the check of the own picture. The search then
   * starts after the check.
   */
  readonly continuing: boolean;
}

export interface OwnCheckPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly unit: () => number;
  readonly keeper: ClassifierKeeper;
  readonly openViewer: OpenViewer;
  readonly rules: () => ShieldRules;
}

const NOTHING: OwnCheckView = { state: 'none', dark: false };

export class OwnCheck {
  readonly #ports: OwnCheckPorts;
  readonly #view = signal(NOTHING);
  #viewer: Viewer | null = null;
  #track: MediaStreamTrack | null = null;
  #hasPicture = false;
  #sampler: Sampler | null = null;
  #stopFollowing: (() => void) | null = null;
  /** How explicit the last samples were, oldest first. */
  #samples: readonly number[] = [];

  constructor(ports: OwnCheckPorts) {
    this.#ports = ports;
  }

  get view(): ReadonlySignal<OwnCheckView> {
    return this.#view;
  }

  /** Checks the picture of this camera track; `null` ends the check. */
  watch(track: MediaStreamTrack | null): void {
    if (track === this.#track) return;
    this.stop();
    if (track === null) return;
    const { openViewer, clock, scheduler, unit, keeper } = this.#ports;
    this.#track = track;
    this.#view.value = { state: 'waiting', dark: false };
    const viewer = openViewer(() => {
      if (viewer !== this.#viewer) return;
      this.#hasPicture = true;
      this.#follow(keeper.state.peek());
    });
    this.#viewer = viewer;
    this.#sampler = new Sampler(
      {
        clock,
        scheduler,
        unit,
        take: (part) => viewer.sample(part),
        classify: (frame, pose) => keeper.classify(frame, pose),
      },
      { seen: (sight) => this.#seen(sight), noPicture: () => {} },
    );
    viewer.watch(track);
    keeper.load();
    this.#stopFollowing = effect(() => {
      const kept = keeper.state.value;
      untracked(() => this.#follow(kept));
    });
  }

  stop(): void {
    this.#stopFollowing?.();
    this.#stopFollowing = null;
    this.#sampler?.stop();
    this.#sampler = null;
    this.#viewer?.close();
    this.#viewer = null;
    this.#track = null;
    this.#hasPicture = false;
    this.#samples = [];
    this.#view.value = NOTHING;
  }

  #follow(kept: CachedClassifier): void {
    const canSample = kept.state === 'ready' && this.#hasPicture;
    if (!canSample) {
      this.#sampler?.stop();
      this.#show(kept.state === 'failed' ? 'unavailable' : 'waiting');
    } else if (this.#sampler?.running === false) {
      this.#samples = [];
      this.#show('checking');
      this.#sampler.start();
    }
  }

  #seen({ scores, luma }: Sight): Pace {
    const rules = this.#ports.rules();
    this.#samples = [...this.#samples, explicitnessOf(scores)].slice(-OWN_SAMPLES);
    const dark = luma < DARK_BELOW_LUMA;
    const last = this.#samples.slice(-SMOOTHED_SAMPLES);
    const mean = last.reduce((sum, value) => sum + value, 0) / last.length;
    if (last.length === SMOOTHED_SAMPLES && mean >= rules.explicitAt) this.#show('explicit', dark);
    else this.#show(this.#stateAfter(rules), dark);
    const mayBe = (last.at(-1) ?? 0) >= rules.explicitAt;
    return mayBe && this.#view.peek().state !== 'explicit' ? 'again' : 'usual';
  }

  #stateAfter({ cleanBelow, explicitAt }: ShieldRules): OwnCheckState {
    const { state } = this.#view.peek();
    if (this.#samples.length < OWN_SAMPLES) return state;
    // The state `explicit` ends only after several clean samples.
    const bound = state === 'explicit' ? cleanBelow : explicitAt;
    return this.#samples.every((sample) => sample < bound) ? 'clean' : state;
  }

  #show(state: OwnCheckState, dark = this.#view.peek().dark): void {
    const before = this.#view.peek();
    if (before.state !== state || before.dark !== dark) this.#view.value = { state, dark };
  }
}
