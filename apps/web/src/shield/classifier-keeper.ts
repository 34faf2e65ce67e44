import { type ReadonlySignal, signal } from '@preact/signals';
import { type Classifier, ClassifierError, type ClassifierFault } from './classifier.ts';
import { isSight, type Sight } from './scores.ts';

export type CachedClassifier =
  | { readonly state: 'idle' }
  /** `share` loaded, from 0 to 1. */
  | { readonly state: 'loading'; readonly share: number }
  | { readonly state: 'ready' }
  | { readonly state: 'failed'; readonly fault: Exclude<ClassifierFault, 'stopped'> };

/** The page's only classifier, loaded on first use and then kept. */
export class ClassifierKeeper {
  readonly #open: () => Promise<Classifier>;
  readonly #state = signal<CachedClassifier>({ state: 'idle' });
  #classifier: Classifier | null = null;

  /** @param open creates a classifier; may load its code first */
  constructor(open: () => Promise<Classifier>) {
    this.#open = open;
  }

  get state(): ReadonlySignal<CachedClassifier> {
    return this.#state;
  }

  /** Loads it once; retries after a failure. */
  load(): void {
    const { state } = this.#state.peek();
    if (state === 'idle' || state === 'failed') void this.#load();
  }

  /** @throws ClassifierError. A classifier that crashes or returns invalid results stays failed. */
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
    // Only this keeper stops it, so to callers it has crashed.
    this.#state.value = { state: 'failed', fault: fault === 'stopped' ? 'crashed' : fault };
  }
}
