import { listOf, t } from '../../i18n/words.ts';
import { useApp } from '../../parts/app-context.ts';
import { Arcs } from '../../parts/arcs.tsx';
import { secondsLeft } from '../../parts/durations.ts';
import { Heading } from '../../parts/heading.tsx';
import type { SearchView } from '../../state/app-model.ts';

/** A search that takes so long is no longer a moment. */
const LONG_WAIT_MS = 60_000;

/** Where the stranger will be: whom is looked for, and what there is to know meanwhile. */
export function SearchPanel({ search }: { search: SearchView }) {
  const { held, interests } = search;
  return (
    <section class="tile search">
      <Arcs mood={held === null ? 'dance' : 'still'} />
      <Heading>
        {interests.length === 0
          ? t('waiting.title')
          : t('waiting.titleLikes', { list: listOf(interests, 'disjunction') })}
      </Heading>
      {held === null ? (
        <Progress search={search} />
      ) : (
        <p>
          {t(`waiting.held.${held.reason}`)}{' '}
          {held.retryInMs !== null && (
            <span class="number">
              {t('waiting.again', { seconds: secondsLeft(held.retryInMs) })}
            </span>
          )}
        </p>
      )}
    </section>
  );
}

function Progress({ search }: { search: SearchView }) {
  const app = useApp();
  const { connectFailures, canAskAnyone, waiting, waitedMs, onlyShared } = search;
  if (canAskAnyone) {
    return (
      <div class="anyone">
        <p>{t('waiting.anyoneWhy')}</p>
        <button type="button" class="btn on-dark" onClick={() => app.anyone()}>
          {t('waiting.anyone')}
        </button>
      </div>
    );
  }
  if (connectFailures > 0) return <p>{t('waiting.another')}</p>;
  if (waiting === 1) {
    return (
      <>
        <p>{t('waiting.quiet')}</p>
        <p class="small">{t('waiting.quietHint')}</p>
      </>
    );
  }
  if (waitedMs >= LONG_WAIT_MS) return <p>{t('waiting.long')}</p>;
  if (search.interests.length > 0 && !onlyShared && waitedMs >= WIDENED_MS) {
    return <p>{t('waiting.widening')}</p>;
  }
  return null;
}

/** From then on everybody counts, whatever they like. */
const WIDENED_MS = 8_000;
