import '../styles/report.css';
import { fromNow } from '../i18n/from-now.ts';
import { momentOf, t } from '../i18n/words.ts';
import type { StandingView } from '../signal/standing-model.ts';
import { Heading } from '../ui/heading.tsx';
import { Icon } from '../ui/icons.tsx';
import { useApp } from './app-context.ts';
import { TextInstead } from './conversation/text-instead.tsx';
import { AppealDoor, isShared } from './shared/appeal-door.tsx';
import { Notice } from './shared/notice.tsx';

export function Sanctioned() {
  const app = useApp();
  const standing = app.standing.view.value;
  return (
    <Notice>
      <span class="badge large">
        <Icon name="shield" />
      </span>
      <Heading>{t('sanctioned.title')}</Heading>
      <p>{t(standing === null ? 'sanctioned.text' : `sanctioned.${reasonOf(standing)}`)}</p>
      {standing !== null && standing.endsAtMs !== null && <p>{endOf(standing.endsAtMs)}</p>}
      <div class="go">
        {isAppealable(standing) && <AppealDoor code={standing?.appeal} />}
        <button type="button" class="btn big" onClick={() => app.link.start()}>
          {t('sanctioned.again')}
        </button>
      </div>
      {standing !== null && standing.appeal !== null && !isShared(standing.appeal) && (
        <p class="case">
          <span class="soft small">
            {t(standing.because === 'hold' ? 'sanctioned.holdCode' : 'sanctioned.code')}
          </span>
          <strong class="number" dir="ltr">
            {standing.appeal}
          </strong>
        </p>
      )}
      <p class="small soft">
        {t('sanctioned.works')} <a href="#safety">{t('site.safety')}</a>
      </p>
    </Notice>
  );
}

/**
 * Formats the end of a restriction. Adds the remaining time unless the end has passed by this
 * device's clock.
 */
function endOf(endsAtMs: number): string {
  const [moment, span] = [momentOf(endsAtMs), fromNow(endsAtMs, Date.now())];
  return span === null
    ? t('sanctioned.until', { moment })
    : t('sanctioned.untilIn', { moment, span });
}

export function OwnDecisions() {
  const decisions = useApp().records.decisions.value;
  if (decisions.length === 0) return null;
  return (
    <>
      <p>{t('records.decisions')}</p>
      <ul class="records">
        {decisions.map(({ code, may, atMs, endsAtMs }) => (
          <li key={code} class="record">
            <div>
              <p>
                <strong>{t(`records.may.${may}`)}</strong>
              </p>
              <p class="small soft">{t('records.told', { moment: momentOf(atMs) })}</p>
              {endsAtMs !== null && <p class="small soft">{endOf(endsAtMs)}</p>}
              <p class="small soft">
                {t('sanctioned.code')}{' '}
                <span class="number decision-code" dir="ltr">
                  {code}
                </span>
              </p>
            </div>
            <AppealDoor code={code} quiet />
          </li>
        ))}
      </ul>
    </>
  );
}

/** Tells a user who may not use video about this restriction before the user asks for video. */
export function TextOnlyNote() {
  const standing = useApp().standing.view.value;
  if (standing === null) return null;
  const { endsAtMs } = standing;
  return (
    <div class="note text-only-note">
      <Icon name="info" size={20} />
      <div class="go">
        <p>
          {endsAtMs === null
            ? t('sanctioned.textOnly')
            : t('sanctioned.textOnlyUntil', { moment: momentOf(endsAtMs) })}
        </p>
        {isAppealable(standing) && <AppealDoor code={standing.appeal} quiet />}
      </div>
    </div>
  );
}

/** A notice for users with limited matching, shown before they search. */
export function LimitedNote() {
  const limited = useApp().standing.limited.value;
  if (limited === null) return null;
  return (
    <section class="note text-only-note" aria-labelledby="limited-title">
      <Icon name="info" size={20} />
      <div class="go">
        <p>
          <strong id="limited-title">{t('limited.title')}</strong>
        </p>
        <p>
          {t('limited.text')} {t('limited.until', { moment: momentOf(limited.endsAtMs) })}
        </p>
        <AppealDoor code={limited.appeal} quiet />
      </div>
    </section>
  );
}

/**
 * A notice for users with limited matching, shown during a search instead of the progress,
 * because the search may find nobody. The search continues.
 */
export function LimitedSearch() {
  const app = useApp();
  const limited = app.standing.limited.value;
  const search = app.search.view.value;
  if (limited === null || search === null) return null;
  return (
    <div class="anyone">
      <p>{t('limited.waiting', { moment: momentOf(limited.endsAtMs) })}</p>
      <div class="go">
        <AppealDoor code={limited.appeal} onDark />
        <TextInstead mode={search.mode} />
      </div>
    </div>
  );
}

/**
 * A server of an older version, in which automatic suspensions couldn't be appealed, sends no
 * code.
 */
function isAppealable(standing: StandingView | null): boolean {
  return standing === null || standing.because === 'decision' || standing.appeal !== null;
}

function reasonOf({ because, appeal }: StandingView): StandingView['because'] | 'device' {
  return because === 'decision' && isShared(appeal) ? 'device' : because;
}

export function WarningNote() {
  const { records } = useApp();
  const warning = records.warning.value;
  if (warning === null) return null;
  const { atMs, reason } = warning;
  return (
    <section class="note text-only-note" aria-label={t('warned.title')}>
      <Icon name="shield" size={20} />
      <div class="go">
        <p>
          <strong>{t('warned.title')}</strong>{' '}
          {t('warned.text', { reason: t(`report.reason.${reason}`), moment: momentOf(atMs) })}
        </p>
        <button type="button" class="btn small" onClick={() => records.understood()}>
          {t('warned.understood')}
        </button>
        <AppealDoor quiet />
      </div>
    </section>
  );
}
