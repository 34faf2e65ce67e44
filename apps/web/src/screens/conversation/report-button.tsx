import { t } from '../../i18n/words.ts';
import { useApp } from '../../parts/app-context.ts';
import { Icon } from '../../parts/icons.tsx';

/** Always on the stranger's tile, at the same corner. */
export function ReportButton() {
  const app = useApp();
  return (
    <button type="button" class="btn on-dark report" onClick={() => app.openReport()}>
      <Icon name="flag" size={20} />
      {t('call.report')}
    </button>
  );
}
