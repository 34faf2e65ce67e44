import '../../styles/voice.css';
import type { ComponentChildren } from 'preact';
import type { CallView } from '../../call/call-view.ts';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { carriesText } from '../../ui/offered-modes.ts';
import { useApp } from '../app-context.ts';
import { useEffectPart } from '../shared/effect-part.ts';
import { StreamVideo } from '../shared/stream-video.tsx';

/**
 * The stranger of a voice call. Their voice plays only after a press of Listen.
 * @param children the buttons that text calls have too, so that this part doesn't load them
 */
export function VoicePeer({ call, children }: { call: CallView; children: ComponentChildren }) {
  const app = useApp();
  const effects = useEffectPart();
  const stream = app.call.peerStream.value;
  const hears = stream !== null;
  const mayListen = call.flow === 'flowing' && call.next.state === 'next' && !call.restoring;
  return (
    <figure class={`tile them slim voice${carriesText(call.mode) ? '' : ' alone'}`}>
      <span class={hears ? 'face heard' : 'face'}>
        <Icon name={call.peer.microphone === 'on' ? 'microphone' : 'microphoneOff'} size={20} />
      </span>
      <figcaption>
        <span>
          <strong>{t('site.stranger')}</strong>
        </span>
        <span class="small">{describe(call, hears)}</span>
        {mayListen && (
          <span class="small">
            {t(call.peer.cover === 'shown' ? 'voice.hears' : 'voice.hearsNot')}
          </span>
        )}
      </figcaption>
      {stream !== null && <StreamVideo stream={stream} label={t('site.stranger')} muted={false} />}
      {mayListen && (
        <button
          type="button"
          class={hears ? 'btn on-dark listen' : 'btn spark listen'}
          onClick={() => (hears ? app.call.cover() : app.call.show())}
        >
          <Icon name={hears ? 'microphoneOff' : 'speaker'} size={20} />
          <span>{t(hears ? 'voice.silence' : 'voice.listen')}</span>
        </button>
      )}
      {children}
      {hears && effects !== null && <effects.CaptionLine />}
    </figure>
  );
}

function describe(call: CallView, hears: boolean): string {
  if (call.next.state === 'really') return t('say.really');
  if (call.restoring) return t('call.restoring');
  if (!call.peer.present) return t('call.away');
  if (call.flow === 'connecting') return t('call.connecting');
  if (call.flow !== 'flowing') return t('voice.stuck');
  if (call.peer.microphone === 'off') return t('call.peerMuted');
  return t(hears ? 'call.here' : 'voice.silent');
}
