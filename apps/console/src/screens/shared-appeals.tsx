import {
  answersAgainst,
  isSharedAnswer,
  liftsBy,
  type SharedAnswer,
} from '@farandole/moderation/appeals/shared-appeal';
import type { WaitingDecisionAppeal } from '@farandole/moderation/appeals/waiting-appeals';
import { useState } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { AppealPanel } from '../parts/appeal-panel.tsx';
import { useConsole } from '../parts/console-context.ts';
import { send } from '../state/case-actions.ts';
import { hashOf } from '../state/route.ts';

/** Lists appeals of users who share a banned network or device. Hidden when there are none. */
export function SharedAppeals({
  waiting,
  reload,
}: {
  readonly waiting: readonly WaitingDecisionAppeal[];
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
  readonly waiting: WaitingDecisionAppeal;
  readonly reload: () => Promise<void>;
}

function OneShared({ waiting, reload }: OneProps) {
  const { shared } = waiting;
  if (shared === null) return null;
  return (
    <AppealPanel
      waiting={waiting}
      title={<h3>{t(`shared.of.${shared.scope}`)}</h3>}
      label={<p class="label">{t('appeals.says')}</p>}
      mark={<span class="mark accent">{t('shared.other')}</span>}
      endsAtMs={shared.endsAtMs}
      notYours={t('shared.notYours')}
      answer={<AnswerForm waiting={waiting} reload={reload} />}
    />
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
