import type { Clock } from '@farandole/kernel/clock';
import type { Scheduler } from '../signal/ports.ts';
import { type Pace, type Part, partAt, pauseAfterSample } from './sampling.ts';
import type { Sight } from './scores.ts';

export interface SamplerPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** The current part of the picture; null without one. */
  readonly take: (part: Part) => Promise<ImageBitmap | null>;
  /** Closes the picture. Classifier failures are reported elsewhere. */
  readonly classify: (frame: ImageBitmap) => Promise<Sight>;
}

export interface SamplerEvents {
  /** @returns how soon to look again */
  seen(sight: Sight, takenAtMs: number): Pace;
  noPicture(): void;
}

/** Looks at a picture repeatedly, one look at a time. */
export class Sampler {
  readonly #ports: SamplerPorts;
  readonly #events: SamplerEvents;
  /** Incremented at each start and stop; results of older runs are ignored. */
  #run = 0;
  #running = false;
  /** A look is in progress, perhaps of an older run. */
  #sampling = false;
  #cancel: (() => void) | null = null;

  constructor(ports: SamplerPorts, events: SamplerEvents) {
    this.#ports = ports;
    this.#events = events;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Starts with the fast first looks. Does nothing while running. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#run += 1;
    // An older look is awaited, even after several stops and starts.
    if (!this.#sampling) void this.#sample(this.#run, 0, 0);
  }

  stop(): void {
    this.#running = false;
    this.#run += 1;
    this.#cancel?.();
    this.#cancel = null;
  }

  /** @param turn selects the part: an immediate second look repeats it */
  async #sample(run: number, count: number, turn: number): Promise<void> {
    const { clock, scheduler } = this.#ports;
    const beganAtMs = clock.monotonicMs();
    this.#sampling = true;
    const pace = await this.#sampleOnce(run, partAt(turn));
    this.#sampling = false;
    // The callback may have stopped this run and started another.
    if (run !== this.#run) {
      if (this.#running) void this.#sample(this.#run, 0, 0);
      return;
    }
    const nowMs = clock.monotonicMs();
    const fromMs = pace === 'seldom' ? nowMs : beganAtMs;
    const dueAtMs = fromMs + pauseAfterSample(count + 1, pace);
    this.#cancel = scheduler.after(Math.max(0, dueAtMs - nowMs), () => {
      this.#cancel = null;
      void this.#sample(run, count + 1, pace === 'again' ? turn : turn + 1);
    });
  }

  async #sampleOnce(run: number, part: Part): Promise<Pace> {
    const { clock, take, classify } = this.#ports;
    const isCurrent = (): boolean => run === this.#run;
    try {
      const frame = await take(part);
      if (!isCurrent()) {
        frame?.close();
        return 'usual';
      }
      const takenAtMs = clock.monotonicMs();
      const sight = frame === null ? null : await classify(frame);
      if (!isCurrent()) return 'usual';
      if (sight !== null) return this.#events.seen(sight, takenAtMs);
    } catch {
      // A failed capture counts as none; the classifier reports its own failures.
      if (!isCurrent()) return 'usual';
    }
    this.#events.noPicture();
    return 'usual';
  }
}
