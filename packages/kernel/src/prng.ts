/**
 * A random number generator that is passed as an argument. One seed gives the same numbers on
 * every machine.
 */
export interface Prng {
  /** Returns an integer in [0, 2^32). */
  uint32(): number;
  /** Returns a number in [0, 1) with 32 random bits. */
  unit(): number;
  /** Returns an unbiased integer in [0, below). `below` must be in [1, 2^32]. */
  below(below: number): number;
  chance(probability: number): boolean;
  /** Chooses an item uniformly. The array must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** Shuffles the array in place (Fisher–Yates) and returns it. */
  shuffle<T>(items: T[]): T[];
  /**
   * Returns a separate generator, so that two parts of a program don't affect each other's
   * numbers.
   */
  fork(): Prng;
}

/**
 * Creates the generator xoshiro128** 1.1 (Blackman and Vigna, 2018), seeded through splitmix32.
 * It must not generate secrets, because four outputs reveal its state.
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
 * Creates the generator from 128 bits of state, e.g. from the operating system.
 * @throws RangeError when all four words are zero, since that state never changes.
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
    // Rejects numbers in the last, incomplete block of the range, because they would bias the
    // result.
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
