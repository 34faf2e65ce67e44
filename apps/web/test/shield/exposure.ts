import { createPrng } from '@farandole/kernel/prng';
import { signal } from '@preact/signals';
import { explicit, FakeFrame } from '../../src/fakes/fake-classifier.ts';
import { FakeTime } from '../../src/fakes/fake-time.ts';
import type { Classifier } from '../../src/shield/classifier.ts';
import { ClassifierKeeper } from '../../src/shield/classifier-keeper.ts';
import type { Sight } from '../../src/shield/scores.ts';
import { StrangerShield } from '../../src/shield/stranger-shield.ts';
import { rulesOfTests } from './scenes.ts';

/** Time in ms that the real model takes per sample on a slow core. */
const TAKES_MS = 110;
/** Default interval in ms at which tests read the shield's state. Sample times stay exact. */
const STEP_MS = 50;

/** A video frame that carries a score instead of a picture. */
class ScoredFrame extends FakeFrame {
  readonly explicitness: number;

  constructor(explicitness: number) {
    super();
    this.explicitness = explicitness;
  }
}

/** A fake classifier that returns the score of the frame after `TAKES_MS`. */
function openStub(time: FakeTime): Classifier {
  return {
    load: () => Promise.resolve(),
    classify: (frame) =>
      new Promise((resolve) => {
        const share = frame instanceof ScoredFrame ? frame.explicitness : Number.NaN;
        const sight: Sight = { scores: explicit(share), luma: 120 };
        time.after(TAKES_MS, () => resolve(sight));
      }),
    close: () => {},
  };
}

/**
 * A simulated call with the shipped shield. The stranger's picture has a given score at each
 * moment.
 */
export class Exposure {
  readonly time = new FakeTime();
  readonly shield: StrangerShield;
  /** Explicit score of the stranger's picture at a given time. */
  score: (nowMs: number) => number = () => 0.02;
  readonly #stepMs: number;

  /**
   * @param unit random source of the shield
   * @param stepMs interval in ms at which the test reads the shield's state
   */
  constructor(unit: () => number, stepMs = STEP_MS) {
    this.#stepMs = stepMs;
    const { time } = this;
    this.shield = new StrangerShield(
      {
        ...{ clock: time, scheduler: time, unit, hidden: signal(false), rules: rulesOfTests },
        keeper: new ClassifierKeeper(() => Promise.resolve(openStub(time))),
      },
      { sample: () => Promise.resolve(new ScoredFrame(this.score(time.monotonicMs()))) },
    );
  }

  static seeded(seed: number, stepMs = STEP_MS): Exposure {
    const prng = createPrng(seed);
    return new Exposure(() => prng.unit(), stepMs);
  }

  /** Shows a harmless picture until the shield lets it through. */
  async open(): Promise<void> {
    this.shield.consent(true);
    this.shield.pictureCame();
    await this.until(() => this.shield.open.value);
  }

  async until(reached: () => boolean): Promise<void> {
    while (!reached()) await this.time.advance(this.#stepMs);
  }

  /**
   * Waits until the shield flags the stranger. Returns for how many ms the user saw a picture
   * scored .9 or more, and after how many ms the flag came. Stops once either exceeds its limit,
   * `shownMsMax` or `tookMsMax`.
   */
  async untilFlagged(
    shownMsMax: number,
    tookMsMax: number,
  ): Promise<{ shownMs: number; tookMs: number }> {
    const { time, shield } = this;
    const fromMs = time.monotonicMs();
    let shownMs = 0;
    const tookMs = (): number => time.monotonicMs() - fromMs;
    while (shield.open.value && shownMs <= shownMsMax && tookMs() <= tookMsMax) {
      if (this.score(time.monotonicMs()) >= 0.9) shownMs += this.#stepMs;
      await time.advance(this.#stepMs);
    }
    return { shownMs, tookMs: tookMs() };
  }
}
