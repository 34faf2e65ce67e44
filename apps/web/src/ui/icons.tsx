import { Drawing } from '@farandole/ui/drawing';
import { shapes as firstShapes } from './icon-shapes/first.ts';
import type { shapes as restShapes } from './icon-shapes/rest.ts';

export type IconName = keyof typeof firstShapes | keyof typeof restShapes;

let known: Partial<Record<IconName, readonly string[]>> = firstShapes;

/**
 * The icons of every other screen, to be had before one is drawn.
 *
 * @throws The import's error where the file can't be had.
 */
export async function loadAllIcons(): Promise<void> {
  const rest = await import('./icon-shapes/rest.ts');
  known = { ...firstShapes, ...rest.shapes };
}

/** Arrows point the way of the text. */
const MIRRORED: ReadonlySet<IconName> = new Set<IconName>(['arrow', 'back', 'leave']);

/**
 * The page's icons: 24 units, strokes of 2 with round ends, drawn in the colour of the text.
 * They never speak: the word beside them, or the control's label, does.
 */
export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return <Drawing shapes={known[name] ?? []} size={size} mirrored={MIRRORED.has(name)} />;
}
