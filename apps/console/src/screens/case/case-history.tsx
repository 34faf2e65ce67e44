import type { ShownCase, ShownDecision } from '@farandole/moderation/desk/show-case';
import { t } from '../../i18n/words.ts';
import { useConsole } from '../../parts/console-context.ts';
import { dateOf, listOf } from '../../parts/times.ts';

/** What was decided about the person before, the newest first. */
export function CaseHistory({ shown }: { shown: ShownCase }) {
  return (
    <section aria-labelledby="history-title">
      <h2 id="history-title">{t('case.history')}</h2>
      {shown.decisions.length === 0 ? (
        <p class="soft">{t('case.noHistory')}</p>
      ) : (
        <ol class="panel rows">
          {shown.decisions.map((one) => (
            <li key={one.decision.id}>
              <OneDecision shown={one} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function OneDecision({ shown: { decision, note, sanctions, appeal } }: { shown: ShownDecision }) {
  const model = useConsole();
  const { measure, reason, deciders, atMs, endsAtMs, reversedAtMs } = decision;
  const names = listOf(deciders.map((id) => model.nameOf(id)));
  return (
    <article class="decision">
      <p>
        <strong>{t(`decided.${measure}`)}</strong>
        <span class="soft"> · {t(`reason.${reason}`)}</span>
        <span class="marks">
          {reversedAtMs === null ? null : <span class="mark">{t('case.reversed')}</span>}
          {sanctions.length > 0 ? <span class="mark accent">{t('case.holds')}</span> : null}
          {reversedAtMs === null && endsAtMs !== null && sanctions.length === 0 ? (
            <span class="mark">{t('case.ended')}</span>
          ) : null}
          {appeal === null ? null : <AppealMark appeal={appeal} />}
        </span>
      </p>
      <p class="soft small">
        <time dateTime={new Date(atMs).toISOString()}>{dateOf(atMs)}</time>{' '}
        {t('case.by', { names })}
        {endsAtMs === null ? '' : `, ${t('case.until', { time: dateOf(endsAtMs) })}`}
      </p>
      {note === null ? null : (
        <p class="decision-note" dir="auto">
          {note}
        </p>
      )}
    </article>
  );
}

function AppealMark({ appeal }: { appeal: NonNullable<ShownDecision['appeal']> }) {
  if (appeal.state === 'waiting') return <span class="mark accent">{t('case.appealed')}</span>;
  const outcome = t(`appeals.outcome.${appeal.outcome}`);
  return <span class="mark">{t('case.appealAnswered', { outcome })}</span>;
}
