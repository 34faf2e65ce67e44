import { assert, assertDefined } from '@farandole/kernel/assert';
import { grown } from './linked-lists.ts';

export type TermKind = 'interest' | 'language';

/**
 * Maps each interest and language of the waiting tickets to a small number, its *term*, and counts
 * its bearers. Unused terms are reused, which bounds the table by the current tickets.
 */
export class TermTable {
  /** Smaller numbers are reserved for the caller. */
  readonly #first: number;
  readonly #interests = new Map<string, number>();
  readonly #languages = new Map<string, number>();
  readonly #homes: Map<string, number>[] = [];
  readonly #texts: string[] = [];
  readonly #spare: number[] = [];
  #bearing: Int32Array = new Int32Array(0);
  #end: number;

  constructor(first: number) {
    this.#first = first;
    this.#end = first;
  }

  /** One above the largest term ever assigned. */
  get end(): number {
    return this.#end;
  }

  get size(): number {
    return this.#interests.size + this.#languages.size;
  }

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

  release(term: number): void {
    const left = this.bearing(term) - 1;
    assert(left >= 0, 'released a term without tickets');
    this.#bearing[term] = left;
    if (left > 0) return;
    const home = assertDefined(this.#homes[term], 'a term has no home');
    home.delete(this.text(term));
    this.#spare.push(term);
  }

  bearing(term: number): number {
    assert(term >= this.#first, 'a reserved number was taken for a term');
    return this.#bearing[term] as number;
  }

  text(term: number): string {
    return assertDefined(this.#texts[term], 'unknown term');
  }

  find(kind: TermKind, text: string): number | null {
    return this.#home(kind).get(text) ?? null;
  }

  #home(kind: TermKind): Map<string, number> {
    return kind === 'interest' ? this.#interests : this.#languages;
  }
}
