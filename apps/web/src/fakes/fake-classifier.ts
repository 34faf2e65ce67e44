import { type Classifier, ClassifierError, type ClassifierFault } from '../shield/classifier.ts';
import type { Scores, Sight } from '../shield/scores.ts';
import type { Scheduler } from '../signal/ports.ts';

/**
 * Returns a classifier's scores for a picture that is explicit to the given share. The rest of the
 * score is "sexy".
 */
export function explicit(share: number): Scores {
  return { drawing: 0, hentai: share / 4, neutral: 0, porn: (share * 3) / 4, sexy: 1 - share };
}

export const CLEAN = explicit(0.05);
export const UNSURE = explicit(0.55);
export const EXPLICIT = explicit(0.95);

export class FakeFrame implements ImageBitmap {
  readonly width = 480;
  readonly height = 480;
  closed = false;

  close(): void {
    this.closed = true;
  }
}

/** A fake classifier. Tests set the scores that it returns and the time that it takes. */
export class FakeClassifier implements Classifier {
  scores: Scores = CLEAN;
  luma = 120;
  takesMs = 60;
  loadsMs = 300;
  fault: ClassifierFault | null = null;
  /** Share of the download, from 0 to 1, at which loading stops. With `null` loading completes. */
  stallsAt: number | null = null;
  readonly frames: ImageBitmap[] = [];
  inFlight = 0;
  inFlightMost = 0;
  closed = false;
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  async load(progress: (share: number) => void): Promise<void> {
    progress(0);
    await this.#wait(this.loadsMs / 2);
    progress(this.stallsAt ?? 0.5);
    if (this.stallsAt !== null) await new Promise(() => {});
    await this.#wait(this.loadsMs / 2);
    if (this.fault !== null) throw new ClassifierError(this.fault);
    progress(1);
  }

  async classify(frame: ImageBitmap): Promise<Sight> {
    this.frames.push(frame);
    frame.close();
    this.inFlight += 1;
    this.inFlightMost = Math.max(this.inFlightMost, this.inFlight);
    await this.#wait(this.takesMs);
    this.inFlight -= 1;
    if (this.fault !== null) throw new ClassifierError(this.fault);
    return { scores: this.scores, luma: this.luma };
  }

  close(): void {
    this.closed = true;
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#scheduler.after(ms, resolve);
    });
  }
}
