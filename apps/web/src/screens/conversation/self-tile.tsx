import type { DeviceFailure } from '../../devices/devices-view.ts';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { useHelp } from '../shared/help-panel.tsx';
import { StreamVideo } from '../shared/stream-video.tsx';
import { CallIcon } from './call-icons.tsx';
import { SoundOnlyOffer } from './quality.tsx';

export function SelfTile() {
  const app = useApp();
  const { camera, microphone, failure } = app.devices.view.value;
  const stream = app.devices.selfStream.value;
  const call = app.call.view.value;
  const textOnly = app.call.textOnly;
  const interrupted = camera === 'interrupted' || microphone === 'interrupted';
  return (
    <figure class="tile me" data-keeps-focus>
      {stream !== null && camera === 'on' ? (
        <StreamVideo
          stream={stream}
          label={t('site.you')}
          muted
          mirrored={app.devices.mirrored.value}
        />
      ) : (
        !interrupted && (
          <div class={textOnly.on.value ? 'tile-note text-only' : 'tile-note'}>
            {textOnly.on.value ? (
              <CallIcon name="text" size={32} />
            ) : (
              <Icon name="cameraOff" size={32} />
            )}
            <p>{t(textOnly.on.value ? 'textOnly.is' : 'call.cameraIsOff')}</p>
            {textOnly.on.value && (
              <button type="button" class="btn on-dark" onClick={() => textOnly.set(false)}>
                {t('textOnly.back')}
              </button>
            )}
          </div>
        )
      )}
      {interrupted && (
        <div class="tile-note over">
          <Icon name="alert" size={32} />
          {failure === null ? (
            <p>{t(camera === 'interrupted' ? 'call.interrupted' : 'call.interruptedMicrophone')}</p>
          ) : (
            <RestartFailed failure={failure} />
          )}
          <button type="button" class="btn on-dark" onClick={() => void app.devices.restart()}>
            {t('call.turnOn')}
          </button>
        </div>
      )}
      {call?.quality?.offersSoundOnly === true && !interrupted && <SoundOnlyOffer />}
      <figcaption class="tag">
        <span>{t('site.you')}</span>
        {microphone === 'off' && (
          <span class="tag-part">
            <Icon name="microphoneOff" size={16} />
            {t('call.youMuted')}
          </span>
        )}
        {call?.flow === 'flowing' && call.peer.cover === 'covered' && camera === 'on' && (
          <span class="tag-part">
            <Icon name="cover" size={16} />
            {t('call.notSeen')}
          </span>
        )}
        {call === null && camera === 'on' && (
          <span class="tag-part">
            <Icon name="cover" size={16} />
            {t('call.unseen')}
          </span>
        )}
      </figcaption>
    </figure>
  );
}

function RestartFailed({ failure }: { failure: DeviceFailure }) {
  const { title, steps, values } = useHelp(failure);
  return (
    <>
      <p>{t(title, values)}</p>
      {steps.slice(0, 1).map(({ words }) => (
        <p key={words} class="small">
          {t(words, values)}
        </p>
      ))}
    </>
  );
}
