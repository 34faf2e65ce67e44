import { assert, assertDefined } from '@farandole/kernel/assert';

/** Maximum number of names. With more, a pair of numbers would exceed a double's exact integers. */
const NAMES_MAX = 2 ** 26;

/** Combines two numbers into one map key. Their order doesn't matter. */
export function pairOf(one: number, other: number): number {
  return one < other ? one * NAMES_MAX + other : other * NAMES_MAX + one;
}

/**
 * Assigns numbers to subjects and device keys in use, so that two of them form one numeric map
 * key. A name without entries has no number, so most queries end at their first look-up. Unused
 * numbers are reused.
 */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #uses: number[] = [];
  readonly #spare: number[] = [];
  #version = 0;

  get size(): number {
    return this.#numbers.size;
  }

  /** Increases whenever a result of `find` may have changed. */
  get version(): number {
    return this.#version;
  }

  find(name: string): number | undefined {
    return this.#numbers.get(name);
  }

  /** Returns the name with this number, which must be in use. */
  nameOf(number: number): string {
    return assertDefined(this.#names[number], 'a number without a name');
  }

  /** Returns the number of a name and counts one use. Each call needs one `release`. */
  take(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) {
      this.#uses[known] = this.#usesOf(known) + 1;
      return known;
    }
    const number = this.#spare.pop() ?? this.#names.length;
    assert(number < NAMES_MAX, 'too many names');
    this.#version += 1;
    this.#numbers.set(name, number);
    this.#names[number] = name;
    this.#uses[number] = 1;
    return number;
  }

  release(number: number): void {
    const left = this.#usesOf(number) - 1;
    assert(left >= 0, 'a name is released more often than taken');
    this.#uses[number] = left;
    if (left > 0) return;
    this.#version += 1;
    this.#numbers.delete(this.nameOf(number));
    this.#names[number] = '';
    this.#spare.push(number);
  }

  #usesOf(number: number): number {
    return assertDefined(this.#uses[number], 'a number that was never given');
  }
}
