import { useEffect } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { deviceAlerts } from '../state/device-alerts.ts';
import { goTo, hashOf, route } from '../state/route.ts';
import { titleOf } from './alert-words.ts';

/** Shows the newest open alert for this member, here and as a notification of the browser. */
export function AlertBanner() {
  const alert = useConsole().live.value.said?.counts.alert;
  const title = alert === undefined ? null : titleOf(alert);
  const { id, atMs } = alert ?? {};
  useEffect(() => {
    if (id === undefined || atMs === undefined || title === null) return;
    const text = { title, body: t('alerts.device.body') };
    deviceAlerts.show({ id, atMs, ...text }, () => goTo('alerts', id));
  }, [id, atMs, title]);
  if (id === undefined || route.value.screen === 'alerts') return null;
  return (
    <div class="banner warning" role="status">
      <p>{title}</p>
      <a class="btn" href={hashOf({ screen: 'alerts', id })}>
        {t('alerts.show')}
      </a>
    </div>
  );
}
