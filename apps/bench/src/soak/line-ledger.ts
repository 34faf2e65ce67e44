import type { Seat, TaggedLine } from '@farandole/protocol/fields';

/** `told`: notified of the end; `gone`: left or disconnected. */
export type Parting = 'told' | 'gone';

interface Hearing {
  /** Lines heard without a gap. */
  place: number;
  /** Heard lines that the side itself had sent. */
  own: number;
  parting: Parting | null;
}

type Hearings = Record<Seat, Hearing>;

/**
 * Checks every line of every call from what both sides heard. Besides the node's counters, the text
 * contains the sender's own count, which exposes a wrong counter.
 */
export class LineLedger {
  accepted = 0;
  /** Expected but not received. */
  lost = 0;
  /** Received twice, or after a later line. */
  doubled = 0;
  /** Lines that differ from what the sender sent at this point. */
  foreign = 0;
  readonly #open = new Map<string, Hearings>();

  get openCalls(): number {
    return this.#open.size;
  }

  begin(match: string): void {
    if (this.#open.has(match)) return;
    this.#open.set(match, {
      a: { place: 0, own: 0, parting: null },
      b: { place: 0, own: 0, parting: null },
    });
  }

  heard(match: string, listener: Seat, { side, counters, text }: TaggedLine): void {
    const hearing = this.#open.get(match)?.[listener];
    if (hearing === undefined || hearing.parting !== null) {
      this.foreign += 1;
      return;
    }
    const [ofA, ofB] = counters;
    if (text !== lineText(match, side, side === 'a' ? ofA : ofB)) this.foreign += 1;
    const place = ofA + ofB;
    if (place <= hearing.place) {
      this.doubled += 1;
      return;
    }
    this.lost += place - hearing.place - 1;
    hearing.place = place;
    if (side === listener) hearing.own = side === 'a' ? ofA : ofB;
  }

  /**
   * Records that a side ended; once both have, compares the lines they received. @param said number
   * of accepted lines before this side requested the end; null if it didn't request it
   */
  part(match: string, side: Seat, parting: Parting, said: number | null = null): void {
    const call = this.#open.get(match);
    if (call === undefined || call[side].parting !== null) return;
    call[side].parting = parting;
    if (said !== null) this.lost += Math.max(0, said - call[side].own);
    const { a, b } = call;
    if (a.parting === null || b.parting === null) return;
    this.#open.delete(match);
    const most = Math.max(a.place, b.place);
    this.accepted += most;
    // The end comes after the last line. A side that left may have missed some.
    for (const { place, parting: how } of [a, b]) {
      if (how === 'told') this.lost += most - place;
    }
  }
}

export function lineText(match: string, side: Seat, count: number): string {
  return `Line ${count} of ${side} in ${match}: it rains here, and there is tea.`;
}
