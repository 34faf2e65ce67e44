/** The controls fade after the mouse has been still for this time. */
export const RESTS_AFTER_MS = 4_000;

/** What decides whether the controls over a picture may fade. */
export interface RestFacts {
  /** Whether the user chose to always see the controls. */
  readonly staysShown: boolean;
  /** Whether a stranger's picture is shown, and nothing asks for an answer. */
  readonly watches: boolean;
  /** Whether the focus is visible on a control, or the user is writing. */
  readonly isUsed: boolean;
}

export function mayRest({ staysShown, watches, isUsed }: RestFacts): boolean {
  return !staysShown && watches && !isUsed;
}

export interface Scheduler {
  after(delayMs: number, run: () => void): () => void;
}

/**
 * Decides when the controls over a picture fade: once the mouse has moved and was then still for
 * `RESTS_AFTER_MS`. Without a mouse they never fade. Any key, touch, focus or movement shows them
 * again.
 */
export class Resting {
  readonly #scheduler: Scheduler;
  readonly #set: (rests: boolean) => void;
  readonly #may: () => boolean;
  #cancel: (() => void) | null = null;

  constructor(scheduler: Scheduler, may: () => boolean, set: (rests: boolean) => void) {
    this.#scheduler = scheduler;
    this.#may = may;
    this.#set = set;
  }

  moved(): void {
    this.wake();
    this.#cancel = this.#scheduler.after(RESTS_AFTER_MS, () => {
      this.#cancel = null;
      if (this.#may()) this.#set(true);
    });
  }

  wake(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#set(false);
  }
}
