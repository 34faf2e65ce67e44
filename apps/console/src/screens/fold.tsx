import { t } from '../i18n/words.ts';
import { Icon } from '../parts/icon.tsx';
import { Nothing } from '../parts/states.tsx';
import { numberOf } from '../parts/times.ts';
import { hashOf, route } from '../state/route.ts';
import { PagedCases } from './queue/paged-cases.tsx';

/** A page of a *fold*: cases of one network's excess reports, which are one row of the queue. */
export function Fold() {
  const { id } = route.value;
  return (
    <>
      <a class="back" href={hashOf({ screen: 'queue', id: null })}>
        <Icon name="back" size={16} />
        {t('case.back')}
      </a>
      <PagedCases
        asked={{ fold: id ?? '' }}
        empty={
          <Nothing title={t('fold.empty')}>
            <p>{t('fold.emptyText')}</p>
          </Nothing>
        }
        head={({ crowd }) =>
          crowd === null ? null : (
            <div class="fold-head">
              <h2>
                {t('queue.crowd', { reports: numberOf(crowd.reports), count: crowd.reports })}
              </h2>
              <p class="soft">{t('fold.text')}</p>
            </div>
          )
        }
      />
    </>
  );
}
