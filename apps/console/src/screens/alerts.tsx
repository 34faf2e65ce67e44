import type { AlertsPage } from '@farandole/moderation/alerts/acknowledge';
import { type Alert, type AlertChannel, FAULT_KINDS } from '@farandole/moderation/alerts/alert';
import { useState } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { Loaded, Nothing, sentenceOf } from '../parts/states.tsx';
import { dateOf, listOf, relative } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { deviceAlerts } from '../state/device-alerts.ts';
import { hashOf, route } from '../state/route.ts';
import { AlertRules } from './alert-rules.tsx';
import { titleOf } from './alert-words.ts';

const CODE_CHARS = 8;

/** GET `alerts`. */
export interface AlertsAnswer extends AlertsPage {
  readonly channels: readonly AlertChannel[];
}

export function Alerts() {
  const { current, reload } = useLoaded<AlertsAnswer>('alerts');
  return (
    <>
      <p class="soft lead">{t('alerts.lead')}</p>
      <Loaded of={current.value} again={reload}>
        {({ alerts, settings, channels }) => (
          <div class="alerts stack narrow">
            <List alerts={alerts} reload={reload} />
            <Device />
            {settings === null ? null : (
              <AlertRules
                key={settings.version}
                settings={settings}
                channels={channels}
                reload={reload}
              />
            )}
          </div>
        )}
      </Loaded>
    </>
  );
}

function List({ alerts, reload }: { alerts: readonly Alert[]; reload: () => Promise<void> }) {
  const open = alerts.filter(({ end }) => end === null);
  const earlier = alerts.filter(({ end }) => end !== null);
  return (
    <>
      {open.length === 0 ? (
        <Nothing title={t('alerts.none')}>
          <p>{t('alerts.noneText')}</p>
        </Nothing>
      ) : (
        <section class="stack" aria-labelledby="alerts-open">
          <h2 id="alerts-open">{t('alerts.open')}</h2>
          <ul class="stack plain-list">
            {open.map((alert) => (
              <OpenAlert key={alert.id} alert={alert} reload={reload} />
            ))}
          </ul>
        </section>
      )}
      {earlier.length === 0 ? null : (
        <section class="stack" aria-labelledby="alerts-earlier">
          <h2 id="alerts-earlier">{t('alerts.earlier')}</h2>
          <ul class="plain-list alert-log">
            {earlier.map((alert) => (
              <li key={alert.id} aria-current={route.value.id === alert.id ? 'true' : undefined}>
                <strong>{titleOf(alert)}</strong>
                <span class="soft small">
                  <time dateTime={new Date(alert.atMs).toISOString()}>{dateOf(alert.atMs)}</time>
                  {' · '}
                  <End alert={alert} />
                </span>
                <Marks alert={alert} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function End({ alert: { end } }: { alert: Alert }) {
  const model = useConsole();
  if (end === null) return null;
  const moment = dateOf(end.atMs);
  if (end.how === 'over') return <>{t('alerts.over', { moment })}</>;
  return <>{t('alerts.endedBy', { name: model.nameOf(end.by), moment })}</>;
}

function OpenAlert({ alert, reload }: { alert: Alert; reload: () => Promise<void> }) {
  const model = useConsole();
  const [isSending, setIsSending] = useState(false);
  const title = titleOf(alert);
  const acknowledge = async (): Promise<void> => {
    if (isSending) return;
    setIsSending(true);
    const answer = await model.api.post(`alerts/${alert.id}/acknowledge`, {});
    await reload();
    setIsSending(false);
    if (answer.ok) model.say(t('alerts.acknowledged'));
    else model.say(sentenceOf(answer.problem), { bad: true });
  };
  return (
    <li class="panel alert" aria-current={route.value.id === alert.id ? 'true' : undefined}>
      <header>
        <h3>{title}</h3>
        <p class="soft small">
          <time dateTime={new Date(alert.atMs).toISOString()}>
            {relative(alert.atMs, model.nowMs.value)}
          </time>
          {' · '}
          {alert.woken.length === 0
            ? t('alerts.wokenNobody')
            : t('alerts.woken', {
                names: listOf(alert.woken.map(({ member }) => model.nameOf(member))),
              })}
        </p>
      </header>
      <Marks alert={alert} />
      <About alert={alert} />
      <button
        type="button"
        class="btn primary"
        aria-label={t('alerts.acknowledgeOf', { alert: title })}
        aria-disabled={isSending}
        onClick={() => void acknowledge()}
      >
        {t('alerts.acknowledge')}
      </button>
    </li>
  );
}

function About({ alert: { kind, cases, count } }: { alert: Alert }) {
  const model = useConsole();
  const fault = FAULT_KINDS.find((one) => one === kind);
  if (fault !== undefined) {
    return (
      <>
        <p>{t(`alerts.help.${fault}`)}</p>
        {model.may('settings.edit') ? (
          <p>
            <a href={hashOf({ screen: 'server', id: null })}>{t('alerts.toServer')}</a>
          </p>
        ) : null}
      </>
    );
  }
  const rest = count - cases.length;
  if (!model.may('case.read')) return null;
  return (
    <ul class="plain-list alert-cases">
      {cases.map((id) => (
        <li key={id}>
          <a href={hashOf({ screen: 'case', id })}>
            {t('alerts.toCase', { code: id.slice(0, CODE_CHARS) })}
          </a>
        </li>
      ))}
      {rest > 0 ? (
        <li>
          <a href={hashOf({ screen: 'queue', id: null })}>{t('alerts.toQueue')}</a>{' '}
          <span class="soft">{t('alerts.more', { rest })}</span>
        </li>
      ) : null}
    </ul>
  );
}

/** The class of the cases, unless the alert is over, and the channels that failed. */
function Marks({ alert: { class: of, end, ...rest } }: { alert: Alert }) {
  const shown = end === null ? of : null;
  const { undelivered = [], notSetUp = [] } = rest;
  if (shown === null && undelivered.length + notSetUp.length === 0) return null;
  const named = (channels: typeof undelivered) =>
    listOf(channels.map((channel) => t(`alerts.channel.${channel}`)));
  return (
    <p class="marks-row">
      {shown === null ? null : <span class="mark bad">{t(`alerts.class.${shown}`)}</span>}
      {undelivered.length === 0 ? null : (
        <span class="mark bad">{t('alerts.undelivered', { channels: named(undelivered) })}</span>
      )}
      {notSetUp.length === 0 ? null : (
        <span class="mark bad">{t('alerts.notSetUp', { channels: named(notSetUp) })}</span>
      )}
    </p>
  );
}

function Device() {
  const state = deviceAlerts.state.value;
  return (
    <section class="panel" aria-labelledby="alerts-device">
      <h2 id="alerts-device">{t('alerts.device.title')}</h2>
      <p>{t('alerts.device.text')}</p>
      <div role="status">
        {state === 'on' ? <p>{t('alerts.device.isOn')}</p> : null}
        {state === 'denied' ? <p>{t('alerts.device.denied')}</p> : null}
        {state === 'missing' ? <p>{t('alerts.device.missing')}</p> : null}
      </div>
      {state === 'off' ? (
        <button type="button" class="btn" onClick={() => void deviceAlerts.turnOn()}>
          {t('alerts.device.on')}
        </button>
      ) : null}
      {state === 'on' ? (
        <button type="button" class="btn" onClick={() => deviceAlerts.turnOff()}>
          {t('alerts.device.off')}
        </button>
      ) : null}
    </section>
  );
}
