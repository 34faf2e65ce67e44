import type { Looks } from '../state/looks.ts';

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
