import { useEffect, useMemo } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { PointerLongPress } from '../../keyboard/long-press.ts';
import { browserScheduler } from '../../signal/browser-signal.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';

/** The Report button. A press opens the report sheet; a long press reports at once. */
export function ReportButton() {
  const app = useApp();
  const hold = useMemo(() => new PointerLongPress(browserScheduler), []);
  useEffect(() => () => hold.end(), [hold]);
  const report = (): void => {
    app.report.open(app.call.flagNote);
  };
  const end = (): void => hold.end();
  return (
    <button
      type="button"
      class="btn on-dark report"
      title={t('call.report')}
      onClick={() => {
        if (hold.isPress()) report();
      }}
      onPointerDown={(event) => {
        hold.down(event, () => {
          report();
          app.report.hold();
        });
      }}
      onPointerMove={(event) => hold.move(event)}
      onPointerUp={end}
      onPointerLeave={end}
      onPointerCancel={end}
      onBlur={end}
      // The default action is prevented, because a long press would open the context menu on a
      // phone.
      onContextMenu={(event) => event.preventDefault()}
    >
      <Icon name="flag" size={20} />
      <span>{t('call.report')}</span>
    </button>
  );
}
