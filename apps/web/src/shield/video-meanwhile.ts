import type { Mode } from '@farandole/protocol/fields';
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { CachedClassifier } from './classifier-keeper.ts';

export type VideoMeanwhileView =
  /** The user writes while the shield loads. `share` is the loaded share, from 0 to 1. */
  | { readonly state: 'loading'; readonly share: number }
  /** The shield didn't load. A retry continues a download that stalled. */
  | { readonly state: 'failed' }
  /** The shield has loaded meanwhile, so that the user may turn video on. */
  | { readonly state: 'ready' };

export interface VideoMeanwhilePorts {
  /** Mode of the search or call; null outside of both. */
  readonly mode: ReadonlySignal<Mode | null>;
  readonly classifier: ReadonlySignal<CachedClassifier>;
}

/**
 * Follows the shield for a user who meets by text because the shield is still loading on a slow
 * line. Offers video once the shield is ready, until the user declines or stops writing.
 */
export class VideoMeanwhile {
  readonly view: ReadonlySignal<VideoMeanwhileView | null>;
  /** Whether the shield was loading when the user began to search by text. */
  readonly #waits = signal(false);

  constructor({ mode, classifier }: VideoMeanwhilePorts) {
    // A shield that starts to load later was requested by the offer of video, which says so itself.
    effect(() => {
      this.#waits.value = mode.value === 'text' && classifier.peek().state === 'loading';
    });
    this.view = computed(() => {
      if (!this.#waits.value || mode.value !== 'text') return null;
      const load = classifier.value;
      switch (load.state) {
        case 'loading':
          return { state: 'loading', share: load.share };
        case 'ready':
          return { state: 'ready' };
        case 'failed':
          // A browser that can't run the shield can't turn video on either.
          return load.fault === 'unsupported' ? null : { state: 'failed' };
        case 'idle':
          return null;
        default:
          return load satisfies never;
      }
    });
  }

  /** Hides the notice until the user begins to search by text again. */
  dismiss(): void {
    this.#waits.value = false;
  }
}
