import type { ShieldRules } from '@farandole/protocol/shield-rules';
import {
  type Classifier,
  ClassifierError,
  type ClassifierFault,
} from '../../src/shield/classifier.ts';
import type { Scores, Sight } from '../../src/shield/scores.ts';
import type { Scheduler } from '../../src/signal/ports.ts';
import { CLEAN, RULES } from './scenes.ts';

/** A picture that knows whether it was closed. */
export class FakeFrame implements ImageBitmap {
  readonly width = 480;
  readonly height = 480;
  closed = false;

  close(): void {
    this.closed = true;
  }
}

/** Sees what a test tells it to see, and takes as long as it says. */
export class FakeClassifier implements Classifier {
  scores: Scores = CLEAN;
  luma = 120;
  takesMs = 60;
  loadsMs = 300;
  /** Fails to load, or to look, with this. */
  fault: ClassifierFault | null = null;
  readonly frames: ImageBitmap[] = [];
  /** Looks that are under way. */
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
    progress(0.5);
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

export const rulesOfTests = (): ShieldRules => RULES;
