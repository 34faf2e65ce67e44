import type { WaitingShared } from '@farandole/moderation/desk/shared-appeals';
import {
  isSharedAnswer,
  liftsBy,
  SHARED_ANSWERS,
  type SharedAnswer,
} from '@farandole/moderation/shared-appeal';
import { useState } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { ReadsFull } from '../parts/reads-full.tsx';
import { dateOf, listOf, relative } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { send } from '../state/case-actions.ts';
import { hashOf } from '../state/route.ts';

/** What people write who are kept out by the network or the device of somebody else; nothing where none waits. */
export function SharedAppeals() {
  const { current, reload } = useLoaded<readonly WaitingShared[]>('shared-appeals');
  const loaded = current.value;
  if (loaded.state !== 'ready' || loaded.value.length === 0) return null;
  return (
    <section class="stack narrow" aria-labelledby="shared-appeals">
      <h2 id="shared-appeals">{t('shared.title')}</h2>
      <p class="soft">{t('shared.text')}</p>
      <ol class="stack">
        {loaded.value.map((one) => (
          <li key={one.appeal.id}>
            <OneShared waiting={one} reload={reload} />
          </li>
        ))}
      </ol>
    </section>
  );
}

interface OneProps {
  readonly waiting: WaitingShared;
  readonly reload: () => Promise<void>;
}

function OneShared({ waiting, reload }: OneProps) {
  const model = useConsole();
  const { appeal, scope, endsAtMs, decision, of, isShown, mayAnswer } = waiting;
  const nowMs = model.nowMs.value;
  const names = listOf(decision.deciders.map((id) => model.nameOf(id)));
  return (
    <article class="panel">
      <header>
        <h3>{t(`shared.of.${scope}`)}</h3>
        <p class="soft">
          {t('appeals.filed', { time: relative(appeal.atMs, nowMs) })}
          {' · '}
          {t('appeals.decidedBy', { time: relative(decision.atMs, nowMs), names })}
        </p>
      </header>
      <p class="marks-row">
        <span class="mark accent">{t('shared.other')}</span>
        <span class="mark">{t(`reason.${decision.reason}`)}</span>
        {endsAtMs === null ? null : (
          <span class="mark">{t('case.until', { time: dateOf(endsAtMs) })}</span>
        )}
        {of.lane === 'child-safety' ? (
          <span class="mark accent">{t('mark.childSafety')}</span>
        ) : null}
      </p>
      {isShown ? <Says text={waiting.text} /> : <ReadsFull />}
      {mayAnswer && isShown ? <Answer waiting={waiting} reload={reload} /> : null}
      {mayAnswer ? null : <p class="note-line">{t('shared.notYours')}</p>}
    </article>
  );
}

function Says({ text }: { text: string | null }) {
  return (
    <div class="field">
      <p class="label">{t('appeals.says')}</p>
      {text === null ? (
        <p class="soft">{t('case.shredded')}</p>
      ) : (
        <blockquote dir="auto">{text}</blockquote>
      )}
    </div>
  );
}

function Answer({ waiting: { appeal, of }, reload }: OneProps) {
  const model = useConsole();
  const [answer, setAnswer] = useState<SharedAnswer>('still-needed');
  const say = async (): Promise<void> => {
    const answered = await send(model, `shared-appeals/${appeal.id}/answer`, { answer });
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
          {SHARED_ANSWERS.map((one) => (
            <option key={one} value={one}>
              {t(`shared.answer.${one}`)}
            </option>
          ))}
        </select>
      </label>
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
