import { assert } from '@farandole/kernel/assert';

/** No node, no slot, end of a list. */
export const NONE = -1;

/**
 * Many doubly linked lists over one set of numbered nodes: adding at the end and taking out
 * anywhere cost the same however long the list.
 *
 * The links live in typed arrays and not in objects: 100,000 waiting tickets have some half a
 * million links, which as objects would be that many things for the garbage collector to visit
 * each time, and which here are one. A node's two links lie side by side, so following one of
 * them brings the other along in the same line of the cache.
 *
 * A node is in at most one list. The caller knows in which, since only it knows why.
 */
export class LinkedLists {
  /** For node n, `links[2n]` is the next node and `links[2n + 1]` the one before. */
  links: Int32Array = new Int32Array(0);
  /** For list l, `ends[2l]` is the first node and `ends[2l + 1]` the last. */
  ends: Int32Array = new Int32Array(0);

  /** Makes room for nodes `0 … count - 1`; never takes any away. */
  growNodes(count: number): void {
    this.links = grown(this.links, count * 2, NONE);
  }

  /** Makes room for lists `0 … count - 1`, the new ones empty; never takes any away. */
  growLists(count: number): void {
    this.ends = grown(this.ends, count * 2, NONE);
  }

  /** The first node of a list, or `NONE`. */
  first(list: number): number {
    return this.ends[list * 2] as number;
  }

  /** The last node of a list, or `NONE`. */
  last(list: number): number {
    return this.ends[list * 2 + 1] as number;
  }

  /** The node after this one in its list, or `NONE`. */
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
      assert(this.ends[list * 2] === node, 'a node is taken out of a list that it is not in');
      this.ends[list * 2] = next;
    } else this.links[previous * 2] = next;
    if (next === NONE) this.ends[list * 2 + 1] = previous;
    else this.links[next * 2 + 1] = previous;
    this.links[node * 2] = NONE;
    this.links[node * 2 + 1] = NONE;
  }
}

/** The same words in a longer array, the new ones filled. */
export function grown(words: Int32Array, length: number, fill: number): Int32Array {
  if (length <= words.length) return words;
  const longer = new Int32Array(length).fill(fill, words.length);
  longer.set(words);
  return longer;
}
