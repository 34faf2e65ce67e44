import type { MeasureOutcome } from '@farandole/moderation/appeals/appeal';
import type { WaitingAgeAppeal } from '@farandole/moderation/appeals/waiting-appeals';
import { t } from '../i18n/words.ts';
import { AppealPanel } from '../parts/appeal-panel.tsx';
import { useConsole } from '../parts/console-context.ts';
import { send } from '../state/case-actions.ts';

interface OneProps {
  readonly waiting: WaitingAgeAppeal;
  readonly reload: () => Promise<void>;
}

/** Appeals of users on whose device someone declared to be a minor; hidden when empty. */
export function AgeAppeals({
  waiting,
  reload,
}: {
  readonly waiting: readonly WaitingAgeAppeal[];
  readonly reload: () => Promise<void>;
}) {
  if (waiting.length === 0) return null;
  return (
    <section class="stack narrow" aria-labelledby="age-appeals">
      <h2 id="age-appeals">{t('ages.title')}</h2>
      <p class="soft">{t('ages.text')}</p>
      <ol class="stack">
        {waiting.map((one) => (
          <li key={one.appeal.id}>
            <AppealPanel
              waiting={one}
              title={<h3>{t('ages.of')}</h3>}
              label={<p class="label">{t('appeals.says')}</p>}
              endsAtMs={one.endsAtMs}
              notYours={t('measures.notYours')}
              answer={<AnswerForm waiting={one} reload={reload} />}
            />
          </li>
        ))}
      </ol>
    </section>
  );
}

function AnswerForm({ waiting: { appeal }, reload }: OneProps) {
  const model = useConsole();
  const answer = async (outcome: MeasureOutcome): Promise<void> => {
    const said = { outcome, endsAtMs: null };
    const answered = await send(model, `appeals/${appeal.id}/answer`, said);
    if (answered !== null) model.say(t(`ages.told.${outcome}`));
    await reload();
  };
  return (
    <div class="actions">
      <button type="button" class="btn" onClick={() => void answer('uphold')}>
        {t('ages.uphold')}
      </button>
      <button type="button" class="btn" onClick={() => void answer('overturn')}>
        {t('ages.overturn')}
      </button>
    </div>
  );
}
