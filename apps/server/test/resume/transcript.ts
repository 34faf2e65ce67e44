import type { TaggedLine } from '@farandole/protocol/fields';

/** The two who talk; each says its lines with its own name and a number from 1. */
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

/** The `n`-th line of a speaker. */
export function wordsOf(speaker: Speaker, n: number): string {
  return `${speaker} says ${n}`;
}

/** What one side heard of one speaker: which lines are missing, and which came where they should not. */
class Hearing {
  /** The last line that came, by its number. */
  #last = 0;
  readonly #missing = new Set<number>();
  #doubled = 0;
  #reordered = 0;

  hear(n: number): void {
    if (n > this.#last) {
      for (let skipped = this.#last + 1; skipped < n; skipped++) this.#missing.add(skipped);
      this.#last = n;
    } else if (this.#missing.delete(n)) {
      this.#reordered += 1;
    } else {
      this.#doubled += 1;
    }
  }

  /** @param said how many lines the speaker has said that must have come by now */
  faults(said: number): Faults {
    const lost = this.#missing.size + Math.max(0, said - this.#last);
    return { lost, doubled: this.#doubled, reordered: this.#reordered };
  }
}

/**
 * What one side of a conversation heard, held to what was said. It knows nothing of sequence
 * numbers, tags or counters: only of the words.
 */
export class Transcript {
  readonly #hearings: Readonly<Record<Speaker, Hearing>> = {
    ana: new Hearing(),
    ben: new Hearing(),
  };
  readonly #texts: string[] = [];
  #strange = 0;

  hear({ text }: Pick<TaggedLine, 'text'>): void {
    this.#texts.push(text);
    const [, speaker, n] = /^(ana|ben) says ([1-9]\d*)$/.exec(text) ?? [];
    if (speaker === undefined) this.#strange += 1;
    else this.#hearings[speaker as Speaker].hear(Number(n));
  }

  /** All lines, in the order in which they came. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  /** @param said how many lines each has said that must have come by now; 0 where that is not known */
  faults(said: Readonly<Record<Speaker, number>>): Faults {
    const ofBoth = addFaults(
      this.#hearings.ana.faults(said.ana),
      this.#hearings.ben.faults(said.ben),
    );
    return { ...ofBoth, doubled: ofBoth.doubled + this.#strange };
  }
}

/** In how many places two sides saw the same lines in another order. */
export function disagreements(a: Transcript, b: Transcript): number {
  const length = Math.min(a.texts.length, b.texts.length);
  let count = 0;
  for (let at = 0; at < length; at++) if (a.texts[at] !== b.texts[at]) count += 1;
  return count;
}
