/** How the page looks and moves here, as the person has it; `auto` asks the browser. */
export interface Looks {
  readonly theme: 'auto' | 'light' | 'dark';
  /** Of what the browser would draw, in hundredths. */
  readonly textSize: (typeof TEXT_SIZES)[number];
  readonly motion: 'auto' | 'full' | 'reduced';
  readonly contrast: 'auto' | 'more';
}

export const TEXT_SIZES = [100, 115, 130, 150] as const;

/** Reads a stored value, or gives undefined for one that it would never have written. */
export type Field<T> = (value: unknown) => T | undefined;

export const oneOf =
  <const T>(...known: readonly T[]): Field<T> =>
  (value) =>
    known.find((item) => item === value);

export const LOOK_FIELDS: { readonly [K in keyof Looks]: Field<Looks[K]> } = {
  theme: oneOf('auto', 'light', 'dark'),
  textSize: oneOf(...TEXT_SIZES),
  motion: oneOf('auto', 'full', 'reduced'),
  contrast: oneOf('auto', 'more'),
};

export const NO_LOOKS: Looks = { theme: 'auto', textSize: 100, motion: 'auto', contrast: 'auto' };

/** Where the person's choices are kept on the device. */
export const PREFERENCES_KEY = 'farandole.preferences';

/**
 * What of a stored record still means something here: each field by itself, so that one bad value,
 * from an older page or a curious person, costs no other.
 *
 * @param text JSON, or null where nothing is stored
 */
export function readStored<T extends object>(
  fields: { readonly [K in keyof T]: Field<T[K]> },
  text: string | null,
): Partial<T> {
  const stored = objectOf(text);
  const read: Partial<T> = {};
  for (const name in fields) {
    const value = fields[name](stored[name]);
    if (value !== undefined) read[name] = value;
  }
  return read;
}

function objectOf(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    // A copy has no getters and no prototype that could answer in the record's place.
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

const LESS_MOTION = '(prefers-reduced-motion: reduce)';

/** Tells the style sheets of a document what the person chose; `auto` leaves it to the browser. */
export function applyLooks(
  { theme, textSize, motion, contrast }: Looks,
  where: Document = document,
): void {
  const { dataset } = where.documentElement;
  dataset.theme = theme;
  dataset.text = String(textSize);
  dataset.motion = motion;
  dataset.contrast = contrast;
  // The browser's own bars take the colour of the scheme in force.
  for (const meta of where.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) {
    const scheme = meta.dataset.scheme ?? 'light';
    const chosen = scheme === theme ? 'all' : 'not all';
    meta.media = theme === 'auto' ? `(prefers-color-scheme: ${scheme})` : chosen;
  }
}

/** Whether what moves by itself should not. */
export function lessMotion({ motion }: Looks): boolean {
  return motion === 'auto' ? matchMedia(LESS_MOTION).matches : motion === 'reduced';
}
