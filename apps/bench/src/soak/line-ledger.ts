import type { Seat, TaggedLine } from '@farandole/protocol/fields';

/** How a side's part in a call came to its end: it was told so, or it went away itself. */
export type Parting = 'told' | 'gone';

interface Hearing {
  /** Lines of the call heard so far, from the first, without a gap. */
  place: number;
  /** Of them, those that the side said itself. */
  own: number;
  parting: Parting | null;
}

type Hearings = Record<Seat, Hearing>;

/**
 * What became of every line of every call, from what both sides heard. The node's counters give
 * each line its place in the whole conversation, and the speaker writes into the text how many
 * lines it has said: so that a counter which lies is seen, too.
 */
export class LineLedger {
  /** Lines that the node accepted, in calls that are over. */
  accepted = 0;
  /** Lines that a side should have heard, and did not. */
  lost = 0;
  /** Lines heard a second time, or after a later one. */
  doubled = 0;
  /** Lines that are not what their speaker said in this call, at this point. */
  foreign = 0;
  readonly #open = new Map<string, Hearings>();

  /** Calls of which one side, at least, has not parted. */
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

  /** One side heard a line, of its own or of the other's. */
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
   * A side's part in the call is over; when both are, what each heard is compared.
   *
   * @param said the lines that the side had said when it asked for the end, which the node has taken
   *   before it; null when it did not ask
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
    // Whoever is told of the end is told after the last line. Who went away may have missed some.
    for (const { place, parting: how } of [a, b]) {
      if (how === 'told') this.lost += most - place;
    }
  }
}

/** What a side says as its `count`-th line in a call. */
export function lineText(match: string, side: Seat, count: number): string {
  return `Line ${count} of ${side} in ${match}: it rains here, and there is tea.`;
}
