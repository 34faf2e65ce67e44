import type { Case } from '@farandole/moderation/cases/case-machine';
import type { QueuedCase } from '@farandole/moderation/cases/queue';
import type { Numbers } from '@farandole/moderation/stats/numbers';
import { useRef, useState } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { type KeyActions, useKeys } from '../parts/keys.ts';
import { DueMark, mainReason, PinMark } from '../parts/marks.tsx';
import { Loaded, Nothing } from '../parts/states.tsx';
import { clockOf, lasting, numberOf, percentOf } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { takeCase } from '../state/case-actions.ts';
import { goTo, hashOf } from '../state/route.ts';

const FILTERS = ['all', 'free', 'mine'] as const;
type Filter = (typeof FILTERS)[number];

export function Queue() {
  const model = useConsole();
  const { current, reload } = useLoaded<readonly QueuedCase[]>('queue');
  const [filter, setFilter] = useState<Filter>(recallFilter);
  const nowMs = model.nowMs.value;
  const choose = (chosen: Filter): void => {
    setFilter(chosen);
    rememberFilter(chosen);
  };
  return (
    <Loaded of={current.value} again={reload}>
      {(cases) =>
        cases.length === 0 ? (
          <Empty />
        ) : (
          <>
            <Filters
              chosen={filter}
              choose={choose}
              count={(of) => cases.filter((one) => passes(of, one.of, model.myId, nowMs)).length}
            />
            <Cases cases={cases.filter(({ of }) => passes(filter, of, model.myId, nowMs))} />
          </>
        )
      }
    </Loaded>
  );
}

function passes(filter: Filter, of: Case, me: string, nowMs: number): boolean {
  const isHeld = of.state === 'assigned' && nowMs < of.untilMs;
  switch (filter) {
    case 'all':
      return true;
    case 'mine':
      return isHeld && of.to === me;
    case 'free':
      return (
        !isHeld && of.handedOn?.by !== me && !(of.state === 'escalated' && of.approval !== null)
      );
  }
}

function Empty() {
  const model = useConsole();
  return (
    <Nothing title={t('queue.empty')}>
      <p>{t('queue.emptyText')}</p>
      {model.may('numbers.read') ? <Median /> : null}
    </Nothing>
  );
}

function Median() {
  const { current } = useLoaded<Numbers>('numbers');
  const numbers = current.value;
  if (numbers.state !== 'ready' || numbers.value.timeToDecision === null) return null;
  return <p>{t('queue.emptyMedian', { time: lasting(numbers.value.timeToDecision.p50Ms) })}</p>;
}

function Filters({
  chosen,
  choose,
  count,
}: {
  chosen: Filter;
  choose: (filter: Filter) => void;
  count: (filter: Filter) => number;
}) {
  return (
    <fieldset class="segments">
      <legend class="sr">{t('queue.which')}</legend>
      {FILTERS.map((filter) => (
        <label key={filter}>
          <input
            type="radio"
            name="filter"
            checked={filter === chosen}
            onChange={() => choose(filter)}
          />
          {t(`queue.${filter}`)}
          <span class="number">{count(filter)}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Cases({ cases }: { cases: readonly QueuedCase[] }) {
  const model = useConsole();
  const body = useRef<HTMLTableSectionElement>(null);
  useKeys(queueKeys(body, (id) => void takeCase(model, id)));
  if (cases.length === 0) return <Nothing title={t('queue.none')} />;
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
        {cases.map((queued) => (
          <Row key={queued.of.id} queued={queued} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ queued: { of, priority } }: { queued: QueuedCase }) {
  const nowMs = useConsole().nowMs.value;
  const { reason, others } = mainReason(of);
  return (
    <tr
      data-case={of.id}
      class={priority.pinned ? 'pinned' : ''}
      onClick={({ target }) => {
        // A click on a table row opens the case, unless the click is on a link or button in the
        // row.
        const isControl = target instanceof Element && target.closest('a, button') !== null;
        if (!isControl) goTo('case', of.id);
      }}
    >
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
 * Returns the queue's keyboard shortcuts. J and K move between rows. Enter opens the focused
 * row's link, or the first link if no row is focused.
 */
function queueKeys(
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
    enter: () => {
      const id = idAt(0);
      if (id !== undefined) goTo('case', id);
    },
    a: () => {
      const id = idAt(Math.max(0, at()));
      if (id !== undefined) take(id);
    },
  };
}

const FILTER_KEY = 'farandole.console.queue';

function recallFilter(): Filter {
  try {
    const kept = localStorage.getItem(FILTER_KEY);
    return FILTERS.find((filter) => filter === kept) ?? 'all';
  } catch {
    return 'all';
  }
}

function rememberFilter(filter: Filter): void {
  try {
    localStorage.setItem(FILTER_KEY, filter);
  } catch {
    // If the browser blocks storage, the member's choice lasts only until the console is closed.
  }
}
