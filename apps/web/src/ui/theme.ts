/**
 * The user's choices for colours, text size and motion. With `auto` the browser's setting
 * applies.
 */
export interface Theme {
  readonly theme: 'auto' | 'light' | 'dark';
  /** Text size in percent of the browser's text size. */
  readonly textSize: (typeof TEXT_SIZES)[number];
  readonly motion: 'auto' | 'full' | 'reduced';
  readonly contrast: 'auto' | 'more';
}

export const TEXT_SIZES = [100, 115, 130, 150] as const;

/**
 * Text sizes, in percent of 16 pixels, for which style sheets have layouts. The browser's own text
 * size and the user's choice together reach the largest.
 */
const LAYOUT_SIZES = [100, 115, 130, 150, 200] as const;
/** A text size may exceed that of its layout by this many percent. */
const LAYOUT_SLACK = 5;
const USUAL_PIXELS = 16;

/** Parses a stored value of the theme. Returns `undefined` if the value is invalid. */
export type Field<T> = (value: unknown) => T | undefined;

export const oneOf =
  <const T>(...known: readonly T[]): Field<T> =>
  (value) =>
    known.find((item) => item === value);

export const THEME_FIELDS: { readonly [K in keyof Theme]: Field<Theme[K]> } = {
  theme: oneOf('auto', 'light', 'dark'),
  textSize: oneOf(...TEXT_SIZES),
  motion: oneOf('auto', 'full', 'reduced'),
  contrast: oneOf('auto', 'more'),
};

export const DEFAULT_THEME: Theme = {
  theme: 'auto',
  textSize: 100,
  motion: 'auto',
  contrast: 'auto',
};

export const PREFERENCES_KEY = 'farandole.preferences';

/**
 * Reads the valid fields of a stored record. Each field is checked separately, so that one
 * invalid field doesn't discard the others.
 * @param text JSON; `null` if nothing is stored
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
    // The copy of the parsed object has no getters and no custom prototype.
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

const LESS_MOTION = '(prefers-reduced-motion: reduce)';

export interface TextLayout {
  /** Text size in percent of the browser's own. */
  readonly size: Theme['textSize'];
  /** The layout, named by its text size in percent of 16 pixels. */
  readonly layout: (typeof LAYOUT_SIZES)[number];
}

/**
 * Returns the text size and the layout for a browser with its own text size. Together they are at
 * most 200 %, unless the browser's own size is larger.
 * @param browserPixels the browser's own text size
 */
export function textLayoutOf(chosen: Theme['textSize'], browserPixels: number): TextLayout {
  const browser = (browserPixels / USUAL_PIXELS) * 100;
  const largest = LAYOUT_SIZES[LAYOUT_SIZES.length - 1] ?? 100;
  const fits = TEXT_SIZES.filter((size) => size <= chosen && (size * browser) / 100 <= largest);
  const size = fits.at(-1) ?? 100;
  const whole = (size * browser) / 100;
  const layout = LAYOUT_SIZES.find((known) => whole <= known + LAYOUT_SLACK) ?? 200;
  return { size, layout };
}

/** Applies the user's theme choices to a document. With `auto` the browser's setting applies. */
export function applyTheme(
  { theme, textSize, motion, contrast }: Theme,
  where: Document = document,
): void {
  const root = where.documentElement;
  const { dataset } = root;
  dataset.theme = theme;
  // Without this attribute, the root has the browser's own text size.
  delete dataset.size;
  const own = Number.parseFloat(getComputedStyle(root).fontSize);
  const { size, layout } = textLayoutOf(textSize, own);
  dataset.size = String(size);
  dataset.text = String(layout);
  dataset.motion = motion;
  dataset.contrast = contrast;
  // Sets the colour of the browser's toolbar to match the colour scheme.
  for (const meta of where.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) {
    const scheme = meta.dataset.scheme ?? 'light';
    const chosen = scheme === theme ? 'all' : 'not all';
    meta.media = theme === 'auto' ? `(prefers-color-scheme: ${scheme})` : chosen;
  }
}

/** Returns whether the user wants no automatic motion. */
export function lessMotion({ motion }: Theme): boolean {
  return motion === 'auto' ? matchMedia(LESS_MOTION).matches : motion === 'reduced';
}
