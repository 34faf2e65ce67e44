import { tookTwo } from '@farandole/moderation/cases/approval';
import type { ShownCase, ShownDecision } from '@farandole/moderation/service/show-case';
import { useState } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { useConsole } from '../../parts/console-context.ts';
import { dateOf, listOf } from '../../parts/times.ts';
import { send } from '../../state/case-actions.ts';

interface HistoryProps {
  readonly shown: ShownCase;
  readonly reload: () => Promise<void>;
}

export function CaseHistory({ shown, reload }: HistoryProps) {
  return (
    <section aria-labelledby="history-title">
      <h2 id="history-title">{t('case.history')}</h2>
      {shown.decisions.length === 0 ? (
        <p class="soft">{t('case.noHistory')}</p>
      ) : (
        <ol class="panel decisions">
          {shown.decisions.map((one) => (
            <li key={one.decision.id}>
              <OneDecision shown={one} reload={reload} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function OneDecision({
  shown: { decision, note, sanctions, appeal },
  reload,
}: {
  shown: ShownDecision;
  reload: HistoryProps['reload'];
}) {
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
        {endsAtMs === null ? '' : ` · ${t('case.until', { time: dateOf(endsAtMs) })}`}
      </p>
      {note === null ? null : (
        <p class="decision-note" dir="auto">
          {note}
        </p>
      )}
      {sanctions.length > 0 && model.may('sanction.lift') ? (
        tookTwo(decision) ? (
          <p class="soft small">{t('case.liftTwo')}</p>
        ) : (
          <Lift sanctions={sanctions} reload={reload} />
        )
      ) : null}
    </article>
  );
}

/** Lets a moderator end a sanction early without overturning the decision that imposed it. */
function Lift({
  sanctions,
  reload,
}: Pick<ShownDecision, 'sanctions'> & Pick<HistoryProps, 'reload'>) {
  const model = useConsole();
  const [isSure, setSure] = useState(false);
  const lift = async (): Promise<void> => {
    for (const { id } of sanctions) {
      if ((await send(model, `sanctions/${id}/lift`, {})) === null) return await reload();
    }
    model.say(t('case.lifted'));
    await reload();
  };
  if (!isSure) {
    return (
      <p>
        <button type="button" class="btn" onClick={() => setSure(true)}>
          {t('case.lift')}
        </button>
      </p>
    );
  }
  return (
    <div class="actions">
      <p class="soft small">{t('case.liftHint')}</p>
      <button type="button" class="btn" onClick={() => void lift()}>
        {t('case.liftSure')}
      </button>
      <button type="button" class="btn" onClick={() => setSure(false)}>
        {t('case.liftKeep')}
      </button>
    </div>
  );
}

function AppealMark({ appeal }: { appeal: NonNullable<ShownDecision['appeal']> }) {
  if (appeal.state === 'waiting') return <span class="mark accent">{t('case.appealed')}</span>;
  if (appeal.state === 'moot') return <span class="mark">{t('case.appealMoot')}</span>;
  const outcome = t(`appeals.outcome.${appeal.outcome}`);
  return <span class="mark">{t('case.appealAnswered', { outcome })}</span>;
}
