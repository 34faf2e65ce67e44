import { lazyModel } from '../../base/lazy-model.ts';
import { addWords } from '../../i18n/words.ts';

const part = lazyModel(async () => {
  const { loadEffects, EFFECT_PARTS } = await import('../device-effects.tsx');
  await addWords(loadEffects);
  return EFFECT_PARTS;
});

type EffectPart = NonNullable<typeof part.model.value>;

/**
 * Returns the rows, notes and buttons for effects on the device, with their texts. Loads them if
 * needed; until then the value is null.
 */
export function useEffectPart(): EffectPart | null {
  part.prepare();
  return part.model.value;
}
