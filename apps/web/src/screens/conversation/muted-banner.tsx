import { useEffect } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { MutedVoice, speaksMuted } from '../../sound/muted-voice.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';

/**
 * Tells a user who speaks that the microphone is muted. This hint is not a live region, because
 * the narrator says the same words.
 */
export function MutedBanner() {
  const app = useApp();
  const isMuted = app.devices.view.value.microphone === 'off' && !app.call.textOnly.on.value;
  const listens = isMuted && (app.call.view.value?.mode ?? 'text') !== 'text';
  useEffect(() => {
    if (!listens) return;
    const voice = new MutedVoice();
    const stop = app.devices.loaded?.choice.hearMuted((loudness, nowMs) => {
      speaksMuted.value = voice.take(loudness, nowMs);
    });
    return () => {
      stop?.();
      speaksMuted.value = false;
    };
  }, [app, listens]);
  if (!speaksMuted.value) return null;
  return (
    <aside class="banner info" aria-label={t('deviceNews.label')}>
      <Icon name="microphoneOff" size={20} />
      <p>{t('call.speaksMuted')}</p>
      <button type="button" class="btn small" onClick={() => app.devices.toggle('audio')}>
        {t('call.unmute')}
      </button>
    </aside>
  );
}
