import { lazyModel } from '../../base/lazy-model.ts';
import { addWords } from '../../i18n/words.ts';
import { offeredModes } from '../../ui/offered-modes.ts';
import { voicePart } from '../voice/voice-part.ts';

/** The parts of the screens for published hours, with their texts. They load when needed. */
export const hourPart = lazyModel(async () => {
  const { BellBanner, HourCard, HourWait, loadHour } = await import('./hour-screens.ts');
  await addWords(loadHour);
  // The card's buttons have the same labels as those of the landing.
  if (offeredModes().includes('voice')) await voicePart.load();
  return { BellBanner, HourCard, HourWait };
});

export const loadHourCard = async () => (await hourPart.load()).HourCard;
