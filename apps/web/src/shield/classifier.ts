import type { Sight } from './scores.ts';

/**
 * Looks at pictures, on this device. It says what it sees and decides nothing: that is for
 * `shield-machine.ts`.
 */
export interface Classifier {
  /**
   * Fetches and starts what it needs; a second call joins the first.
   *
   * @param progress is told the share that has come, from 0 to 1
   * @throws ClassifierError
   */
  load(progress: (share: number) => void): Promise<void>;
  /**
   * @param frame is the classifier's from now on, and closed by it
   * @throws ClassifierError
   */
  classify(frame: ImageBitmap): Promise<Sight>;
  /** Lets go of everything; what is under way fails as `stopped`. */
  close(): void;
}

/**
 * - `unreachable`: its files did not come, or not in time;
 * - `unsupported`: this browser may or can not run it;
 * - `crashed`: it ran and broke;
 * - `stopped`: it was closed meanwhile.
 */
export type ClassifierFault = 'unreachable' | 'unsupported' | 'crashed' | 'stopped';

export class ClassifierError extends Error {
  override readonly name = 'ClassifierError';
  readonly fault: ClassifierFault;

  constructor(fault: ClassifierFault, options?: ErrorOptions) {
    super(`the shield's classifier is ${fault}`, options);
    this.fault = fault;
  }
}
