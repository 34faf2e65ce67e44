import '../../styles/shield.css';
import { t } from '../../i18n/words.ts';
import type { OwnCheckReport } from '../../shield/own-check.ts';
import { useApp } from '../app-context.ts';
import { CheckRow, type Mark } from '../green-room/check-row.tsx';
import { ShieldChoice } from './shield-choice.tsx';
import { ShieldProgress } from './shield-progress.tsx';

const MARKS: Readonly<Record<OwnCheckReport['state'], Mark>> = {
  waiting: 'plain',
  checking: 'plain',
  none: 'plain',
  clean: 'on',
  explicit: 'bad',
  unavailable: 'bad',
};

export function ShieldRow() {
  const app = useApp();
  const load = app.shield.classifier.value;
  const state = load.state === 'failed' ? 'unavailable' : app.navigation.ownCheck.value.state;
  return (
    <CheckRow
      icon="shield"
      name={t('shield.name')}
      mark={MARKS[state]}
      word={t(`shield.own.${state}`)}
      hint={state === 'explicit' || state === 'unavailable' ? null : t('shield.ownHint')}
    >
      {load.state === 'loading' && <ShieldProgress share={load.share} />}
    </CheckRow>
  );
}

/**
 * Says what the check of the user's own picture waits for, or what would improve that picture. While
 * the shield loads, says that the user may write meanwhile.
 */
export function OwnCheckNote() {
  const app = useApp();
  const { state, dark, continuing } = app.navigation.ownCheck.value;
  const load = app.shield.classifier.value;
  if (load.state === 'loading') return <p class="hint">{t('shield.meanwhile.offer')}</p>;
  if (load.state === 'failed' && load.fault === 'stalled') {
    return <p class="hint">{t('shield.unavailable.stalled')}</p>;
  }
  if (continuing) return <p class="hint">{t('shield.ownContinuing')}</p>;
  return dark && state !== 'explicit' ? <p class="hint">{t('shield.ownDark')}</p> : null;
}

export function ShieldSettings() {
  return (
    <details class="folded">
      <summary>{t('shield.title')}</summary>
      <p class="hint">{t('shield.what')}</p>
      <ShieldChoice />
    </details>
  );
}
