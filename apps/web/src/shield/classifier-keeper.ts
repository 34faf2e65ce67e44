import { type ReadonlySignal, signal } from '@preact/signals';
import { type Classifier, ClassifierError, type ClassifierFault } from './classifier.ts';
import type { Pose } from './sampling.ts';
import { isSight, type Sight } from './scores.ts';

export type CachedClassifier =
  | { readonly state: 'idle' }
  /** `share` is the loaded share of the classifier, from 0 to 1. */
  | { readonly state: 'loading'; readonly share: number }
  | { readonly state: 'ready' }
  | { readonly state: 'failed'; readonly fault: Exclude<ClassifierFault, 'stopped'> };

/** The page's only classifier. It loads on first use and is then kept in memory. */
export class ClassifierKeeper {
  readonly #open: () => Promise<Classifier>;
  readonly #state = signal<CachedClassifier>({ state: 'idle' });
  #classifier: Classifier | null = null;
  /** A classifier whose download stalled. The next attempt continues it. */
  #stalled: Classifier | null = null;

  /** @param open creates a classifier; may load the classifier's code first */
  constructor(open: () => Promise<Classifier>) {
    this.#open = open;
  }

  get state(): ReadonlySignal<CachedClassifier> {
    return this.#state;
  }

  /**
   * Loads the classifier once. After a failure, the next call tries again, and continues a download
   * that stalled.
   */
  load(): void {
    const { state } = this.#state.peek();
    if (state === 'idle' || state === 'failed') void this.#load();
  }

  /**
   * Classifies a picture. After a crash or an invalid result, the classifier fails for all later
   * pictures.
   * @throws ClassifierError
   */
  async classify(frame: ImageBitmap, pose: Pose): Promise<Sight> {
    const classifier = this.#classifier;
    if (classifier === null) {
      frame.close();
      throw new ClassifierError('stopped');
    }
    try {
      const sight: unknown = await classifier.classify(frame, pose);
      if (!isSight(sight)) throw new ClassifierError('crashed');
      return sight;
    } catch (error) {
      if (classifier === this.#classifier) this.#failed(error);
      throw error;
    }
  }

  async #load(): Promise<void> {
    this.#state.value = { state: 'loading', share: 0 };
    let classifier = this.#stalled;
    this.#stalled = null;
    try {
      classifier ??= await this.#open();
      await classifier.load((share) => {
        if (this.#state.peek().state === 'loading') this.#state.value = { state: 'loading', share };
      });
      this.#classifier = classifier;
      this.#state.value = { state: 'ready' };
    } catch (error) {
      if (isStall(error)) this.#stalled = classifier;
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#classifier?.close();
    this.#classifier = null;
    const fault = error instanceof ClassifierError ? error.fault : 'unreachable';
    // Callers see the error `crashed` instead of `stopped`, because only this object stops the
    // classifier.
    this.#state.value = { state: 'failed', fault: fault === 'stopped' ? 'crashed' : fault };
  }
}

function isStall(error: unknown): boolean {
  return error instanceof ClassifierError && error.fault === 'stalled';
}
