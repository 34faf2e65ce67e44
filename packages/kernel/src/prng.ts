/** Chance as an argument: the same seed gives the same numbers, on every machine. */
export interface Prng {
  /** An integer in [0, 2^32). */
  uint32(): number;
  /** A number in [0, 1) with 32 random bits. */
  unit(): number;
  /** An integer in [0, below), without bias; `below` is in [1, 2^32]. */
  below(below: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** An element, each as likely as another; the array must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** Shuffles in place (Fisher–Yates) and returns the same array. */
  shuffle<T>(items: T[]): T[];
  /** A generator of its own, seeded from this one: parts do not disturb each other's chance. */
  fork(): Prng;
}

/**
 * xoshiro128** 1.1 (Blackman and Vigna, 2018), seeded through splitmix32.
 *
 * Not for secrets: whoever sees four outputs knows the rest.
 */
export function createPrng(seed: number): Prng {
  let mix = seed >>> 0;
  const splitmix = (): number => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix ^ (mix >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  return fromState(splitmix(), splitmix(), splitmix(), splitmix());
}

/**
 * The same generator from 128 bits of state, such as a node draws from its operating system.
 *
 * @throws RangeError when all four words are zero, the one state that never leaves itself.
 */
export function createPrngFromState(state: readonly [number, number, number, number]): Prng {
  const [a, b, c, d] = state;
  if ((a | b | c | d) === 0) throw new RangeError('a generator cannot start from all zeros');
  return fromState(a >>> 0, b >>> 0, c >>> 0, d >>> 0);
}

const rotateLeft = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

function fromState(s0: number, s1: number, s2: number, s3: number): Prng {
  const uint32 = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = rotateLeft(s3, 11);
    return result;
  };
  const below = (limit: number): number => {
    if (!Number.isInteger(limit) || limit < 1 || limit > 2 ** 32) {
      throw new RangeError(`below() takes an integer from 1 to 2^32, not ${limit}`);
    }
    // Rejection keeps it unbiased: the last, incomplete block of the range is thrown away.
    const ceiling = 2 ** 32 - (2 ** 32 % limit);
    let word = uint32();
    while (word >= ceiling) word = uint32();
    return word % limit;
  };
  const prng: Prng = {
    uint32,
    unit: () => uint32() / 2 ** 32,
    below,
    chance: (probability) => uint32() / 2 ** 32 < probability,
    pick: <T>(items: readonly T[]): T => items[below(items.length)] as T,
    shuffle: <T>(items: T[]): T[] => {
      for (let i = items.length - 1; i > 0; i--) {
        const j = below(i + 1);
        const held = items[i] as T;
        items[i] = items[j] as T;
        items[j] = held;
      }
      return items;
    },
    fork: () => fromState(uint32(), uint32(), uint32(), (uint32() | 1) >>> 0),
  };
  return prng;
}
