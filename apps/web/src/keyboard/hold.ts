import type { Scheduler } from '../signal/ports.ts';

/** So long a key or a finger stays down to report at once: longer than any press that is meant as one. */
export const HOLD_MS = 600;
/** A finger that has gone so far, in CSS pixels, holds nothing. */
const MOVED_PX = 16;

/** A press that does something more once it has lasted. */
export class Hold {
  readonly #scheduler: Scheduler;
  #stop: () => void = () => {};

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** @param lasted is called in `HOLD_MS`, unless the press is over by then or another one begins. */
  press(lasted: () => void): void {
    this.#stop();
    this.#stop = this.#scheduler.after(HOLD_MS, lasted);
  }

  /** The key or the finger is up, or something else came between. */
  release(): void {
    this.#stop();
  }
}

type Point = Pick<PointerEvent, 'clientX' | 'clientY'>;

/** A finger or a mouse button on a control that does one thing when pressed and another when held. */
export class PointerHold {
  readonly #hold: Hold;
  #from: Point | null = null;
  #lasted = false;

  constructor(scheduler: Scheduler) {
    this.#hold = new Hold(scheduler);
  }

  /** @param lasted is called while it is still down */
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

  /** @returns Whether the click that a press ends with is a press: after a hold there may be one, too. */
  isPress(): boolean {
    const wasHeld = this.#lasted;
    this.#lasted = false;
    return !wasHeld;
  }
}
