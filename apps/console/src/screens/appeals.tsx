import type { AppealOutcome } from '@farandole/moderation/appeals/appeal';
import type { WaitingAppeal } from '@farandole/moderation/appeals/waiting-appeals';
import { ruleOfMeasure } from '@farandole/moderation/cases/decision';
import { useState } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { AppealText, AppealTimes, DecisionMarks } from '../parts/appeal-facts.tsx';
import { useConsole } from '../parts/console-context.ts';
import { ReadsFull } from '../parts/reads-full.tsx';
import { Loaded, Nothing } from '../parts/states.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { send } from '../state/case-actions.ts';
import { hashOf } from '../state/route.ts';
import { Samples } from './samples.tsx';
import { SharedAppeals } from './shared-appeals.tsx';

const HOUR_MS = 3_600_000;

const SHORTER = [
  ['appeals.hour', HOUR_MS],
  ['appeals.day', 24 * HOUR_MS],
  ['appeals.days', 3 * 24 * HOUR_MS],
  ['appeals.week', 7 * 24 * HOUR_MS],
] as const;

/** Pending appeals, oldest first, including those over a shared network or device. */
export function Appeals() {
  const mayReview = useConsole().may('sample.review');
  const { current, reload } = useLoaded<readonly WaitingAppeal[]>('appeals');
  return (
    <>
      <Loaded of={current.value} again={reload}>
        {(waiting) => (
          <>
            <SubjectAppeals waiting={waiting.filter(isOf('subject'))} reload={reload} />
            <SharedAppeals waiting={waiting.filter(isOf('affected'))} reload={reload} />
          </>
        )}
      </Loaded>
      {mayReview ? <Samples /> : null}
    </>
  );
}

function isOf(standing: 'subject' | 'affected') {
  return ({ appeal }: WaitingAppeal) => appeal.standing === standing;
}

interface SomeProps {
  readonly waiting: readonly WaitingAppeal[];
  readonly reload: () => Promise<void>;
}

function SubjectAppeals({ waiting, reload }: SomeProps) {
  if (waiting.length === 0) {
    return (
      <Nothing title={t('appeals.empty')}>
        <p>{t('appeals.emptyText')}</p>
      </Nothing>
    );
  }
  return (
    <ol class="stack narrow">
      {waiting.map((one) => (
        <li key={one.appeal.id}>
          <OneAppeal waiting={one} reload={reload} />
        </li>
      ))}
    </ol>
  );
}

interface OneProps {
  readonly waiting: WaitingAppeal;
  readonly reload: () => Promise<void>;
}

function OneAppeal({ waiting, reload }: OneProps) {
  const { appeal, decision, note, of, isShown, mayAnswer } = waiting;
  return (
    <article class="panel">
      <header>
        <h2>{t(`decided.${decision.measure}`)}</h2>
        <AppealTimes atMs={appeal.atMs} decision={decision} />
      </header>
      <p class="marks-row">
        <DecisionMarks reason={decision.reason} endsAtMs={decision.endsAtMs} lane={of.lane} />
      </p>
      {isShown ? (
        <AppealText text={waiting.text}>
          <h3>{t('appeals.says')}</h3>
        </AppealText>
      ) : (
        <ReadsFull />
      )}
      {note === null ? null : (
        <div class="field">
          <h3>{t('approvals.note')}</h3>
          <p dir="auto">{note}</p>
        </div>
      )}
      {mayAnswer && isShown ? <AnswerForm waiting={waiting} reload={reload} /> : null}
      {mayAnswer ? null : <p class="note-line">{t('appeals.notYours')}</p>}
    </article>
  );
}

function AnswerForm({ waiting: { appeal, decision, of }, reload }: OneProps) {
  const model = useConsole();
  const nowMs = model.nowMs.value;
  const lasts = SHORTER.filter(
    ([, ms]) => decision.endsAtMs === null || nowMs + ms < decision.endsAtMs,
  );
  const [lastsMs, setLastsMs] = useState<number>(lasts[0]?.[1] ?? HOUR_MS);
  const mayShorten = ruleOfMeasure(decision.measure).restriction !== null && lasts.length > 0;
  const answer = async (outcome: AppealOutcome): Promise<void> => {
    const endsAtMs = outcome === 'shorten' ? Math.round(nowMs + lastsMs) : null;
    const answered = await send(model, `appeals/${appeal.id}/answer`, { outcome, endsAtMs });
    if (answered !== null) model.say(t(`appeals.told.${outcome}`));
    await reload();
  };
  return (
    <div class="actions">
      <button type="button" class="btn" onClick={() => void answer('uphold')}>
        {t('appeals.uphold')}
      </button>
      {mayShorten ? (
        <span class="joined">
          <select
            class="input"
            aria-label={t('appeals.endsIn')}
            value={lastsMs}
            onChange={({ currentTarget }) => setLastsMs(Number(currentTarget.value))}
          >
            {lasts.map(([word, ms]) => (
              <option key={word} value={ms}>
                {t(word)}
              </option>
            ))}
          </select>
          <button type="button" class="btn" onClick={() => void answer('shorten')}>
            {t('appeals.shorten')}
          </button>
        </span>
      ) : null}
      <button type="button" class="btn" onClick={() => void answer('overturn')}>
        {t('appeals.overturn')}
      </button>
      <a class="btn quiet" href={hashOf({ screen: 'case', id: of.id })}>
        {t('approvals.open')}
      </a>
    </div>
  );
}
