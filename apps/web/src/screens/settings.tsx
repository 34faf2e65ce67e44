import { useEffect, useRef } from 'preact/hooks';
import '../styles/settings.css';
import { t } from '../i18n/words.ts';
import { Icon } from '../ui/icons.tsx';
import { closeAround, Modal } from '../ui/modal.tsx';
import { useApp } from './app-context.ts';
import { About } from './settings/about.tsx';
import { AccessSettings } from './settings/access.tsx';
import { DeviceSettings } from './settings/devices.tsx';
import { MatchingSettings } from './settings/matching.tsx';
import { PrivacySettings } from './settings/privacy.tsx';
import { SoundSettings } from './settings/sounds.tsx';
import { ThemeSettings } from './settings/theme.tsx';
import { StopHere } from './shared/stop-here.tsx';

/** The settings dialog, shown over any screen. Changes apply at once. */
export function Settings() {
  const app = useApp();
  const heading = useRef<HTMLHeadingElement>(null);
  const pressedBeside = useRef(false);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Modal
      class="settings"
      aria-labelledby="settings-title"
      onClose={() => app.settings.close()}
      // A press outside the dialog is handled by script, because some browsers have no `closedby`.
      // A drag that begins inside the dialog selects text and must not close the dialog.
      onPointerDown={(event) => {
        pressedBeside.current = event.target === event.currentTarget;
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget && pressedBeside.current) closeAround(event);
      }}
    >
      <div class="settings-sheet">
        <header class="settings-top">
          <h2 id="settings-title" ref={heading} tabIndex={-1}>
            {t('site.settings')}
          </h2>
          <button
            type="button"
            class="btn ic plain"
            aria-label={t('settings.close')}
            onClick={closeAround}
          >
            <Icon name="cross" />
          </button>
          <StopHere />
        </header>
        <div class="settings-groups">
          {app.settings.storageBlocked.value && (
            <p class="note">
              <Icon name="info" size={20} />
              <span>{t('settings.storage')}</span>
            </p>
          )}
          <DeviceSettings />
          <MatchingSettings />
          <ThemeSettings />
          <SoundSettings />
          <AccessSettings />
          <PrivacySettings />
          <About />
        </div>
      </div>
    </Modal>
  );
}
