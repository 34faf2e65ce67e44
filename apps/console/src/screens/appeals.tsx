import type { AppealOutcome } from '@farandole/moderation/appeals/appeal';
import type {
  WaitingAgeAppeal,
  WaitingAppeal,
  WaitingDecisionAppeal,
  WaitingMeasureAppeal,
} from '@farandole/moderation/appeals/waiting-appeals';
import { ruleOfMeasure } from '@farandole/moderation/cases/decision';
import type { SampledDismissal } from '@farandole/moderation/cases/quality-sample';
import { useState } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { AppealPanel } from '../parts/appeal-panel.tsx';
import { useConsole } from '../parts/console-context.ts';
import { Loaded, Nothing } from '../parts/states.tsx';
import { listOf, relative } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { send } from '../state/case-actions.ts';
import { hashOf } from '../state/route.ts';
import { AgeAppeals } from './age-appeals.tsx';
import { MeasureAppeals } from './measure-appeals.tsx';
import { SharedAppeals } from './shared-appeals.tsx';

const HOUR_MS = 3_600_000;

const SHORTER = [
  ['appeals.hour', HOUR_MS],
  ['appeals.day', 24 * HOUR_MS],
  ['appeals.days', 3 * 24 * HOUR_MS],
  ['appeals.week', 7 * 24 * HOUR_MS],
] as const;

/**
 * Lists pending appeals, oldest first. Includes appeals by users who only share a banned network
 * or device.
 */
export function Appeals() {
  const mayReview = useConsole().may('sample.review');
  const { current, reload } = useLoaded<readonly WaitingAppeal[]>('appeals');
  return (
    <>
      <Loaded of={current.value} again={reload}>
        {(waiting) => (
          <>
            <AgeAppeals waiting={waiting.filter(isAge)} reload={reload} />
            <MeasureAppeals waiting={waiting.filter(isMeasure)} reload={reload} />
            <SubjectAppeals
              waiting={againstDecisions(waiting, 'subject')}
              isAlone={!waiting.some((one) => isMeasure(one) || isAge(one))}
              reload={reload}
            />
            <SharedAppeals waiting={againstDecisions(waiting, 'affected')} reload={reload} />
          </>
        )}
      </Loaded>
      {mayReview ? <Samples /> : null}
    </>
  );
}

function isMeasure(one: WaitingAppeal): one is WaitingMeasureAppeal {
  return one.appeal.standing === 'measure';
}

function isAge(one: WaitingAppeal): one is WaitingAgeAppeal {
  return one.appeal.standing === 'age';
}

function againstDecisions(
  waiting: readonly WaitingAppeal[],
  standing: 'subject' | 'affected',
): readonly WaitingDecisionAppeal[] {
  return waiting.filter(
    (one): one is WaitingDecisionAppeal =>
      one.decision !== null && one.appeal.standing === standing,
  );
}

interface SomeProps {
  readonly waiting: readonly WaitingDecisionAppeal[];
  /** Whether the list contains only this appeal. */
  readonly isAlone: boolean;
  readonly reload: () => Promise<void>;
}

function SubjectAppeals({ waiting, isAlone, reload }: SomeProps) {
  if (waiting.length === 0 && !isAlone) return null;
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
  readonly waiting: WaitingDecisionAppeal;
  readonly reload: () => Promise<void>;
}

function OneAppeal({ waiting, reload }: OneProps) {
  const { decision, note } = waiting;
  return (
    <AppealPanel
      waiting={waiting}
      title={<h2>{t(`decided.${decision.measure}`)}</h2>}
      label={<h3>{t('appeals.says')}</h3>}
      endsAtMs={decision.endsAtMs}
      notYours={t('appeals.notYours')}
      answer={<AnswerForm waiting={waiting} reload={reload} />}
    >
      {note === null ? null : (
        <div class="field">
          <h3>{t('approvals.note')}</h3>
          <p dir="auto">{note}</p>
        </div>
      )}
    </AppealPanel>
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

/**
 * Lists dismissed cases that were sampled for review. Hidden if there are none or if the member
 * lacks the permission.
 */
function Samples() {
  const { current, reload } = useLoaded<readonly SampledDismissal[]>('samples');
  const loaded = current.value;
  if (loaded.state !== 'ready' || loaded.value.length === 0) return null;
  return (
    <section class="stack narrow" aria-labelledby="samples">
      <h2 id="samples">{t('samples.title')}</h2>
      <p class="soft">{t('samples.text')}</p>
      <ol class="stack">
        {loaded.value.map((one) => (
          <li key={one.decision.id}>
            <OneSample sampled={one} reload={reload} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function OneSample({
  sampled: { decision, of, mayAnswer },
  reload,
}: {
  sampled: SampledDismissal;
  reload: () => Promise<void>;
}) {
  const model = useConsole();
  const answer = async (agrees: boolean): Promise<void> => {
    const said = await send(model, `samples/${decision.id}/answer`, { agrees });
    if (said !== null) model.say(t('samples.said'));
    await reload();
  };
  return (
    <article class="panel">
      <header>
        <h3>{t(`reason.${decision.reason}`)}</h3>
        <p class="soft">
          {t('appeals.decidedBy', {
            time: relative(decision.atMs, model.nowMs.value),
            names: listOf(decision.deciders.map((id) => model.nameOf(id))),
          })}
        </p>
      </header>
      <div class="actions">
        {mayAnswer ? (
          <>
            <button type="button" class="btn" onClick={() => void answer(true)}>
              {t('samples.agree')}
            </button>
            <button type="button" class="btn" onClick={() => void answer(false)}>
              {t('samples.other')}
            </button>
          </>
        ) : (
          <p class="note-line">{t('samples.yours')}</p>
        )}
        <a class="btn quiet" href={hashOf({ screen: 'case', id: of.id })}>
          {t('approvals.open')}
        </a>
      </div>
    </article>
  );
}
