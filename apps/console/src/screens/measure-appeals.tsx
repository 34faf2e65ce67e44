import type { MeasureOutcome } from '@farandole/moderation/appeals/appeal';
import type { WaitingMeasureAppeal } from '@farandole/moderation/appeals/waiting-appeals';
import { t } from '../i18n/words.ts';
import { AppealPanel } from '../parts/appeal-panel.tsx';
import { useConsole } from '../parts/console-context.ts';
import { send } from '../state/case-actions.ts';
import { hashOf } from '../state/route.ts';

interface OneProps {
  readonly waiting: WaitingMeasureAppeal;
  readonly reload: () => Promise<void>;
}

/**
 * Lists appeals of users whom software suspended or restricted before a decision. Hidden when
 * there are none.
 */
export function MeasureAppeals({
  waiting,
  reload,
}: {
  readonly waiting: readonly WaitingMeasureAppeal[];
  readonly reload: () => Promise<void>;
}) {
  if (waiting.length === 0) return null;
  return (
    <section class="stack narrow" aria-labelledby="measure-appeals">
      <h2 id="measure-appeals">{t('measures.title')}</h2>
      <p class="soft">{t('measures.text')}</p>
      <ol class="stack">
        {waiting.map((one) => (
          <li key={one.appeal.id}>
            <OneMeasure waiting={one} reload={reload} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function OneMeasure({ waiting, reload }: OneProps) {
  const { appeal, endsAtMs } = waiting;
  return (
    <AppealPanel
      waiting={waiting}
      title={<h3>{t(`measures.of.${appeal.measure}`)}</h3>}
      label={<p class="label">{t('appeals.says')}</p>}
      mark={endsAtMs === null ? <span class="mark">{t('measures.over')}</span> : null}
      endsAtMs={endsAtMs}
      notYours={t('measures.notYours')}
      answer={<AnswerForm waiting={waiting} reload={reload} />}
    />
  );
}

function AnswerForm({ waiting: { appeal, of }, reload }: OneProps) {
  const model = useConsole();
  const answer = async (outcome: MeasureOutcome): Promise<void> => {
    const said = { outcome, endsAtMs: null };
    const answered = await send(model, `appeals/${appeal.id}/answer`, said);
    if (answered !== null) model.say(t(`measures.told.${outcome}`));
    await reload();
  };
  return (
    <div class="actions">
      <button type="button" class="btn" onClick={() => void answer('uphold')}>
        {t('measures.uphold')}
      </button>
      <button type="button" class="btn" onClick={() => void answer('overturn')}>
        {t('measures.overturn')}
      </button>
      <a class="btn quiet" href={hashOf({ screen: 'case', id: of.id })}>
        {t('approvals.open')}
      </a>
    </div>
  );
}
