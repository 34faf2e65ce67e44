import { QUEUE_FILTERS, type QueueFilter } from '@farandole/moderation/reports/queue-name';
import type { Numbers } from '@farandole/moderation/stats/numbers';
import { useState } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { Nothing } from '../parts/states.tsx';
import { lasting } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { PagedCases } from './queue/paged-cases.tsx';

export function Queue() {
  const [filter, setFilter] = useState<QueueFilter>(recallFilter);
  const choose = (chosen: QueueFilter): void => {
    setFilter(chosen);
    rememberFilter(chosen);
  };
  return (
    <>
      <Filters chosen={filter} choose={choose} />
      <PagedCases
        key={filter}
        asked={filter === 'all' ? {} : { show: filter }}
        empty={filter === 'all' ? <Empty /> : <Nothing title={t('queue.none')} />}
      />
    </>
  );
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
}: {
  chosen: QueueFilter;
  choose: (filter: QueueFilter) => void;
}) {
  const counts = useConsole().live.value.said?.counts;
  const countOf = { all: null, free: counts?.waiting ?? null, mine: counts?.mine ?? null };
  return (
    <fieldset class="segments">
      <legend class="sr">{t('queue.which')}</legend>
      {QUEUE_FILTERS.map((filter) => (
        <label key={filter}>
          <input
            type="radio"
            name="filter"
            checked={filter === chosen}
            onChange={() => choose(filter)}
          />
          {t(`queue.${filter}`)}
          {countOf[filter] === null ? null : <span class="number">{countOf[filter]}</span>}
        </label>
      ))}
    </fieldset>
  );
}

const FILTER_KEY = 'farandole.console.queue';

function recallFilter(): QueueFilter {
  try {
    const kept = localStorage.getItem(FILTER_KEY);
    return QUEUE_FILTERS.find((filter) => filter === kept) ?? 'all';
  } catch {
    return 'all';
  }
}

function rememberFilter(filter: QueueFilter): void {
  try {
    localStorage.setItem(FILTER_KEY, filter);
  } catch {
    // If the browser blocks storage, the member's choice lasts only until the console is closed.
  }
}
