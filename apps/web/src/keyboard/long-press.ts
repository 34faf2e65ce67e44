import type { Scheduler } from '../signal/ports.ts';

/**
 * Pressing the Report button for this long sends a report without further choices. Normal presses
 * are shorter.
 */
export const LONG_PRESS_MS = 600;
/** If a finger moves farther than this many CSS pixels, the long press is cancelled. */
const MOVED_PX = 16;

/** A timer for a key or button with a second action that runs if the press lasts long. */
export class LongPress {
  readonly #scheduler: Scheduler;
  #stop: () => void = () => {};

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /**
   * @param lasted called after `LONG_PRESS_MS`, unless the press has ended or a new press has
   * started
   */
  press(lasted: () => void): void {
    this.#stop();
    this.#stop = this.#scheduler.after(LONG_PRESS_MS, lasted);
  }

  release(): void {
    this.#stop();
  }
}

type Point = Pick<PointerEvent, 'clientX' | 'clientY'>;

/** Distinguishes a short press from a long press on one control, by finger or mouse. */
export class PointerLongPress {
  readonly #hold: LongPress;
  #from: Point | null = null;
  #lasted = false;

  constructor(scheduler: Scheduler) {
    this.#hold = new LongPress(scheduler);
  }

  /** @param lasted called while the control is still pressed, once the press is long */
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

  /**
   * Returns whether a click on the control was a short press.
   * @returns false if the click ends a long press, whose action has already run
   */
  isPress(): boolean {
    const wasHeld = this.#lasted;
    this.#lasted = false;
    return !wasHeld;
  }
}
