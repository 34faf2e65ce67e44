import type { CallView } from '../../call/call-view.ts';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { voicePart } from '../voice/voice-part.ts';

/** The button that offers the next mode of the call to the peer. */
export function TurnOn({ call: { video } }: { call: CallView }) {
  const app = useApp();
  if (!app.devices.supported || video?.state !== 'possible') return null;
  const isVideo = video.to === 'video';
  if (!isVideo && voicePart.model.value === null) return null;
  const label = t(isVideo ? 'video.turnOn' : 'voice.up.turnOn');
  return (
    <button
      type="button"
      class="btn on-dark turn"
      aria-label={label}
      title={label}
      onClick={() => app.call.video.value?.prepare()}
    >
      <Icon name={isVideo ? 'camera' : 'microphone'} size={20} />
      <span class="long">{label}</span>
      <span class="short">{t(isVideo ? 'video.short' : 'voice.up.turnOn')}</span>
    </button>
  );
}
