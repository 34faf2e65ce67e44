import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { DevicesWanted } from '../state/app-model.ts';
import { isInCall } from './call-state.ts';
import type { VideoOffer, VideoOfferPorts } from './video-offer.ts';
import type { VideoActions, VideoOfferView } from './video-way.ts';

/**
 * The way from words to video, whose code is fetched with the first text call. Until it is here
 * video is not offered; without it, words go on.
 */
export class LateVideoOffer implements VideoActions {
  readonly view: ReadonlySignal<VideoOfferView | null>;
  readonly #offer = signal<VideoOffer | null>(null);

  constructor(ports: VideoOfferPorts) {
    this.view = computed(() => this.#offer.value?.view.value ?? null);
    const stop = effect(() => {
      const state = ports.state.value;
      if (!isInCall(state) || state.call.mode !== 'text') return;
      import('./video-offer.ts').then(
        (part) => {
          if (this.#offer.value === null) this.#offer.value = new part.VideoOffer(ports);
          stop();
        },
        () => {
          // The next text call tries again.
        },
      );
    });
  }

  /** Call it from a press: the devices are asked for in the same turn. */
  prepare(wanted?: DevicesWanted): void {
    this.#offer.value?.prepare(wanted);
  }

  agree(): void {
    this.#offer.value?.agree();
  }

  decline(): void {
    this.#offer.value?.decline();
  }

  devicesChanged(): void {
    this.#offer.value?.devicesChanged();
  }
}
