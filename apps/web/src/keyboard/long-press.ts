import type { Scheduler } from '../signal/ports.ts';

/** Holding this long reports at once. Longer than any normal press. */
export const LONG_PRESS_MS = 600;
/** A finger that moves farther, in CSS pixels, cancels the hold. */
const MOVED_PX = 16;

/** A press with a second action once it lasts. */
export class LongPress {
  readonly #scheduler: Scheduler;
  #stop: () => void = () => {};

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** @param lasted called after `HOLD_MS`, unless released or pressed again */
  press(lasted: () => void): void {
    this.#stop();
    this.#stop = this.#scheduler.after(LONG_PRESS_MS, lasted);
  }

  release(): void {
    this.#stop();
  }
}

type Point = Pick<PointerEvent, 'clientX' | 'clientY'>;

/** A press or a hold on one control, by finger or mouse. */
export class PointerLongPress {
  readonly #hold: LongPress;
  #from: Point | null = null;
  #lasted = false;

  constructor(scheduler: Scheduler) {
    this.#hold = new LongPress(scheduler);
  }

  /** @param lasted called while still pressed */
  down(event: Point & Pick<PointerEvent, 'button' | 'isPrimary'>, lasted: () => void): void {
    this.#lasted = false;
    if (!event.isPrimary || event.button !== 0) {
      this.end();
      return;
    }
    this.#from = event;
    this.#hold.press(() => {
      this.#lasted = true;
      lasted();
    });
  }

  move({ clientX, clientY }: Point): void {
    if (this.#from === null) return;
    const wayPx = Math.hypot(clientX - this.#from.clientX, clientY - this.#from.clientY);
    if (wayPx > MOVED_PX) this.end();
  }

  end(): void {
    this.#from = null;
    this.#hold.release();
  }

  /** @returns whether the click counts as a press: a click may also follow a hold */
  isPress(): boolean {
    const wasHeld = this.#lasted;
    this.#lasted = false;
    return !wasHeld;
  }
}
