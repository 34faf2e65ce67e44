import type { Clock } from '@farandole/kernel/clock';
import type { Scheduler } from '../signal/ports.ts';
import {
  type Pace,
  type Part,
  type Pose,
  pauseAfterSample,
  type Shot,
  ShotOrder,
} from './sampling.ts';
import type { Sight } from './scores.ts';

export interface SamplerPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Returns a random number from 0 to below 1. */
  readonly unit: () => number;
  /** Returns a part of the current picture, or null if there is no picture. */
  readonly take: (part: Part) => Promise<ImageBitmap | null>;
  /**
   * Classifies a picture and closes it. The classifier reports failures itself, so the result
   * needs none.
   */
  readonly classify: (frame: ImageBitmap, pose: Pose) => Promise<Sight>;
}

export interface SamplerEvents {
  /**
   * Receives the scores of a sample.
   * @returns how soon to take the next sample
   */
  seen(sight: Sight, takenAtMs: number): Pace;
  noPicture(): void;
}

interface Sample {
  readonly run: number;
  /** Number of samples that the sampler took earlier in this run. */
  readonly count: number;
  readonly order: ShotOrder;
  readonly shot: Shot;
  /**
   * Whether this sample repeats a suspicious one, with the same part of the picture in the same
   * pose.
   */
  readonly isSecond: boolean;
}

/** Takes samples of a picture repeatedly, one sample at a time. */
export class Sampler {
  readonly #ports: SamplerPorts;
  readonly #events: SamplerEvents;
  /**
   * Number of the sampler's run, incremented at each start and stop. Results of an older run are
   * ignored.
   */
  #run = 0;
  #running = false;
  /** Whether a sample is being taken, possibly for an older run of the sampler. */
  #sampling = false;
  #cancel: (() => void) | null = null;

  constructor(ports: SamplerPorts, events: SamplerEvents) {
    this.#ports = ports;
    this.#events = events;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Starts sampling with the fast first samples. Does nothing while the sampler is running. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#run += 1;
    // If a sample of an older run is still being taken, the new run starts after that sample.
    if (!this.#sampling) this.#begin();
  }

  stop(): void {
    this.#running = false;
    this.#run += 1;
    this.#cancel?.();
    this.#cancel = null;
  }

  #begin(): void {
    const order = new ShotOrder(this.#ports.unit);
    void this.#sample({ run: this.#run, count: 0, order, shot: order.next(), isSecond: false });
  }

  async #sample(sample: Sample): Promise<void> {
    const { clock, scheduler, unit } = this.#ports;
    const { run, order, shot } = sample;
    const count = sample.count + 1;
    const beganAtMs = clock.monotonicMs();
    this.#sampling = true;
    const pace = await this.#sampleOnce(run, shot);
    this.#sampling = false;
    // The callback may have stopped this run of the sampler and started another.
    if (run !== this.#run) {
      if (this.#running) this.#begin();
      return;
    }
    const nowMs = clock.monotonicMs();
    const fromMs = pace === 'seldom' ? nowMs : beganAtMs;
    const dueAtMs = fromMs + pauseAfterSample(count, pace, unit);
    // The sampler repeats a suspicious sample only once, so that one suspicious part of the
    // picture doesn't keep it from the other parts.
    const isSecond = pace === 'again' && !sample.isSecond;
    if (isSecond) order.redraw();
    this.#cancel = scheduler.after(Math.max(0, dueAtMs - nowMs), () => {
      this.#cancel = null;
      void this.#sample({ run, count, order, shot: isSecond ? shot : order.next(), isSecond });
    });
  }

  async #sampleOnce(run: number, { part, pose }: Shot): Promise<Pace> {
    const { clock, take, classify } = this.#ports;
    const isCurrent = (): boolean => run === this.#run;
    try {
      const frame = await take(part);
      if (!isCurrent()) {
        frame?.close();
        return 'usual';
      }
      const takenAtMs = clock.monotonicMs();
      const sight = frame === null ? null : await classify(frame, pose);
      if (!isCurrent()) return 'usual';
      if (sight !== null) return this.#events.seen(sight, takenAtMs);
    } catch {
      // If the capture fails, the sampler assumes that there is no picture. The classifier reports
      // its own failures.
      if (!isCurrent()) return 'usual';
    }
    this.#events.noPicture();
    return 'usual';
  }
}
