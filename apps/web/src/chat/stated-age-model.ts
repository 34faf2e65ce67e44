import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { ChatView, LineView } from './chat-view.ts';

type Detect = (text: string) => boolean;

/**
 * Finds out whether the peer stated an age under 18 in the current chat. The patterns of all
 * languages load with the first chat. If loading fails, the peer's next line loads them again.
 */
export class StatedAgeModel {
  readonly isStated: ReadonlySignal<boolean>;
  readonly #fetch: () => Promise<Detect>;
  readonly #detect = signal<Detect | null>(null);
  #isLoading = false;
  /** Texts of the current chat that were searched. The chat's view changes with each key press. */
  #searched = new Map<string, boolean>();

  constructor(chat: ReadonlySignal<ChatView | null>, fetch: () => Promise<Detect>) {
    this.#fetch = fetch;
    const peerLines = computed(() => chat.value?.lines.filter(isOfPeer).length ?? null);
    effect(() => {
      if (peerLines.value === null) this.#searched = new Map();
      else this.#load();
    });
    this.isStated = computed(() => {
      const detect = this.#detect.value;
      const lines = chat.value?.lines ?? [];
      return detect !== null && lines.some((line) => isOfPeer(line) && this.#search(line, detect));
    });
  }

  #load(): void {
    if (this.#isLoading || this.#detect.peek() !== null) return;
    this.#isLoading = true;
    this.#fetch().then(
      (detect) => {
        this.#detect.value = detect;
      },
      () => {
        this.#isLoading = false;
      },
    );
  }

  #search({ text }: LineView, detect: Detect): boolean {
    const known = this.#searched.get(text);
    if (known !== undefined) return known;
    const isStated = detect(text);
    this.#searched.set(text, isStated);
    return isStated;
  }
}

function isOfPeer({ from }: LineView): boolean {
  return from === 'peer';
}
