import type { Case as CaseOf } from '@farandole/moderation/cases/case-machine';
import type { ShownCase } from '@farandole/moderation/service/show-case';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { Icon } from '../parts/icon.tsx';
import { DueMark, mainReason, PinMark } from '../parts/marks.tsx';
import { ReadsFull } from '../parts/reads-full.tsx';
import { Loaded, Nothing } from '../parts/states.tsx';
import { clockOf } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { hashOf, route } from '../state/route.ts';
import { CaseHistory } from './case/case-history.tsx';
import { CaseReports } from './case/case-reports.tsx';
import { CaseSteps } from './case/case-steps.tsx';
import { CaseSubject } from './case/case-subject.tsx';
import { DecisionPanel } from './case/decision-panel.tsx';
import { HandOver } from './case/hand-over.tsx';
import { OtherCases } from './case/other-cases.tsx';

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

/** Tells the moderator when their assignment lapsed, because the node then refuses decisions. */
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
