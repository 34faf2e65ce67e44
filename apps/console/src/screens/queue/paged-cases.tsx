import type { QueuePage } from '@farandole/moderation/cases/queue';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../parts/icon.tsx';
import { useKeys } from '../../parts/keys.ts';
import { Loaded } from '../../parts/states.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { CaseTable } from './case-table.tsx';

/**
 * Shows the queue's cases page by page. The console keeps the cursors of earlier pages, because
 * the node returns only the next page's cursor.
 *
 * @param asked URL parameters of the first page
 * @param empty shown instead of an empty first page
 */
export function PagedCases({
  asked,
  empty,
  head,
}: {
  asked: Readonly<Record<string, string>>;
  empty: ComponentChildren;
  head?: (page: QueuePage) => ComponentChildren;
}) {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const { current, reload } = useLoaded<QueuePage>(addressOf(asked, cursors.at(-1)));
  const loaded = current.value;
  const next = loaded.state === 'ready' ? loaded.value.next : null;
  const top = useRef<HTMLDivElement>(null);
  const isFirst = cursors.length === 0;
  const wasFirst = useRef(true);
  useLayoutEffect(() => {
    // When the first page appears, the focus stays on the screen's heading.
    if (!(isFirst && wasFirst.current)) top.current?.focus();
    wasFirst.current = false;
  }, [cursors.length]);
  const toNext = (): void => {
    if (next !== null) setCursors([...cursors, next]);
  };
  const toPrevious = (): void => setCursors(cursors.slice(0, -1));
  useKeys({ n: toNext, p: toPrevious });
  return (
    <div class="paged" ref={top} tabIndex={-1} role="group" aria-label={t('queue.caption')}>
      <Loaded of={loaded} again={reload}>
        {(page) => (
          <>
            {head?.(page)}
            {page.rows.length > 0 ? <CaseTable rows={page.rows} /> : null}
            {page.rows.length === 0 && isFirst && page.next === null ? empty : null}
          </>
        )}
      </Loaded>
      {isFirst && next === null ? null : (
        <nav class="pager" aria-label={t('queue.pages')}>
          <button type="button" class="btn" aria-disabled={isFirst} onClick={toPrevious}>
            <Icon name="back" size={16} />
            {t('queue.previousPage')}
          </button>
          <span role="status">{t('queue.page', { number: cursors.length + 1 })}</span>
          <button type="button" class="btn" aria-disabled={next === null} onClick={toNext}>
            {t('queue.nextPage')}
            <Icon name="next" size={16} />
          </button>
        </nav>
      )}
    </div>
  );
}

function addressOf(asked: Readonly<Record<string, string>>, after: string | undefined): string {
  const query = new URLSearchParams({ ...asked, ...(after !== undefined && { after }) }).toString();
  return query === '' ? 'queue' : `queue?${query}`;
}
