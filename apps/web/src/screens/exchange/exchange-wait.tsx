import '../../styles/exchange.css';
import type { ExchangeWish } from '@farandole/protocol/fields';
import { Arcs } from '@farandole/ui/arcs';
import { secondsLeft } from '../../a11y/durations.ts';
import type { SearchView } from '../../call/call-view.ts';
import { HELPS_AFTER_MS, isOfExchange, pauseAnnouncement } from '../../call/search-stage.ts';
import { languageNameInText, listOf, t } from '../../i18n/words.ts';
import { Heading } from '../../ui/heading.tsx';
import { useApp } from '../app-context.ts';
import { TextInstead } from '../conversation/text-instead.tsx';

/**
 * The waiting screen of a language exchange. It promises no time, and offers to meet anyone as soon
 * as nobody fits both ways.
 */
export function ExchangeWait({ search, exchange }: { search: SearchView; exchange: ExchangeWish }) {
  const app = useApp();
  const { held, waitedMs } = search;
  const learnt = exchange.learns.map(({ language }) => languageNameInText(language));
  const isLong = waitedMs >= HELPS_AFTER_MS;
  const isRefused = held !== null && isOfExchange(held.reason);
  return (
    <section class="tile search" data-keeps-focus>
      <Arcs mood={held === null ? 'dance' : 'still'} />
      <Heading>
        {isRefused
          ? t('exchange.title')
          : t('exchange.wait.title', { list: listOf(learnt, 'disjunction') })}
      </Heading>
      {held === null ? (
        <p>{t(isLong ? helpingWords(exchange) : 'exchange.wait.lead')}</p>
      ) : (
        <Paused search={search} held={held} />
      )}
      {(isLong || isRefused) && (
        <div class="go">
          <button type="button" class="btn on-dark" onClick={() => app.navigation.waitFor(null)}>
            {t('exchange.anyone')}
          </button>
          {held === null && <TextInstead mode={search.mode} />}
        </div>
      )}
    </section>
  );
}

function helpingWords({ helps }: ExchangeWish) {
  return helps ? 'exchange.wait.helpingToo' : 'exchange.wait.helping';
}

function Paused({ search, held }: { search: SearchView; held: NonNullable<SearchView['held']> }) {
  const { key, values } = pauseAnnouncement(held.reason, search);
  return (
    <p>
      {t(key, values)}{' '}
      {held.retryInMs !== null && (
        <span class="number">{t('waiting.again', { count: secondsLeft(held.retryInMs) })}</span>
      )}
    </p>
  );
}
