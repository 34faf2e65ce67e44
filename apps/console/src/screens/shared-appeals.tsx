import {
  answersAgainst,
  isSharedAnswer,
  liftsBy,
  type SharedAnswer,
} from '@farandole/moderation/appeals/shared-appeal';
import type { WaitingAppeal } from '@farandole/moderation/appeals/waiting-appeals';
import { useState } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { AppealText, AppealTimes, DecisionMarks } from '../parts/appeal-facts.tsx';
import { useConsole } from '../parts/console-context.ts';
import { ReadsFull } from '../parts/reads-full.tsx';
import { send } from '../state/case-actions.ts';
import { hashOf } from '../state/route.ts';

/** Appeals of users banned by a shared network or device; hidden when empty. */
export function SharedAppeals({
  waiting,
  reload,
}: {
  readonly waiting: readonly WaitingAppeal[];
  readonly reload: () => Promise<void>;
}) {
  if (waiting.length === 0) return null;
  return (
    <section class="stack narrow" aria-labelledby="shared-appeals">
      <h2 id="shared-appeals">{t('shared.title')}</h2>
      <p class="soft">{t('shared.text')}</p>
      <ol class="stack">
        {waiting.map((one) => (
          <li key={one.appeal.id}>
            <OneShared waiting={one} reload={reload} />
          </li>
        ))}
      </ol>
    </section>
  );
}

interface OneProps {
  readonly waiting: WaitingAppeal;
  readonly reload: () => Promise<void>;
}

function OneShared({ waiting, reload }: OneProps) {
  const { appeal, shared, decision, of, isShown, mayAnswer } = waiting;
  if (shared === null) return null;
  const { scope, endsAtMs } = shared;
  return (
    <article class="panel">
      <header>
        <h3>{t(`shared.of.${scope}`)}</h3>
        <AppealTimes atMs={appeal.atMs} decision={decision} />
      </header>
      <p class="marks-row">
        <span class="mark accent">{t('shared.other')}</span>
        <DecisionMarks reason={decision.reason} endsAtMs={endsAtMs} lane={of.lane} />
      </p>
      {isShown ? (
        <AppealText text={waiting.text}>
          <p class="label">{t('appeals.says')}</p>
        </AppealText>
      ) : (
        <ReadsFull />
      )}
      {mayAnswer && isShown ? <AnswerForm waiting={waiting} reload={reload} /> : null}
      {mayAnswer ? null : <p class="note-line">{t('shared.notYours')}</p>}
    </article>
  );
}

function AnswerForm({ waiting: { appeal, decision, of }, reload }: OneProps) {
  const model = useConsole();
  const answers = answersAgainst(decision);
  const [answer, setAnswer] = useState<SharedAnswer>('still-needed');
  const say = async (): Promise<void> => {
    const said = { outcome: answer, endsAtMs: null };
    const answered = await send(model, `appeals/${appeal.id}/answer`, said);
    if (answered !== null) model.say(t(liftsBy(answer) ? 'shared.lifted' : 'shared.left'));
    await reload();
  };
  return (
    <>
      <label class="field">
        <span class="label">{t('shared.answerLabel')}</span>
        <select
          class="input"
          value={answer}
          onChange={({ currentTarget: { value } }) => {
            if (isSharedAnswer(value)) setAnswer(value);
          }}
        >
          {answers.map((one) => (
            <option key={one} value={one}>
              {t(`shared.answer.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {answers.some(liftsBy) ? null : <p class="note-line">{t('shared.takesTwo')}</p>}
      <div class="actions">
        <button type="button" class="btn" onClick={() => void say()}>
          {t('shared.send')}
        </button>
        <a class="btn quiet" href={hashOf({ screen: 'case', id: of.id })}>
          {t('approvals.open')}
        </a>
      </div>
    </>
  );
}
