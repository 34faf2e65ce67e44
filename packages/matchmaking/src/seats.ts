/** A list with one item per seat of a mode, in seat order. Every mode has at least two seats. */
export type AtLeastTwo<Item> = readonly [Item, Item, ...Item[]];

/** Like `Array.map`, but the result type keeps the minimum length of two. */
export function mapSeats<From, To>(
  items: AtLeastTwo<From>,
  map: (item: From, at: number) => To,
): AtLeastTwo<To> {
  return items.map(map) as [To, To, ...To[]];
}
