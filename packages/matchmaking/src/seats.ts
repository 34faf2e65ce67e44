/** One item per seat, in seat order. Every mode has at least two. */
export type AtLeastTwo<Item> = readonly [Item, Item, ...Item[]];

/** `map` that keeps the tuple's minimum length. */
export function mapSeats<From, To>(
  [first, second, ...rest]: AtLeastTwo<From>,
  map: (item: From, at: number) => To,
): AtLeastTwo<To> {
  return [map(first, 0), map(second, 1), ...rest.map((item, at) => map(item, at + 2))];
}
