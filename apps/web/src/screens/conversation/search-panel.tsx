import '../../styles/rules.css';
import { Arcs } from '@farandole/ui/arcs';
import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { secondsLeft, spanOf } from '../../a11y/durations.ts';
import { landFocus } from '../../a11y/focus.ts';
import type { SearchView } from '../../call/call-view.ts';
import { LONG_WAIT_MS, pauseAnnouncement, searchStageOf } from '../../call/search-stage.ts';
import { listOf, pageLanguage, t } from '../../i18n/words.ts';
import { FiveRules } from '../../ui/five-rules.tsx';
import { Heading } from '../../ui/heading.tsx';
import { hoursHere } from '../../ui/hours-here.ts';
import { useApp } from '../app-context.ts';
import { lazy } from '../shared/lazy.tsx';
import { Sheet } from './sheet.tsx';
import { TextInstead } from './text-instead.tsx';

const limitedSearch = lazy(async () => (await import('../standing.tsx')).LimitedSearch, 'place');

/** Waiting time after which the page shows the usual wait of a search. */
const USUAL_WAIT_AFTER_MS = 5_000;

export function SearchPanel({ search }: { search: SearchView }) {
  const { held, interests } = search;
  const rulesOpen = useSignal(false);
  const isLimited = useApp().standing.limited.value !== null;
  return (
    <>
      <section class="tile search" data-keeps-focus>
        <Arcs mood={held === null && !isLimited ? 'dance' : 'still'} />
        <Heading>{isLimited ? t('limited.title') : titleOf(interests)}</Heading>
        {held === null ? (
          isLimited ? (
            <limitedSearch.Part />
          ) : (
            <Progress search={search} />
          )
        ) : (
          <LongPress
            held={held}
            told={pauseAnnouncement(held.reason, search)}
            openRules={() => {
              rulesOpen.value = true;
            }}
          />
        )}
      </section>
      {/* The panel stays open when a paused search resumes, so that the user can read on. It closes
          when a peer is found. */}
      {rulesOpen.value && (
        <Sheet
          title={t('waiting.heldRules')}
          onClose={() => {
            rulesOpen.value = false;
          }}
        >
          <FiveRules />
        </Sheet>
      )}
    </>
  );
}

function titleOf(interests: SearchView['interests']): string {
  if (interests.length === 0) return t('waiting.title');
  return t('waiting.titleLikes', { list: listOf(interests, 'disjunction') });
}

function LongPress({
  held,
  told,
  openRules,
}: {
  held: NonNullable<SearchView['held']>;
  told: ReturnType<typeof pauseAnnouncement>;
  openRules: () => void;
}) {
  const { reason, retryInMs } = held;
  return (
    <>
      <p>
        {t(told.key, told.values)}{' '}
        {retryInMs !== null && (
          <span class="number">{t('waiting.again', { count: secondsLeft(retryInMs) })}</span>
        )}
      </p>
      {reason === 'too-fast' && (
        <p class="small">
          {t('waiting.heldWhy')} {/* A link to a new tab would open a session and end this one. */}
          <button type="button" class="inline-link" aria-haspopup="dialog" onClick={openRules}>
            {t('waiting.heldRules')}
          </button>
        </p>
      )}
    </>
  );
}

function Progress({ search }: { search: SearchView }) {
  const { waitedMs, usualWaitMs, mode } = search;
  const stage = searchStageOf(search);
  switch (stage) {
    case 'anyone':
      return <Anyone search={search} />;
    case 'long':
      return <LongWait search={search} />;
    case 'another':
      return <p>{t('waiting.another')}</p>;
    case 'quiet':
      return <Quiet mode={mode} usualWaitMs={usualWaitMs} />;
    case 'widened':
    case 'looking':
      break;
  }
  const isUsualKnown = waitedMs >= USUAL_WAIT_AFTER_MS && usualWaitMs !== null;
  return (
    <>
      {stage === 'widened' && <p>{t('waiting.widening')}</p>}
      {isUsualKnown && <p>{usualWait(usualWaitMs)}</p>}
    </>
  );
}

function Anyone({ search }: { search: SearchView }) {
  const app = useApp();
  return (
    <div class="anyone">
      <p>{t('waiting.anyoneWhy')}</p>
      <div class="go">
        <button type="button" class="btn on-dark" onClick={() => app.search.anyone()}>
          {t('waiting.anyone')}
        </button>
        {search.waitedMs >= LONG_WAIT_MS && <OtherWays search={search} />}
      </div>
    </div>
  );
}

function usualWait(usualWaitMs: number): string {
  const { unit, count } = spanOf(usualWaitMs);
  return unit === 'seconds' ? t('waiting.usualMoment') : t('waiting.usual', { count });
}

/** Shows suggestions to a user who has waited for some time. */
function Quiet({ mode, usualWaitMs }: Pick<SearchView, 'mode' | 'usualWaitMs'>) {
  const outcome = useSignal<Shared | null>(null);
  const busiest = useApp().link.server.value?.busiest ?? null;
  return (
    <div class="anyone">
      <p>{t('waiting.quiet')}</p>
      {usualWaitMs !== null && <p>{usualWait(usualWaitMs)}</p>}
      {busiest !== null && (
        <p>{t('waiting.busiest', hoursHere(busiest, pageLanguage(), Date.now()))}</p>
      )}
      {location.hostname === 'localhost' && <p class="small">{t('waiting.quietHint')}</p>}
      <div class="go">
        <Share outcome={outcome} />
        <TextInstead mode={mode} />
      </div>
      <ShareNote outcome={outcome} />
    </div>
  );
}

function Share({ outcome }: { outcome: Signal<Shared | null> }) {
  const share = (): void => {
    void shareLink(location.origin).then((shared) => {
      outcome.value = shared;
    });
  };
  return (
    <button type="button" class="btn on-dark" onClick={share}>
      {t('waiting.share')}
    </button>
  );
}

function ShareNote({ outcome }: { outcome: Signal<Shared | null> }) {
  return (
    <p class="small" role="status">
      {outcome.value === 'copied' && t('waiting.shareCopied')}
      {outcome.value === 'failed' && t('waiting.shareFailed', { url: location.origin })}
    </p>
  );
}

/** After a minute of searching, suggests other ways to meet. The search continues. */
function LongWait({ search }: { search: SearchView }) {
  const outcome = useSignal<Shared | null>(null);
  return (
    <div class="anyone">
      <p>{t('waiting.long')}</p>
      <div class="go">
        <Share outcome={outcome} />
        <OtherWays search={search} />
      </div>
      <ShareNote outcome={outcome} />
    </div>
  );
}

function OtherWays({ search: { mode } }: { search: SearchView }) {
  const app = useApp();
  // If the focus was inside the suggestions when they disappear, it moves to another element.
  useEffect(() => () => void requestAnimationFrame(() => landFocus()), []);
  return (
    <>
      <TextInstead mode={mode} />
      <button type="button" class="btn on-dark" onClick={() => app.settings.open()}>
        {t('waiting.longWishes')}
      </button>
      {!app.settings.preferences.value.sounds && (
        <button
          type="button"
          class="btn on-dark"
          onClick={() => app.settings.set({ sounds: true })}
        >
          {t('waiting.longSound')}
        </button>
      )}
    </>
  );
}

/** `shared`: the browser's share sheet opened. `copied`: the page copied the address instead. */
type Shared = 'shared' | 'copied' | 'failed';

/** Shares the site's address. Works only during a user gesture. */
async function shareLink(url: string): Promise<Shared> {
  if ('share' in navigator) {
    try {
      await navigator.share({ title: 'Farandole', url });
      return 'shared';
    } catch (error) {
      // The user closed the share dialog, which doesn't count as a failure.
      if (error instanceof DOMException && error.name === 'AbortError') return 'shared';
    }
  }
  try {
    await navigator.clipboard.writeText(url);
    return 'copied';
  } catch {
    return 'failed';
  }
}
