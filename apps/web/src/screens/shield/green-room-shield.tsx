import '../../styles/shield.css';
import { t } from '../../i18n/words.ts';
import { useApp } from '../../parts/app-context.ts';
import { Icon } from '../../parts/icons.tsx';
import { ShieldChoice } from './shield-choice.tsx';
import { ShieldProgress } from './shield-progress.tsx';

/** The row of the green room's list that says how far the shield is. */
export function ShieldRow() {
  const app = useApp();
  const load = app.shieldLoad.value;
  const { state } = app.ownCheck.value;
  const failed = load.state === 'failed';
  return (
    <li>
      <Icon name="shield" />
      <span class="check-words" role="status" aria-atomic="true">
        <span class="device-name">{t('shield.name')}</span>
        <span class={`state ${state === 'clean' ? 'on' : ''}`}>
          {t(`shield.own.${failed ? 'unavailable' : state}`)}
        </span>
      </span>
      {load.state === 'loading' && <ShieldProgress share={load.share} />}
    </li>
  );
}

/** What one's own picture waits for, or what would make it better. */
export function OwnCheckNote() {
  const app = useApp();
  const { state, dark, continuing } = app.ownCheck.value;
  if (continuing) return <p class="hint">{t('shield.ownContinuing')}</p>;
  return dark && state !== 'explicit' ? <p class="hint">{t('shield.ownDark')}</p> : null;
}

/** What the shield does, and when strangers are shown. */
export function ShieldSettings() {
  return (
    <details class="folded">
      <summary>{t('shield.title')}</summary>
      <p class="hint">{t('shield.what')}</p>
      <ShieldChoice />
    </details>
  );
}
