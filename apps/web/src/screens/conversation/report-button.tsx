import { t } from '../../i18n/words.ts';
import { useApp } from '../../parts/app-context.ts';
import { Icon } from '../../parts/icons.tsx';
import { flagNote } from '../shield/flag-note.ts';

/** Always on the stranger's tile, at the same corner. */
export function ReportButton() {
  const app = useApp();
  const report = (): void => {
    const call = app.call.peek();
    app.openReport(call === null ? '' : flagNote(call));
  };
  return (
    <button type="button" class="btn on-dark report" onClick={report}>
      <Icon name="flag" size={20} />
      {t('call.report')}
    </button>
  );
}
