import { assert, assertDefined } from '@farandole/kernel/assert';
import { grown } from './linked-lists.ts';

export type TermKind = 'interest' | 'language';

/**
 * Gives each interest and each language among the waiting a small number, its *term*, and counts
 * who bears it. A term that nobody bears any more is given away again, so that the table is no
 * larger than what the waiting brought, whatever was typed before.
 */
export class TermTable {
  /** Terms from here on are given; the numbers below are the caller's own. */
  readonly #first: number;
  readonly #interests = new Map<string, number>();
  readonly #languages = new Map<string, number>();
  /** For each term the map that it is in and the text that it stands for. */
  readonly #homes: Map<string, number>[] = [];
  readonly #texts: string[] = [];
  readonly #spare: number[] = [];
  #bearing: Int32Array = new Int32Array(0);
  #end: number;

  constructor(first: number) {
    this.#first = first;
    this.#end = first;
  }

  /** The end of the range of numbers that were ever given. */
  get end(): number {
    return this.#end;
  }

  /** How many different terms are borne. */
  get size(): number {
    return this.#interests.size + this.#languages.size;
  }

  /** The term of a text, which one more now bears. */
  acquire(kind: TermKind, text: string): number {
    const home = this.#home(kind);
    const known = home.get(text);
    if (known !== undefined) {
      this.#bearing[known] = this.bearing(known) + 1;
      return known;
    }
    const term = this.#spare.pop() ?? this.#end++;
    if (term >= this.#bearing.length) {
      this.#bearing = grown(this.#bearing, Math.max(64, this.#end * 2), 0);
    }
    home.set(text, term);
    this.#homes[term] = home;
    this.#texts[term] = text;
    this.#bearing[term] = 1;
    return term;
  }

  /** One fewer bears it. */
  release(term: number): void {
    const left = this.bearing(term) - 1;
    assert(left >= 0, 'a term is released that nobody bears');
    this.#bearing[term] = left;
    if (left > 0) return;
    const home = assertDefined(this.#homes[term], 'a term has no home');
    home.delete(this.text(term));
    this.#spare.push(term);
  }

  /** How many bear the term. */
  bearing(term: number): number {
    assert(term >= this.#first, 'a reserved number was taken for a term');
    return this.#bearing[term] as number;
  }

  /** What the term stands for. */
  text(term: number): string {
    return assertDefined(this.#texts[term], 'a term was never given');
  }

  /** The term of a text, or null when nobody bears it. */
  find(kind: TermKind, text: string): number | null {
    return this.#home(kind).get(text) ?? null;
  }

  #home(kind: TermKind): Map<string, number> {
    return kind === 'interest' ? this.#interests : this.#languages;
  }
}
