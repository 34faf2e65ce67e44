import { type ReadonlySignal, signal } from '@preact/signals';
import { type Classifier, ClassifierError, type ClassifierFault } from './classifier.ts';
import { isSight, type Sight } from './scores.ts';

export type KeptClassifier =
  | { readonly state: 'idle' }
  /** `share` of its files that have come, from 0 to 1. */
  | { readonly state: 'loading'; readonly share: number }
  | { readonly state: 'ready' }
  | { readonly state: 'failed'; readonly fault: Exclude<ClassifierFault, 'stopped'> };

/** The page's one classifier: fetched when it is first needed, and kept from then on. */
export class ClassifierKeeper {
  readonly #open: () => Promise<Classifier>;
  readonly #state = signal<KeptClassifier>({ state: 'idle' });
  #classifier: Classifier | null = null;

  /** @param open makes a fresh one; its code, too, may have to be fetched */
  constructor(open: () => Promise<Classifier>) {
    this.#open = open;
  }

  get state(): ReadonlySignal<KeptClassifier> {
    return this.#state;
  }

  /** Fetches it, unless it is there or on its way; one that failed is tried anew. */
  load(): void {
    const { state } = this.#state.peek();
    if (state === 'idle' || state === 'failed') void this.#load();
  }

  /** @throws ClassifierError. One that crashes, or answers what cannot be, is kept as failed. */
  async classify(frame: ImageBitmap): Promise<Sight> {
    const classifier = this.#classifier;
    if (classifier === null) {
      frame.close();
      throw new ClassifierError('stopped');
    }
    try {
      const sight: unknown = await classifier.classify(frame);
      if (!isSight(sight)) throw new ClassifierError('crashed');
      return sight;
    } catch (error) {
      if (classifier === this.#classifier) this.#failed(error);
      throw error;
    }
  }

  async #load(): Promise<void> {
    this.#state.value = { state: 'loading', share: 0 };
    try {
      const classifier = await this.#open();
      await classifier.load((share) => {
        if (this.#state.peek().state === 'loading') this.#state.value = { state: 'loading', share };
      });
      this.#classifier = classifier;
      this.#state.value = { state: 'ready' };
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#classifier?.close();
    this.#classifier = null;
    const fault = error instanceof ClassifierError ? error.fault : 'unreachable';
    // Nobody stops it but this keeper: to those who wait it is broken.
    this.#state.value = { state: 'failed', fault: fault === 'stopped' ? 'crashed' : fault };
  }
}
