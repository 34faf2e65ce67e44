/** The classifier's scores for the five classes of `nsfwjs`, each from 0 to 1. Their sum is 1. */
export interface Scores {
  readonly drawing: number;
  readonly hentai: number;
  readonly neutral: number;
  readonly porn: number;
  readonly sexy: number;
}

export interface Sight {
  readonly scores: Scores;
  /** Mean brightness of the picture, from 0 to 255. */
  readonly luma: number;
}

/** Allowed rounding error of the sum of all scores. */
const SUM_TOLERANCE = 0.01;

/**
 * Returns whether a classifier's result is valid. A NaN from a broken classifier is below every
 * threshold, so it would show the picture.
 */
export function isSight(value: unknown): value is Sight {
  if (!isObject(value) || !isObject(value['scores'])) return false;
  const { drawing, hentai, neutral, porn, sexy } = value['scores'];
  const shares = [drawing, hentai, neutral, porn, sexy];
  if (!shares.every(isShare)) return false;
  const sum = shares.reduce((before, share) => before + share, 0);
  const { luma } = value;
  const isLuma = typeof luma === 'number' && luma >= 0 && luma <= 255 + SUM_TOLERANCE;
  return Math.abs(sum - 1) <= SUM_TOLERANCE && isLuma;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1 + SUM_TOLERANCE;
}

export function scoresOf(shares: Float32Array): Scores {
  const [drawing = 0, hentai = 0, neutral = 0, porn = 0, sexy = 0] = shares;
  return { drawing, hentai, neutral, porn, sexy };
}

/**
 * Returns how explicit a picture is, from 0 to 1. "Sexy" doesn't count, because people in party
 * clothes have scores of 0.47 to 0.88 in that class.
 */
export function explicitnessOf({ hentai, porn }: Scores): number {
  return hentai + porn;
}

/**
 * Returns the mean brightness, from 0 to 255, with the weights of ITU-R BT.709.
 * @param pixels red, green and blue from 0 to 1
 */
export function lumaOf(pixels: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < pixels.length; i += 3) {
    sum +=
      0.2126 * (pixels[i] ?? 0) + 0.7152 * (pixels[i + 1] ?? 0) + 0.0722 * (pixels[i + 2] ?? 0);
  }
  return (sum / (pixels.length / 3)) * 255;
}
