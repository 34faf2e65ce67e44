import type { PairSeat, Seat, TaggedLine } from '@farandole/protocol/fields';

/**
 * How the call ended for a user. `told`: the server notified the user. `gone`: the user left or
 * disconnected.
 */
export type Parting = 'told' | 'gone';

interface Hearing {
  /** Number of lines that the user received without a gap. */
  place: number;
  /** Number of the user's own lines that the server echoed back. */
  own: number;
  parting: Parting | null;
}

/** The calls of this bench have two users. */
type Hearings = Record<PairSeat, Hearing> & { readonly c?: Hearing };

/**
 * Checks every line of every call by comparing what both users received. Each text contains its
 * sender's own count in addition to the node's counters, so that a wrong counter is found.
 */
export class LineLedger {
  accepted = 0;
  /** Number of lines that were expected but not received. */
  lost = 0;
  /** Number of lines received twice, or after a later line. */
  doubled = 0;
  /** Number of lines whose content differs from the line that the sender sent in that position. */
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
   * Records that the call ended for one user. Once it ended for both, compares the lines they
   * received.
   * @param said number of accepted lines before this user requested the end; null if the user
   * didn't request the end
   */
  part(match: string, side: Seat, parting: Parting, said: number | null = null): void {
    const call = this.#open.get(match);
    const own = call?.[side];
    if (call === undefined || own === undefined || own.parting !== null) return;
    own.parting = parting;
    if (said !== null) this.lost += Math.max(0, said - own.own);
    const { a, b } = call;
    if (a.parting === null || b.parting === null) return;
    this.#open.delete(match);
    const most = Math.max(a.place, b.place);
    this.accepted += most;
    // The server reports the end of a call after the last line, so a user who was notified must
    // have all lines. A user who left may have missed some.
    for (const { place, parting: how } of [a, b]) {
      if (how === 'told') this.lost += most - place;
    }
  }
}

export function lineText(match: string, side: Seat, count: number): string {
  return `Line ${count} of ${side} in ${match}: it rains here, and there is tea.`;
}
