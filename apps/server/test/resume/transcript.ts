import type { TaggedLine } from '@farandole/protocol/fields';

/** Each speaker numbers its lines from 1. */
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

export function wordsOf(speaker: Speaker, n: number): string {
  return `${speaker} says ${n}`;
}

export interface Said {
  /** Lines that must have arrived by now; 0 if unknown. */
  readonly count: number;
  /** Refused lines: not lost, and must not arrive. */
  readonly refused: ReadonlySet<number>;
}

class Hearing {
  #last = 0;
  readonly #heard = new Set<number>();
  #doubled = 0;
  #reordered = 0;

  hear(n: number): void {
    if (this.#heard.has(n)) this.#doubled += 1;
    else if (n < this.#last) this.#reordered += 1;
    this.#heard.add(n);
    this.#last = Math.max(this.#last, n);
  }

  faults({ count, refused }: Said): Faults {
    let lost = 0;
    for (let n = 1; n <= Math.max(count, this.#last); n++) {
      if (!this.#heard.has(n) && !refused.has(n)) lost += 1;
    }
    const refusedAndHeard = [...refused].filter((n) => this.#heard.has(n)).length;
    return { lost, doubled: this.#doubled + refusedAndHeard, reordered: this.#reordered };
  }
}

/**
 * Compares the lines one side heard with those the other said. Uses only the text, no sequence
 * numbers, tags or counters.
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

  get texts(): readonly string[] {
    return this.#texts;
  }

  faults(said: Readonly<Record<Speaker, Said>>): Faults {
    const ofBoth = addFaults(
      this.#hearings.ana.faults(said.ana),
      this.#hearings.ben.faults(said.ben),
    );
    return { ...ofBoth, doubled: ofBoth.doubled + this.#strange };
  }
}

/** Counts the positions where two sides saw different orders. */
export function disagreements(a: Transcript, b: Transcript): number {
  const length = Math.min(a.texts.length, b.texts.length);
  let count = 0;
  for (let at = 0; at < length; at++) if (a.texts[at] !== b.texts[at]) count += 1;
  return count;
}
