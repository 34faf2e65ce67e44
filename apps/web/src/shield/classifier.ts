import type { Pose } from './sampling.ts';
import type { Sight } from './scores.ts';

/**
 * Classifies pictures on this device. `shield-machine.ts` decides what follows from the results.
 */
export interface Classifier {
  /**
   * Loads the classifier. During loading, a second call waits for the same result. After `stalled`,
   * another call continues the download.
   * @param progress receives the loaded share, from 0 to 1
   * @throws ClassifierError
   */
  load(progress: (share: number) => void): Promise<void>;
  /**
   * Classifies a picture.
   * @param frame the picture, which the classifier closes
   * @throws ClassifierError
   */
  classify(frame: ImageBitmap, pose: Pose): Promise<Sight>;
  /** Releases the classifier's memory and worker. Pending calls fail with `stopped`. */
  close(): void;
}

/**
 * Why the classifier failed:
 * - `unreachable`: a file is missing, or the server doesn't answer;
 * - `stalled`: the download began and then stopped; it can be continued;
 * - `unsupported`: the browser can't run the classifier or forbids it;
 * - `crashed`: the classifier failed while running;
 * - `stopped`: the page closed the classifier.
 */
export type ClassifierFault = 'unreachable' | 'stalled' | 'unsupported' | 'crashed' | 'stopped';

export class ClassifierError extends Error {
  override readonly name = 'ClassifierError';
  readonly fault: ClassifierFault;

  constructor(fault: ClassifierFault, options?: ErrorOptions) {
    super(`the shield's classifier is ${fault}`, options);
    this.fault = fault;
  }
}
