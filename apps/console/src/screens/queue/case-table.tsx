import type { Case } from '@farandole/moderation/cases/case-machine';
import type { QueuedCase } from '@farandole/moderation/cases/queue';
import type { FoldedCrowd } from '@farandole/moderation/cases/queue-sources';
import { useRef } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { useConsole } from '../../parts/console-context.ts';
import { Icon } from '../../parts/icon.tsx';
import { type KeyActions, useKeys } from '../../parts/keys.ts';
import { DueMark, mainReason, PinMark } from '../../parts/marks.tsx';
import { clockOf, lasting, numberOf, percentOf } from '../../parts/times.ts';
import { takeCase } from '../../state/case-actions.ts';
import { goTo, hashOf } from '../../state/route.ts';

/** A page of waiting cases. One row can stand for many cases from one network (a *fold*). */
export function CaseTable({ rows }: { rows: readonly QueuedCase[] }) {
  const model = useConsole();
  const body = useRef<HTMLTableSectionElement>(null);
  useKeys(tableKeys(body, (id) => void takeCase(model, id)));
  return (
    <table class="table cases">
      <caption class="sr">{t('queue.caption')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('queue.reason')}</th>
          <th scope="col">{t('queue.due')}</th>
          <th scope="col">{t('queue.reports')}</th>
          <th scope="col">{t('queue.chance')}</th>
          <th scope="col">{t('queue.age')}</th>
          <th scope="col">{t('queue.with')}</th>
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.map((queued) =>
          queued.crowd === null ? (
            <Row key={queued.of.id} queued={queued} />
          ) : (
            <CrowdRow key={queued.crowd.fold} queued={queued} crowd={queued.crowd} />
          ),
        )}
      </tbody>
    </table>
  );
}

/** Opens a row's page when the row is clicked, unless the click is on a link or button in it. */
function opener(screen: string, id: string): (event: MouseEvent) => void {
  return ({ target }) => {
    const isControl = target instanceof Element && target.closest('a, button') !== null;
    if (!isControl) goTo(screen, id);
  };
}

function Row({ queued: { of, priority } }: { queued: QueuedCase }) {
  const nowMs = useConsole().nowMs.value;
  const { reason, others } = mainReason(of);
  return (
    <tr data-case={of.id} class={priority.pinned ? 'pinned' : ''} onClick={opener('case', of.id)}>
      <th scope="row">
        <a href={hashOf({ screen: 'case', id: of.id })}>{t(`reason.${reason}`)}</a>
        {others > 0 ? <span class="soft small">{t('queue.more', { count: others })}</span> : null}
        <span class="marks">
          {priority.pinned ? <PinMark /> : null}
          {of.lane === 'child-safety' ? (
            <span class="mark accent">{t('mark.childSafety')}</span>
          ) : null}
        </span>
      </th>
      <td data-label={t('queue.due')}>
        <DueMark priority={priority} nowMs={nowMs} />
      </td>
      <td data-label={t('queue.reports')}>
        {t('queue.reporters', { reports: numberOf(of.reports), count: of.reporters })}
      </td>
      <td data-label={t('queue.chance')}>
        <Chance share={priority.harmProbability} />
      </td>
      <td data-label={t('queue.age')}>{lasting(nowMs - of.openedAtMs)}</td>
      <td data-label={t('queue.with')}>
        <With of={of} />
      </td>
    </tr>
  );
}

function CrowdRow({
  queued: { of, priority },
  crowd: { fold, reports },
}: {
  queued: QueuedCase;
  crowd: FoldedCrowd;
}) {
  const nowMs = useConsole().nowMs.value;
  const { reason } = mainReason(of);
  return (
    <tr class={priority.pinned ? 'crowd pinned' : 'crowd'} onClick={opener('fold', fold)}>
      <th scope="row">
        <a href={hashOf({ screen: 'fold', id: fold })}>
          <Icon name="stack" size={16} />
          {t('queue.crowd', { reports: numberOf(reports), count: reports })}
        </a>
        <span class="crowd-more">
          <span class="soft small">{t('queue.worst', { reason: t(`reason.${reason}`) })}</span>
          {priority.pinned ? <PinMark /> : null}
        </span>
      </th>
      <td data-label={t('queue.due')}>
        <DueMark priority={priority} nowMs={nowMs} />
      </td>
      <td data-label={t('queue.reports')}>{numberOf(reports)}</td>
      <td data-label={t('queue.chance')}>
        <Chance share={priority.harmProbability} />
      </td>
      <td data-label={t('queue.age')}>{lasting(nowMs - of.openedAtMs)}</td>
      <td data-label={t('queue.with')}>
        <a class="btn small" href={hashOf({ screen: 'fold', id: fold })}>
          {t('queue.open')}
        </a>
      </td>
    </tr>
  );
}

export function Chance({ share }: { share: number }) {
  return (
    <span class="chance">
      <span class="number">{percentOf(share)}</span>
      <progress value={share} max={1} aria-hidden="true" />
    </span>
  );
}

function With({ of }: { of: Case }) {
  const model = useConsole();
  const nowMs = model.nowMs.value;
  if (of.state === 'escalated') {
    if (of.to === 'second-person') return <span class="mark">{t('queue.second')}</span>;
    return <span class="mark">{t('queue.handed', { to: t(`role.${of.to}`) })}</span>;
  }
  if (of.handedOn !== null && of.state === 'queued') {
    return <span class="mark">{t('queue.handed', { to: t(`role.${of.handedOn.to}`) })}</span>;
  }
  if (of.state === 'assigned' && nowMs < of.untilMs) {
    const isMine = of.to === model.myId;
    return (
      <span class={isMine ? 'mark accent' : 'mark'}>
        {isMine ? t('mark.you') : model.nameOf(of.to)}
        <span class="number">{clockOf(of.untilMs - nowMs)}</span>
      </span>
    );
  }
  if (!model.may('case.assign')) return <span class="soft">{t('queue.nobody')}</span>;
  const isOffline = model.live.value.state === 'lost';
  return (
    <button
      type="button"
      class="btn small"
      aria-disabled={isOffline}
      onClick={() => (isOffline ? undefined : void takeCase(model, of.id))}
    >
      {t('queue.take')}
    </button>
  );
}

/**
 * Returns the table's keyboard shortcuts. J and K move between rows. Enter opens the focused
 * row's link, or the first link if no row is focused.
 */
function tableKeys(
  body: { readonly current: HTMLTableSectionElement | null },
  take: (id: string) => void,
): KeyActions {
  const links = (): HTMLAnchorElement[] => [
    ...(body.current?.querySelectorAll<HTMLAnchorElement>('th a') ?? []),
  ];
  const at = (): number => links().findIndex((link) => link === document.activeElement);
  const focus = (index: number): void => {
    const all = links();
    const link = all[Math.min(Math.max(0, index), all.length - 1)];
    link?.focus();
    link?.scrollIntoView({ block: 'nearest' });
  };
  const idAt = (index: number): string | undefined =>
    links()[index]?.closest<HTMLElement>('tr')?.dataset['case'];
  return {
    j: () => focus(at() + 1),
    k: () => focus(at() === -1 ? 0 : at() - 1),
    arrowdown: () => focus(at() + 1),
    arrowup: () => focus(at() === -1 ? 0 : at() - 1),
    enter: () => links()[0]?.click(),
    a: () => {
      const id = idAt(Math.max(0, at()));
      if (id !== undefined) take(id);
    },
  };
}
