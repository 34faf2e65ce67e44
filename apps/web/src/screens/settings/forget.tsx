import { forgetLanguage } from '@farandole/ui/remembered-language';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { forgetCommunities } from '../../community/community-memory.ts';
import { t } from '../../i18n/words.ts';
import { useApp } from '../app-context.ts';
import { meetingPart } from '../conversation/meeting-part.ts';

/**
 * Deletes the preferences stored on this device. The device key is kept, because the user's
 * blocks and blocks against the user depend on it.
 */
export function ForgetRow() {
  const app = useApp();
  const step = useSignal<'ask' | 'sure' | 'done'>('ask');
  const sure = useRef<HTMLButtonElement>(null);
  const said = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (step.value === 'sure') sure.current?.focus();
    if (step.value === 'done') said.current?.focus();
  }, [step.value]);
  // The button isn't shown during a search or call, because that uses the preferences.
  if (
    app.search.view.value !== null ||
    app.call.view.value !== null ||
    app.call.ended.value !== null
  )
    return null;
  if (step.value === 'done') {
    return (
      <p ref={said} tabIndex={-1} class="settings-row">
        {t('settings.privacy.forgotten')}
      </p>
    );
  }
  return (
    <div class="settings-row">
      <p class="hint">{t('settings.privacy.forgetHint')}</p>
      {step.value === 'ask' ? (
        <button
          type="button"
          class="btn small"
          onClick={() => {
            step.value = 'sure';
          }}
        >
          {t('settings.privacy.forget')}
        </button>
      ) : (
        <div class="go">
          <button
            ref={sure}
            type="button"
            class="btn small danger"
            onClick={() => {
              app.settings.forget();
              forgetLanguage();
              forgetCommunities();
              meetingPart.use(({ forgetSystem }) => forgetSystem(app));
              step.value = 'done';
            }}
          >
            {t('settings.privacy.forgetSure')}
          </button>
          <button
            type="button"
            class="btn small"
            onClick={() => {
              step.value = 'ask';
            }}
          >
            {t('settings.privacy.forgetKeep')}
          </button>
        </div>
      )}
    </div>
  );
}
