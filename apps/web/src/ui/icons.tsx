import { Drawing } from '@farandole/ui/drawing';
import { shapes as firstShapes } from './icon-shapes/first.ts';
import type { shapes as restShapes } from './icon-shapes/rest.ts';

export type IconName = keyof typeof firstShapes | keyof typeof restShapes;

let known: Partial<Record<IconName, readonly string[]>> = firstShapes;

/** Loads the icons of all other screens. @throws the import's error */
export async function loadAllIcons(): Promise<void> {
  const rest = await import('./icon-shapes/rest.ts');
  known = { ...firstShapes, ...rest.shapes };
}

/** Mirrored in right-to-left languages. */
const MIRRORED: ReadonlySet<IconName> = new Set<IconName>(['arrow', 'back', 'leave']);

/** 24 units, round strokes of 2, in the text colour. Never read aloud: the label is. */
export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return <Drawing shapes={known[name] ?? []} size={size} mirrored={MIRRORED.has(name)} />;
}
