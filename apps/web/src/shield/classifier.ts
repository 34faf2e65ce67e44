import type { Pose } from './sampling.ts';
import type { Sight } from './scores.ts';

/** Classifies pictures on this device. Decisions are made in `shield-machine.ts`. */
export interface Classifier {
  /** A second call joins the first. @param progress gets a share, 0 to 1 @throws ClassifierError */
  load(progress: (share: number) => void): Promise<void>;
  /** @param frame is closed by the classifier @throws ClassifierError */
  classify(frame: ImageBitmap, pose: Pose): Promise<Sight>;
  /** Releases everything; pending calls fail as `stopped`. */
  close(): void;
}

/**
 * - `unreachable`: files missing or too late;
 * - `unsupported`: the browser can't or may not run it;
 * - `crashed`: it failed while running;
 * - `stopped`: closed.
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
