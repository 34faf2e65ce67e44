import { assert } from '@farandole/kernel/assert';

/** Stands for a missing list node or slot, and for the end of a list. */
export const NONE = -1;

/**
 * Doubly linked lists over one set of numbered nodes. Appending and removing take constant time.
 * Links are in typed arrays, because 100,000 tickets have about half a million links, and the
 * garbage collector would visit each one as an object. The two links of a node are adjacent, so
 * they share a cache line. A node is in at most one list, and the caller must know in which.
 */
export class LinkedLists {
  /** For node n, `links[2n]` is the next node and `links[2n + 1]` the previous. */
  links: Int32Array = new Int32Array(0);
  /** For list l, `ends[2l]` is the first node and `ends[2l + 1]` the last. */
  ends: Int32Array = new Int32Array(0);

  /** Ensures capacity for nodes `0` to `count - 1`. Never shrinks. */
  growNodes(count: number): void {
    this.links = grown(this.links, count * 2, NONE);
  }

  /** Ensures capacity for lists `0` to `count - 1`. New lists are empty. Never shrinks. */
  growLists(count: number): void {
    this.ends = grown(this.ends, count * 2, NONE);
  }

  first(list: number): number {
    return this.ends[list * 2] as number;
  }

  last(list: number): number {
    return this.ends[list * 2 + 1] as number;
  }

  next(node: number): number {
    return this.links[node * 2] as number;
  }

  append(list: number, node: number): void {
    const last = this.ends[list * 2 + 1] as number;
    this.links[node * 2] = NONE;
    this.links[node * 2 + 1] = last;
    if (last === NONE) this.ends[list * 2] = node;
    else this.links[last * 2] = node;
    this.ends[list * 2 + 1] = node;
  }

  remove(list: number, node: number): void {
    const next = this.links[node * 2] as number;
    const previous = this.links[node * 2 + 1] as number;
    if (previous === NONE) {
      assert(this.ends[list * 2] === node, 'removed a node from a list that it isn’t in');
      this.ends[list * 2] = next;
    } else this.links[previous * 2] = next;
    if (next === NONE) this.ends[list * 2 + 1] = previous;
    else this.links[next * 2 + 1] = previous;
    this.links[node * 2] = NONE;
    this.links[node * 2 + 1] = NONE;
  }
}

export function grown(words: Int32Array, length: number, fill: number): Int32Array {
  if (length <= words.length) return words;
  const longer = new Int32Array(length).fill(fill, words.length);
  longer.set(words);
  return longer;
}
