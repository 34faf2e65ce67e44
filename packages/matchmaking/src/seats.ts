/** A list with one item per seat of a mode, in seat order. Every mode has at least two seats. */
export type AtLeastTwo<Item> = readonly [Item, Item, ...Item[]];

/** Like `Array.map`, but the result type keeps the minimum length of two. */
export function mapSeats<From, To>(
  [first, second, ...rest]: AtLeastTwo<From>,
  map: (item: From, at: number) => To,
): AtLeastTwo<To> {
  return [map(first, 0), map(second, 1), ...rest.map((item, at) => map(item, at + 2))];
}
