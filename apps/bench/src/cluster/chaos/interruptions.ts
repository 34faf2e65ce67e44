import type { EventOf } from './history.ts';

/**
 * A page that gets a new session is online for a moment before it restores its call. A shorter
 * continuation than this, in ms, belongs to the interruption.
 */
const BLINK_MS = 250;

export interface Interruption {
  readonly person: string;
  readonly match: string;
  readonly from: number;
  readonly to: number;
}

/** Collects how long calls were interrupted for each of their users. */
export class Interruptions {
  readonly #open = new Map<string, EventOf<'interrupted'>>();
  readonly #over: Interruption[] = [];

  interrupted(event: EventOf<'interrupted'>): void {
    const { person, match, at } = event;
    if (this.#open.has(person)) return;
    const last = this.#over.findLastIndex((each) => each.person === person);
    const before = this.#over[last];
    if (before?.match === match && at - before.to < BLINK_MS) {
      this.#over.splice(last, 1);
      this.#open.set(person, { ...event, at: before.from });
    } else this.#open.set(person, event);
  }

  continued({ person, at }: EventOf<'continued'>): void {
    const since = this.#open.get(person);
    this.#open.delete(person);
    if (since === undefined) return;
    this.#over.push({ person, match: since.match, from: since.at, to: at });
  }

  /**
   * The call is over, so its interruption has no end. Returns whether it was interrupted until then.
   */
  ended(person: string): boolean {
    return this.#open.delete(person);
  }

  get all(): readonly Interruption[] {
    return this.#over;
  }
}
