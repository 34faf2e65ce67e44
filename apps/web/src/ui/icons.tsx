import { Drawing } from '@farandole/ui/drawing';
import { shapes as firstShapes } from './icon-shapes/first.ts';
import type { shapes as restShapes } from './icon-shapes/rest.ts';

export type IconName = keyof typeof firstShapes | keyof typeof restShapes;

let known: Partial<Record<IconName, readonly string[]>> = firstShapes;

/**
 * Loads the icons of all screens except the first screen.
 * @throws the error of the import
 */
export async function loadAllIcons(): Promise<void> {
  const rest = await import('./icon-shapes/rest.ts');
  known = { ...firstShapes, ...rest.shapes };
}

/** Icons that are mirrored in right-to-left languages. */
const MIRRORED: ReadonlySet<IconName> = new Set<IconName>(['arrow', 'back', 'leave', 'undo']);

/**
 * An icon on a grid of 24 units, with round strokes of width 2 in the colour of the text. Screen
 * readers skip the icon, because the label says the same.
 */
export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return <Drawing shapes={known[name] ?? []} size={size} mirrored={MIRRORED.has(name)} />;
}
