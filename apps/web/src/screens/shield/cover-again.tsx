import '../../styles/shield.css';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';

/** Covers the stranger. @param overridden also marks a flag that the user overrides */
export function CoverAgain({ overridden }: { overridden: boolean }) {
  const app = useApp();
  return (
    <button
      type="button"
      class={`btn on-dark cover-again${overridden ? ' overridden' : ''}`}
      aria-label={t(overridden ? 'shield.coverFlagged' : 'call.cover')}
      data-takes-focus="box"
      onClick={() => app.call.cover()}
    >
      <Icon name={overridden ? 'shield' : 'cover'} size={20} />
      <span>
        {overridden && <small>{t('shield.overridden')}</small>}
        {t('call.cover')}
      </span>
    </button>
  );
}
