import type { Scheduler } from '../signal/ports.ts';

/** A press on Report that lasts this long reports at once. Normal presses are shorter. */
export const LONG_PRESS_MS = 600;
/** A finger that moves farther than this, in CSS pixels, cancels the long press. */
const MOVED_PX = 16;

/** A press with a second action, which runs if the press lasts. */
export class LongPress {
  readonly #scheduler: Scheduler;
  #stop: () => void = () => {};

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** @param lasted called after `LONG_PRESS_MS`, unless the press has ended or a new one started */
  press(lasted: () => void): void {
    this.#stop();
    this.#stop = this.#scheduler.after(LONG_PRESS_MS, lasted);
  }

  release(): void {
    this.#stop();
  }
}

type Point = Pick<PointerEvent, 'clientX' | 'clientY'>;

/** Distinguishes a press from a long press on one control, by finger or mouse. */
export class PointerLongPress {
  readonly #hold: LongPress;
  #from: Point | null = null;
  #lasted = false;

  constructor(scheduler: Scheduler) {
    this.#hold = new LongPress(scheduler);
  }

  /** @param lasted called during the press, once it is long */
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

  /** @returns false if the click followed a long press, which has already acted */
  isPress(): boolean {
    const wasHeld = this.#lasted;
    this.#lasted = false;
    return !wasHeld;
  }
}
