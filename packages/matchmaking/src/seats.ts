/** One of each seat, in the order of the seats. No mode has fewer than two. */
export type AtLeastTwo<Item> = readonly [Item, Item, ...Item[]];

/** What `map` makes of each, as many as before. */
export function mapSeats<From, To>(
  [first, second, ...rest]: AtLeastTwo<From>,
  map: (item: From, at: number) => To,
): AtLeastTwo<To> {
  return [map(first, 0), map(second, 1), ...rest.map((item, at) => map(item, at + 2))];
}
