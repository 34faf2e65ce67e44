import { HELD_LINES_MAX } from '../../../src/limits.ts';
import type { WorldRules } from '../rules.ts';
import type { MatchModel, MatchSide } from './model.ts';
import { Violation } from './violation.ts';

/**
 * GW-33: lines wait for a side that still lacks older ones, so many and no more; at one more all of
 * them are let go, and what is older never comes.
 */
export class HeldLines {
  readonly #rules: WorldRules;
  readonly #counts: { letGo: number };
  /** Of this step: the sides for which more would be kept than may be. */
  readonly #mustLetGo = new Map<MatchSide, MatchModel>();
  /** Of this step: the sides that were given newer lines before the older ones, and after which. */
  readonly #letGo = new Map<MatchSide, { readonly match: MatchModel; readonly after: number }>();

  /** @param counts how often lines were let go is counted here */
  constructor(rules: WorldRules, counts: { letGo: number }) {
    this.#rules = rules;
    this.#counts = counts;
  }

  /** A line was accepted, as somebody heard who has all of them. */
  lineAdded(match: MatchModel): void {
    for (const side of [match.a, match.b]) {
      if (side === null || side.lacksUpTo === 0 || side.session.connection === null) continue;
      if (this.#countFor(match, side) > this.#max) this.#mustLetGo.set(side, match);
    }
  }

  /** A side is given a line; with the last of those that it lacked, or a newer one, it lacks none. */
  lineGiven(match: MatchModel, side: MatchSide, place: number, step: number): void {
    const { lacksUpTo } = side;
    if (lacksUpTo === 0 || place < lacksUpTo) return;
    if (place > lacksUpTo) {
      this.#counts.letGo += 1;
      side.letGo.add(place);
      this.#letGo.set(side, { match, after: lacksUpTo });
    }
    side.lacksUpTo = 0;
    side.releasedInStep = step;
  }

  /** I10 and I6, at the end of the step: all were let go where there is one more, and only there. */
  check(): void {
    if (this.#mustLetGo.size > 0) this.#checkKept();
    if (this.#letGo.size > 0) this.#checkLetGo();
  }

  #checkKept(): void {
    for (const [{ lacksUpTo, subject, session }, match] of this.#mustLetGo) {
      if (lacksUpTo === 0 || session.connection === null || match.state !== 'live') continue;
      const kept = match.lines.length - lacksUpTo;
      throw new Violation('I10', `${kept} lines of ${match.id} are kept from ${subject}`);
    }
    this.#mustLetGo.clear();
  }

  #checkLetGo(): void {
    for (const [{ subject }, { match, after }] of this.#letGo) {
      const waited = match.lines.length - after;
      if (waited > this.#max) continue;
      throw new Violation('I6', `${waited} lines of ${match.id} do not wait for ${subject}`);
    }
    this.#letGo.clear();
  }

  /** How many a node may keep from a side: known to the line where the other side hears them all. */
  most(match: MatchModel, side: MatchSide): number {
    const count = this.#countFor(match, side);
    // They were let go while the side was away, which hears of it when it is back.
    if (count > this.#max) return 0;
    const across = match.a === side ? match.b : match.a;
    return across?.session.connection === null ? this.#max : count;
  }

  #countFor({ lines }: MatchModel, { lacksUpTo }: MatchSide): number {
    return lacksUpTo === 0 ? 0 : lines.length - lacksUpTo;
  }

  get #max(): number {
    return this.#rules.config.heldLinesMax ?? HELD_LINES_MAX;
  }
}
