import { lazyModel } from '../../base/lazy-model.ts';
import { addWords } from '../../i18n/words.ts';

/**
 * The parts of the screens for private meetings, notifications and the installation, with their
 * texts. They load when needed.
 */
export const meetingPart = lazyModel(async () => {
  const { loadMeeting, MEETING_PARTS } = await import('./meeting-parts.ts');
  await addWords(loadMeeting);
  return MEETING_PARTS;
});
