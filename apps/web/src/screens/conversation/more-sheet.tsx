import '../../styles/more.css';
import type { Mode } from '@farandole/protocol/fields';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { isBelow, isText } from '../../call/rungs.ts';
import { t } from '../../i18n/words.ts';
import { openSheet } from '../../keyboard/open-sheet.ts';
import { canFillScreen, toggleFullScreen } from '../../ui/full-screen.ts';
import { Icon } from '../../ui/icons.tsx';
import { closeAround } from '../../ui/modal.tsx';
import { carriesText, offeredModes } from '../../ui/offered-modes.ts';
import { useApp } from '../app-context.ts';
import { DeviceFields } from '../shared/device-fields.tsx';
import { useEffectPart } from '../shared/effect-part.ts';
import { CallIcon } from './call-icons.tsx';
import { SameCall } from './same-call.tsx';
import { Sheet } from './sheet.tsx';
import { canToggleSmallWindow, toggleSmallWindow } from './small-window-switch.ts';

/** If another sheet has replaced the More sheet, that other sheet must stay open. */
const close = (): void => {
  if (openSheet.peek() === 'more') openSheet.value = null;
};

/** The More sheet, which lists further actions during a call. It closes when the call ends. */
export function MoreSheet() {
  const app = useApp();
  const effects = useEffectPart();
  const mode = app.call.view.value?.mode;
  const gone = mode === undefined;
  useEffect(() => {
    if (gone) close();
  }, [gone]);
  if (gone) return null;
  return (
    <Sheet title={t('more.title')} onClose={close}>
      <ul class="acts">
        {mode === 'video' && (
          <>
            <CoverAct />
            <SwitchCameraAct />
            <SmallWindowAct />
            <TextOnlyAct />
          </>
        )}
        {!isText(mode) && <LowerActs mode={mode} />}
        {carriesText(mode) && mode !== 'question' && <CardsAct />}
        {!isText(mode) && effects !== null && <effects.CaptionsAct Act={Act} />}
        <FullScreenAct />
        <li>
          <Act icon={<Icon name="settings" />} onClick={() => app.settings.open()}>
            {t('site.settings')}
          </Act>
        </li>
        <li class="with-keys">
          <Act
            icon={<CallIcon name="keyboard" />}
            onClick={() => {
              openSheet.value = 'shortcuts';
            }}
          >
            {t('shortcuts.title')}
          </Act>
        </li>
      </ul>
      {mode === 'video' && <DeviceFields />}
      <SameCall />
    </Sheet>
  );
}

const RUNGS = ['voice', 'text'] as const;

/** Takes the call down to a lower mode at once, for both users. */
function LowerActs({ mode }: { mode: Mode }) {
  const app = useApp();
  const offered = offeredModes();
  const lower = RUNGS.filter((each) => offered.includes(each) && isBelow(each, mode));
  return (
    <>
      {lower.map((each) => (
        <li key={each}>
          <Act
            icon={each === 'voice' ? <Icon name="microphone" /> : <CallIcon name="text" />}
            onClick={() => app.call.lower(each)}
          >
            {t(`more.lower.${each}`)}
          </Act>
        </li>
      ))}
    </>
  );
}

function CoverAct() {
  const app = useApp();
  if (app.call.peerStream.value === null) return null;
  return (
    <li>
      <Act icon={<Icon name="cover" />} onClick={() => app.call.cover()}>
        {t('more.cover')}
      </Act>
    </li>
  );
}

function CardsAct() {
  const cards = useApp().reactions.model.value?.cards;
  if (cards?.areOffered.value !== true) return null;
  return (
    <li>
      <Act icon={<CallIcon name="cards" />} onClick={() => cards.play('ice')}>
        {t('more.cards')}
      </Act>
    </li>
  );
}

function SwitchCameraAct() {
  const { devices } = useApp();
  if (!devices.lists.value.canSwitchCamera) return null;
  return (
    <li>
      <Act
        icon={<CallIcon name="switchCamera" />}
        onClick={() => devices.loaded?.choice.switchCamera()}
      >
        {t('more.switchCamera')}
      </Act>
    </li>
  );
}

function SmallWindowAct() {
  const app = useApp();
  if (!canToggleSmallWindow(app)) return null;
  return (
    <li>
      <Act icon={<CallIcon name="smallWindow" />} onClick={() => void toggleSmallWindow(app)}>
        {t('more.smallWindow')}
      </Act>
    </li>
  );
}

function FullScreenAct() {
  if (!canFillScreen()) return null;
  return (
    <li>
      <Act icon={<CallIcon name="fullScreen" />} onClick={toggleFullScreen}>
        {t(document.fullscreenElement === null ? 'more.fullScreen' : 'more.fullScreenEnd')}
      </Act>
    </li>
  );
}

function TextOnlyAct() {
  const app = useApp();
  const on = app.call.textOnly.on.value;
  return (
    <li>
      <Act
        icon={on ? <Icon name="camera" /> : <CallIcon name="text" />}
        onClick={() => app.call.textOnly.set(!on)}
      >
        {t(on ? 'textOnly.back' : 'textOnly.on')}
      </Act>
    </li>
  );
}

/**
 * A button in a sheet. A press closes the sheet, which restores the focus, and then runs the
 * button's action.
 */
function Act({
  icon,
  onClick,
  children,
}: {
  icon: ComponentChildren;
  onClick: () => void;
  children: string;
}) {
  return (
    <button
      type="button"
      class="btn act"
      onClick={(event) => {
        closeAround(event);
        onClick();
      }}
    >
      {icon}
      <span>{children}</span>
    </button>
  );
}
