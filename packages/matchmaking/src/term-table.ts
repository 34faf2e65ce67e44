import { assert, assertDefined } from '@farandole/kernel/assert';
import { grown } from './linked-lists.ts';

export type TermKind = 'interest' | 'language';

/**
 * Assigns a small number, the *term*, to each interest and language of the waiting tickets, and
 * counts the tickets that have it. Unused numbers are reused, so the table's size is bounded by
 * the current tickets.
 */
export class TermTable {
  /** The first number that may be assigned. Smaller ones are reserved for the caller. */
  readonly #first: number;
  readonly #interests = new Map<string, number>();
  readonly #languages = new Map<string, number>();
  readonly #homes: Map<string, number>[] = [];
  readonly #texts: string[] = [];
  readonly #spare: number[] = [];
  #bearing: Int32Array = new Int32Array(0);
  #counted: Int32Array = new Int32Array(0);
  /** For each term, the time until which `TagUses` needn't record further uses. */
  readonly freshUntilMs: number[] = [];
  #end: number;

  constructor(first: number) {
    this.#first = first;
    this.#end = first;
  }

  /** One more than the largest number ever assigned. */
  get end(): number {
    return this.#end;
  }

  get size(): number {
    return this.#interests.size + this.#languages.size;
  }

  /** @param isCounted whether the ticket is included in `counted` */
  acquire(kind: TermKind, text: string, isCounted = true): number {
    const home = this.#home(kind);
    const known = home.get(text);
    const term = known ?? this.#create(home, text);
    this.#bearing[term] = this.bearing(term) + 1;
    if (isCounted) this.#counted[term] = this.counted(term) + 1;
    return term;
  }

  release(term: number, isCounted = true): void {
    const left = this.bearing(term) - 1;
    assert(left >= 0, 'released a term without tickets');
    this.#bearing[term] = left;
    if (isCounted) this.#counted[term] = this.counted(term) - 1;
    if (left > 0) return;
    const home = assertDefined(this.#homes[term], 'a term has no home');
    home.delete(this.text(term));
    this.#spare.push(term);
  }

  bearing(term: number): number {
    assert(term >= this.#first, 'a reserved number was taken for a term');
    return this.#bearing[term] as number;
  }

  /** Returns the number of tickets with the term that were acquired with `isCounted`. */
  counted(term: number): number {
    assert(term >= this.#first, 'a reserved number was taken for a term');
    return this.#counted[term] as number;
  }

  text(term: number): string {
    return assertDefined(this.#texts[term], 'unknown term');
  }

  find(kind: TermKind, text: string): number | null {
    return this.#home(kind).get(text) ?? null;
  }

  #create(home: Map<string, number>, text: string): number {
    const term = this.#spare.pop() ?? this.#end++;
    if (term >= this.#bearing.length) {
      const length = Math.max(64, this.#end * 2);
      this.#bearing = grown(this.#bearing, length, 0);
      this.#counted = grown(this.#counted, length, 0);
    }
    home.set(text, term);
    this.#homes[term] = home;
    this.#texts[term] = text;
    this.#bearing[term] = 0;
    this.#counted[term] = 0;
    this.freshUntilMs[term] = Number.NEGATIVE_INFINITY;
    return term;
  }

  #home(kind: TermKind): Map<string, number> {
    return kind === 'interest' ? this.#interests : this.#languages;
  }
}
