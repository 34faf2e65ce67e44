import { useEffect } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { useApp } from '../../parts/app-context.ts';
import { Icon } from '../../parts/icons.tsx';
import { MutedVoice, speaksMuted } from '../../parts/muted-voice.ts';
import { textOnlyOf } from './text-only.ts';

/**
 * Tells whoever speaks into their muted microphone that nobody hears them. It is not a live region:
 * the narrator says the same words once.
 */
export function MutedBanner() {
  const app = useApp();
  const isMuted = app.devices.value.microphone === 'off' && !textOnlyOf(app).on.value;
  const listens = isMuted && app.call.value?.mode === 'video';
  useEffect(() => {
    if (!listens) return;
    const voice = new MutedVoice();
    const stop = app.deviceChoice.hearMuted((loudness, nowMs) => {
      speaksMuted.value = voice.take(loudness, nowMs);
    });
    return () => {
      stop();
      speaksMuted.value = false;
    };
  }, [app, listens]);
  if (!speaksMuted.value) return null;
  return (
    <aside class="banner info" aria-label={t('deviceNews.label')}>
      <Icon name="microphoneOff" size={20} />
      <p>{t('call.speaksMuted')}</p>
      <button type="button" class="btn small" onClick={() => app.toggleMicrophone()}>
        {t('call.unmute')}
      </button>
    </aside>
  );
}
