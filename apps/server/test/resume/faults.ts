/** The users who send lines. Each numbers their own lines from 1. */
export type Speaker = 'ana' | 'ben';
export const SPEAKERS: readonly Speaker[] = ['ana', 'ben'];

export interface Faults {
  readonly lost: number;
  readonly doubled: number;
  readonly reordered: number;
}

export const NO_FAULTS: Faults = { lost: 0, doubled: 0, reordered: 0 };

export function addFaults(a: Faults, b: Faults): Faults {
  return {
    lost: a.lost + b.lost,
    doubled: a.doubled + b.doubled,
    reordered: a.reordered + b.reordered,
  };
}

/**
 * Compares what a page received with what it should have received. A missing entry counts as lost,
 * and an extra one as doubled. If only the order differs, each entry at a wrong position counts as
 * reordered.
 */
export function faultsOf(expected: readonly string[], received: readonly string[]): Faults {
  const surplus = new Map<string, number>();
  for (const entry of received) surplus.set(entry, (surplus.get(entry) ?? 0) + 1);
  for (const entry of expected) surplus.set(entry, (surplus.get(entry) ?? 0) - 1);
  let [lost, doubled, reordered] = [0, 0, 0];
  for (const count of surplus.values()) {
    lost += Math.max(0, -count);
    doubled += Math.max(0, count);
  }
  if (lost + doubled === 0) {
    for (const [at, entry] of expected.entries()) if (received[at] !== entry) reordered += 1;
  }
  return { lost, doubled, reordered };
}

export interface Said {
  /** Number of lines that must have arrived by now; 0 if the number is unknown. */
  readonly count: number;
  /**
   * Numbers of the lines that the node refused. These lines must not arrive, and don't count as
   * lost.
   */
  readonly refused: ReadonlySet<number>;
}

export function wordsOf(speaker: Speaker, n: number): string {
  return `${speaker} says ${n}`;
}

/**
 * Compares the lines that one user received with those that both sent. It compares only the
 * text, because sequence numbers, tags and counters may be wrong.
 */
export function lineFaults(
  heard: readonly string[],
  said: Readonly<Record<Speaker, Said>>,
): Faults {
  const due = SPEAKERS.flatMap((speaker) => {
    const { count, refused } = said[speaker];
    const numbers = heard.map((text) => numberIn(speaker, text));
    return Array.from({ length: Math.max(count, ...numbers) }, (_, at) => at + 1)
      .filter((n) => !refused.has(n))
      .map((n) => wordsOf(speaker, n));
  });
  const nameIn = (text: string): string => text.slice(0, 'ana'.length);
  // Sorting keeps the order of each speaker's lines. `disagreements` checks how the two speakers'
  // lines alternate.
  const bySpeaker = heard.toSorted((a, b) => nameIn(a).localeCompare(nameIn(b)));
  return faultsOf(due, bySpeaker);
}

/** Returns the number of a line of this speaker; 0 for any other text. */
function numberIn(speaker: Speaker, text: string): number {
  const n = Number(/ says ([1-9]\d*)$/.exec(text)?.[1] ?? 0);
  return text === wordsOf(speaker, n) ? n : 0;
}

/** Counts the positions at which the two users saw different lines. */
export function disagreements(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  let count = 0;
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) count += 1;
  return count;
}
