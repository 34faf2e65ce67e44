import { lazyModel } from '../../base/lazy-model.ts';
import { addWords } from '../../i18n/words.ts';

/** The parts of the screens for voice, with their texts. They load where voice is offered. */
export const voicePart = lazyModel(async () => {
  const { StartButtons, StartsFrom, VoiceAsk, VoicePeer, VoiceReady, loadVoice } = await import(
    './voice-screens.ts'
  );
  await addWords(loadVoice);
  return { StartButtons, StartsFrom, VoiceAsk, VoicePeer, VoiceReady };
});
