import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { exposureOf } from '../../state/green-room-pass.ts';
import { useApp } from '../app-context.ts';

/** Says in one line what a stranger can learn about the user's network address. */
export function ExposureLine() {
  const app = useApp();
  const isOpen = useSignal(false);
  const id = useId();
  const exposure = exposureOf(app.link.server.value, app.settings.preferences.value);
  if (exposure === null) return null;
  return (
    <div class="exposure">
      <p>
        {t(`greenRoom.exposure.${exposure}`)}{' '}
        <button
          type="button"
          class="why"
          aria-expanded={isOpen.value}
          aria-controls={id}
          onClick={() => {
            isOpen.value = !isOpen.value;
          }}
        >
          {t('greenRoom.why')}
        </button>
      </p>
      <p id={id} class="small" hidden={!isOpen.value}>
        {t(`greenRoom.exposureWhy.${exposure}`)}
      </p>
    </div>
  );
}
