import type { ComponentChildren } from 'preact';
import { useCallback, useRef } from 'preact/hooks';
import type { CallView } from '../../call/call-view.ts';
import type { DeviceFailure } from '../../devices/devices-view.ts';
import { t } from '../../i18n/words.ts';
import type { Corner } from '../../state/preferences-model.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { useEffectPart } from '../shared/effect-part.ts';
import { useHelp } from '../shared/help-panel.tsx';
import { StreamVideo } from '../shared/stream-video.tsx';
import { CallIcon } from './call-icons.tsx';
import { OwnColours } from './own-colours.tsx';
import { useRatio } from './picture-ratio.ts';
import { isSwapped } from './self-place.ts';
import { SwapButton } from './swap-button.tsx';
import { nextCornerOf, useCorner } from './use-corner.ts';

/** The user's own picture, in a corner that the user can choose. A tap swaps both pictures. */
export function SelfTile() {
  const app = useApp();
  const { camera, microphone, failure } = app.devices.view.value;
  const stream = app.devices.selfStream.value;
  const call = app.call.view.value;
  const textOnly = app.call.textOnly;
  const tile = useRef<HTMLElement>(null);
  const { corner } = app.settings.preferences.value;
  const move = useCallback((to: Corner) => app.settings.set({ corner: to }), [app]);
  useCorner(tile, move);
  useRatio(tile);
  const interrupted = camera === 'interrupted' || microphone === 'interrupted';
  const isOn = stream !== null && camera === 'on' && app.devices.lists.value.blur !== 'starting';
  return (
    <figure ref={tile} class={`tile me ${corner ?? ''}`} data-keeps-focus>
      {isOn && isSwapped.value && <OwnColours tile={tile} mirrored={app.devices.mirrored.value} />}
      {isOn && (
        <StreamVideo
          stream={stream}
          label={t('site.you')}
          muted
          mirrored={app.devices.mirrored.value}
        />
      )}
      {!isOn && !interrupted && (textOnly.on.value ? <TextOnly /> : <CameraOff />)}
      {interrupted && (
        <div class="tile-note asks-you">
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
      {isOn && !interrupted && (
        <Places tile={tile} move={move} canSwap={app.call.peerStream.value !== null} />
      )}
      <Signs call={call} isOn={isOn} isMuted={microphone === 'off'} />
      <figcaption class="sr">{t('site.you')}</figcaption>
    </figure>
  );
}

/** Small signs of what the peer doesn't get. Their words are for screen readers. */
function Signs({
  call,
  isOn,
  isMuted,
}: {
  call: CallView | null;
  isOn: boolean;
  isMuted: boolean;
}) {
  if (call === null) return null;
  if (call.next.state === 'really') return <p class="signs">{t('call.notSent')}</p>;
  const isUnseen = isOn && call.flow === 'flowing' && call.peer.cover === 'covered';
  if (!isMuted && !isUnseen) return null;
  return (
    <p class="signs">
      {isUnseen && <Sign icon="cover">{t('call.notSeen')}</Sign>}
      {isMuted && <Sign icon="microphoneOff">{t('call.youMuted')}</Sign>}
    </p>
  );
}

function Sign({ icon, children }: { icon: IconName; children: ComponentChildren }) {
  return (
    <span class="sign">
      <Icon name={icon} size={16} />
      <span class="sr">{children}</span>
    </span>
  );
}

/** Buttons for what a tap and a drag on the picture do. */
function Places({
  tile,
  move,
  canSwap,
}: {
  tile: { current: HTMLElement | null };
  move: (to: Corner) => void;
  canSwap: boolean;
}) {
  return (
    <>
      {canSwap && !isSwapped.value && <SwapButton />}
      <button
        type="button"
        class="move"
        aria-label={t('call.moveSelf')}
        title={t('call.moveSelf')}
        onClick={() => {
          if (tile.current !== null) move(nextCornerOf(tile.current));
        }}
      >
        <CallIcon name="move" size={16} />
      </button>
    </>
  );
}

function CameraOff() {
  const effects = useEffectPart();
  const note = (
    <div class="tile-note">
      <Icon name="cameraOff" size={28} />
      <p class="sr">{t('call.cameraIsOff')}</p>
    </div>
  );
  return effects === null ? note : <effects.TileNote>{note}</effects.TileNote>;
}

function TextOnly() {
  const app = useApp();
  return (
    <div class="tile-note asks-you text-only">
      <p>{t('textOnly.is')}</p>
      <button type="button" class="btn on-dark" onClick={() => app.call.textOnly.set(false)}>
        {t('textOnly.back')}
      </button>
    </div>
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
