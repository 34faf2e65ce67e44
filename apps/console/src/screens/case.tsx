import type { Case as CaseOf } from '@farandole/moderation/cases/case-machine';
import type { ShownCase } from '@farandole/moderation/service/show-case';
import type { AuditRow } from '@farandole/moderation/store/records';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { actionInWords, whoInWords } from '../parts/audit-words.ts';
import { useConsole } from '../parts/console-context.ts';
import { Icon } from '../parts/icon.tsx';
import { DueMark, mainReason, PinMark } from '../parts/marks.tsx';
import { ReadsFull } from '../parts/reads-full.tsx';
import { Loaded, Nothing } from '../parts/states.tsx';
import { clockOf, dateOf } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { hashOf, route } from '../state/route.ts';
import { CaseHistory } from './case/case-history.tsx';
import { CaseReports } from './case/case-reports.tsx';
import { DecisionPanel } from './case/decision-panel.tsx';
import { HandOver } from './case/hand-over.tsx';
import { OtherCases } from './case/other-cases.tsx';
import { Chance } from './queue/case-table.tsx';

export function Case() {
  const { id } = route.value;
  return id === null ? null : <OneCase id={id} />;
}

function OneCase({ id }: { id: string }) {
  const { current, reload } = useLoaded<ShownCase>(`cases/${id}`);
  const loaded = current.value;
  if (loaded.state === 'failed' && loaded.problem.error === 'reads-full') {
    return (
      <Nothing title={t('case.readsFull')}>
        <ReadsFull />
      </Nothing>
    );
  }
  return (
    <Loaded of={loaded} again={reload}>
      {(shown) => (
        <>
          <CaseHead shown={shown} />
          <div class="case">
            <div class="case-main">
              <LockNews of={shown.of} />
              <OtherCases shown={shown} />
              {shown.of.lane === 'child-safety' ? <HandOver shown={shown} reload={reload} /> : null}
              <CaseReports shown={shown} />
              <CaseHistory shown={shown} reload={reload} />
              <CaseSteps shown={shown} />
            </div>
            <aside class="case-side">
              <DecisionPanel shown={shown} reload={reload} />
              <CaseSubject shown={shown} />
            </aside>
          </div>
        </>
      )}
    </Loaded>
  );
}

function CaseHead({ shown: { of, priority } }: { shown: ShownCase }) {
  const nowMs = useConsole().nowMs.value;
  const { reason, others } = mainReason(of);
  const isOpen = of.state !== 'closed';
  return (
    <div class="case-head">
      <a class="back" href={hashOf({ screen: 'queue', id: null })}>
        <Icon name="back" size={16} />
        {t('case.back')}
      </a>
      <p class="case-title">{t(`reason.${reason}`)}</p>
      {others > 0 ? <span class="soft">{t('queue.more', { count: others })}</span> : null}
      <span class="marks">
        {priority.pinned ? <PinMark /> : null}
        {of.lane === 'child-safety' ? (
          <span class="mark accent">{t('mark.childSafety')}</span>
        ) : null}
        <span class="mark">{t(`state.${of.state}`)}</span>
      </span>
      {isOpen ? (
        <span class="soft case-due">
          {t('queue.due')} <DueMark priority={priority} nowMs={nowMs} />
        </span>
      ) : null}
    </div>
  );
}

/**
 * Tells a moderator that their assignment of the case lapsed. The node then refuses their
 * decisions on the case.
 */
function LockNews({ of }: { of: CaseOf }) {
  const model = useConsole();
  const wasMine = useRef(false);
  const nowMs = model.nowMs.value;
  const isMine = of.state === 'assigned' && of.to === model.myId && nowMs < of.untilMs;
  const hasDraft = model.draftOf(of.id).note !== '';
  const isLost = !isMine && of.state !== 'closed' && (wasMine.current || hasDraft);
  useEffect(() => {
    if (isMine) wasMine.current = true;
    if (of.state === 'closed') wasMine.current = false;
  }, [isMine, of.state]);
  if (of.state === 'assigned' && of.to !== model.myId && nowMs < of.untilMs) {
    const time = clockOf(of.untilMs - nowMs);
    return (
      <p class="note-line">
        <Icon name="two" size={16} />
        {t('case.theirs', { name: model.nameOf(of.to), time })}
      </p>
    );
  }
  if (!isLost || of.state === 'escalated') return null;
  return (
    <p class="note-line bad" role="status">
      <Icon name="clock" size={16} />
      {t('case.lost')}
    </p>
  );
}

interface Step {
  readonly key: string;
  readonly atMs: number;
  readonly what: string;
  readonly who: string;
}

function CaseSteps({ shown }: { shown: ShownCase }) {
  const model = useConsole();
  const stepOf = (row: AuditRow): Step => ({
    key: String(row.seq),
    atMs: row.atMs,
    what: actionInWords(row),
    who: whoInWords(row, (id) => model.nameOf(id)),
  });
  const opened: Step = {
    key: 'opened',
    atMs: shown.of.openedAtMs,
    what: t('case.opened'),
    who: '',
  };
  return (
    <section aria-labelledby="steps-title">
      <h2 id="steps-title">{t('case.steps')}</h2>
      <ol class="timeline">
        {[opened, ...shown.steps.map(stepOf)].map(({ key, atMs, what, who }) => (
          <li key={key}>
            <time class="soft number" dateTime={new Date(atMs).toISOString()}>
              {dateOf(atMs)}
            </time>
            <span>
              {what}
              {who === '' ? null : <span class="soft"> · {who}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function CaseSubject({ shown: { subject, strikes, linked } }: { shown: ShownCase }) {
  return (
    <section class="panel" aria-labelledby="subject-title">
      <h2 id="subject-title">{t('case.subject')}</h2>
      <dl class="facts">
        <div>
          <dt>{t('case.chance')}</dt>
          <dd>
            <Chance share={subject.harmProbability} />
          </dd>
        </div>
      </dl>
      <p class="marks-row">
        <span class={subject.tier === 'restricted' ? 'mark bad' : 'mark'}>
          {t(`tier.${subject.tier}`)}
        </span>
        <span class={strikes > 0 ? 'mark bad' : 'mark'}>
          {t('case.strikes', { count: strikes })}
        </span>
        <span class="mark">{t('case.sessions', { count: subject.sessions })}</span>
      </p>
      {subject.heldUntilMs === null ? null : (
        <p class="soft">{t('case.held', { time: dateOf(subject.heldUntilMs) })}</p>
      )}
      {linked.length === 0 ? null : (
        <>
          <h3>{t('case.linked')}</h3>
          <p class="soft">{t('case.linkedText', { count: linked.length })}</p>
          <ul class="linked">
            {linked.flatMap(({ cases }) =>
              cases.map(({ id, state }) => (
                <li key={id}>
                  <a class="number" href={hashOf({ screen: 'case', id })}>
                    {t('case.linkedCase', { id: id.slice(0, 8) })}
                  </a>
                  <span class="mark">{t(`state.${state}`)}</span>
                </li>
              )),
            )}
          </ul>
        </>
      )}
    </section>
  );
}
