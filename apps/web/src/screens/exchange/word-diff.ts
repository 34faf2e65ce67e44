export interface Piece {
  readonly kind: 'same' | 'gone' | 'new';
  readonly text: string;
}

/** A text of more words isn't compared word by word, because the time grows with the square. */
export const WORDS_MAX = 400;

/**
 * Returns the words of `before` and `after` in order, by a longest common subsequence. Without the
 * new pieces the result is `before`, and without the gone ones `after`.
 */
export function wordDiff(before: string, after: string): readonly Piece[] {
  const [one, other] = [wordsOf(before), wordsOf(after)];
  if (one.length > WORDS_MAX || other.length > WORDS_MAX) {
    return joined([
      { kind: 'gone', text: before },
      { kind: 'new', text: after },
    ]);
  }
  const lengths = commonLengths(one, other);
  const pieces: Piece[] = [];
  let [at, to] = [0, 0];
  while (at < one.length || to < other.length) {
    const [gone, fresh] = [one[at], other[to]];
    if (gone !== undefined && gone === fresh) {
      pieces.push({ kind: 'same', text: gone });
      at += 1;
      to += 1;
    } else if (gone !== undefined && (lengths[at + 1]?.[to] ?? 0) >= (lengths[at]?.[to + 1] ?? 0)) {
      pieces.push({ kind: 'gone', text: gone });
      at += 1;
    } else {
      pieces.push({ kind: 'new', text: fresh ?? '' });
      to += 1;
    }
  }
  return joined(pieces);
}

/** Splits a text into words and the spaces and marks between them. Nothing is lost. */
function wordsOf(text: string): readonly string[] {
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Returns, for each pair of positions, the number of words that the rests have in common. */
function commonLengths(one: readonly string[], other: readonly string[]): number[][] {
  const lengths = Array.from({ length: one.length + 1 }, () =>
    Array.from({ length: other.length + 1 }, () => 0),
  );
  for (let at = one.length - 1; at >= 0; at--) {
    for (let to = other.length - 1; to >= 0; to--) {
      const row = lengths[at];
      if (row === undefined) continue;
      row[to] =
        one[at] === other[to]
          ? 1 + (lengths[at + 1]?.[to + 1] ?? 0)
          : Math.max(lengths[at + 1]?.[to] ?? 0, row[to + 1] ?? 0);
    }
  }
  return lengths;
}

/** Joins neighbouring pieces of one kind, so that a changed phrase is one mark. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (piece.text === '') continue;
    if (last?.kind === piece.kind) out[out.length - 1] = { ...last, text: last.text + piece.text };
    else out.push(piece);
  }
  return out;
}
