import { type ReadonlySignal, signal } from '@preact/signals';

/** A part of the page whose code is fetched when it is first needed, and again where it did not come. */
export class LatePart<Part> {
  readonly #open: () => Promise<Part>;
  readonly #part = signal<Part | null>(null);
  #opening: Promise<Part> | null = null;

  constructor(open: () => Promise<Part>) {
    this.#open = open;
  }

  /** Null until it is there. */
  get part(): ReadonlySignal<Part | null> {
    return this.#part;
  }

  /** Does something with it: at once where it is there, else when it is. Without its code nothing is done. */
  with(work: (part: Part) => void): void {
    const open = this.#part.peek();
    if (open !== null) {
      work(open);
      return;
    }
    this.#opening ??= this.#open();
    this.#opening.then(
      (part) => {
        this.#part.value = part;
        work(part);
      },
      () => {
        this.#opening = null;
      },
    );
  }
}
