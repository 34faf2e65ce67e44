import { FRAMES_SENT_EVERY_MS } from '@farandole/cluster/limits';

/**
 * Two processes pass turns of frames back and forth. One leads: it sends a turn, and the next one
 * when all frames have come back. The other returns each turn at once.
 */
export interface VolleyOrder {
  readonly turns: number;
  readonly framesATurn: number;
}

export interface VolleyAnswer {
  /** Time of each turn in ms, from sending it until all its frames were back. */
  readonly timesMs: readonly number[];
}

/** Long enough that no frame waits for others. */
const TURN_EVERY_MS = FRAMES_SENT_EVERY_MS + 3;

/** A frame of 120 bytes as a page sends it, with characters that JSON escapes. */
export const FRAME = JSON.stringify({
  type: 'chat.send',
  seq: 1_234,
  match: 'q1JpZ2h0X2FzX3JhaW5fX1',
  epoch: 1,
  id: 'line-1234',
  text: 'Hey! Where are you?',
});

/** Leads volleys. `send` sends one turn of frames, and `returned` is called for each frame. */
export class VolleyLead {
  readonly #send: (frames: number) => void;
  #order: VolleyOrder | null = null;
  #timesMs: number[] = [];
  #missing = 0;
  #sentAtMs = 0;

  constructor(send: (frames: number) => void) {
    this.#send = send;
    process.on('message', (message) => {
      this.#order = message as VolleyOrder;
      this.#timesMs = [];
      this.#next(this.#order);
    });
  }

  returned(): void {
    this.#missing -= 1;
    if (this.#missing > 0 || this.#order === null) return;
    this.#timesMs.push(performance.now() - this.#sentAtMs);
    const order = this.#order;
    if (this.#timesMs.length < order.turns) {
      setTimeout(() => this.#next(order), TURN_EVERY_MS);
      return;
    }
    this.#order = null;
    process.send?.({ timesMs: this.#timesMs } satisfies VolleyAnswer);
  }

  #next({ framesATurn }: VolleyOrder): void {
    this.#missing = framesATurn;
    this.#sentAtMs = performance.now();
    this.#send(framesATurn);
  }
}
