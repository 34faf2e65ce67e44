import '../../styles/rules.css';
import '../../styles/shield.css';
import { Arcs } from '@farandole/ui/arcs';
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { secondsLeft, spanOf } from '../../a11y/durations.ts';
import { landFocus } from '../../a11y/focus.ts';
import type { SearchView } from '../../call/call-view.ts';
import {
  LONG_WAIT_MS,
  pauseAnnouncement,
  QUIET_AFTER_MS,
  searchStageOf,
} from '../../call/search-stage.ts';
import { listOf, pageLanguage, t } from '../../i18n/words.ts';
import { community } from '../../ui/community.ts';
import { FiveRules } from '../../ui/five-rules.tsx';
import { Heading } from '../../ui/heading.tsx';
import { hoursHere } from '../../ui/hours-here.ts';
import { useApp } from '../app-context.ts';
import { exchangePart } from '../exchange/exchange-part.ts';
import { hourPart } from '../hour/hour-part.ts';
import { questionPart } from '../question/question-part.ts';
import { lazy } from '../shared/lazy.tsx';
import { meetingPart } from './meeting-part.ts';
import { Sheet } from './sheet.tsx';
import { TextInstead } from './text-instead.tsx';

const limitedSearch = lazy(async () => (await import('../standing.tsx')).LimitedSearch, 'place');

/** Host names of a developer's own computer, where the page says how to meet oneself. */
const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

export function SearchPanel({ search }: { search: SearchView }) {
  const { held } = search;
  const rulesOpen = useSignal(false);
  const isLimited = useApp().standing.limited.value !== null;
  const isEarly = searchStageOf(search) === 'hour';
  const here = community.value;
  const meetings = meetingPart.model.value;
  if (search.meeting !== null) meetingPart.prepare();
  if (search.meeting !== null && meetings !== null) return <meetings.PrivateWait search={search} />;
  const ExchangeWait = exchangePart.model.value?.ExchangeWait;
  if (search.exchange !== null && ExchangeWait !== undefined && !isEarly) {
    return <ExchangeWait search={search} exchange={search.exchange} />;
  }
  return (
    <>
      <section class="tile search" data-keeps-focus>
        <Arcs mood={held === null && !isLimited && !isEarly ? 'dance' : 'still'} />
        <Heading>{isLimited ? t('limited.title') : titleOf(search)}</Heading>
        {here !== null && <here.Wait />}
        {held === null ? (
          isLimited ? (
            <limitedSearch.Part />
          ) : (
            <>
              {/* One more person who is invited or told wouldn't end the wait for two. */}
              {search.mode !== 'question' && <Progress search={search} />}
              <Hour search={search} />
              {search.mode !== 'question' && <TellMe search={search} />}
            </>
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

function titleOf(search: SearchView): string {
  const { held, interests } = search;
  if (held?.reason === 'closed' || held?.reason === 'not-offered') return t('waiting.titleClosed');
  if (searchStageOf(search) === 'hour') return t('waiting.titleHour');
  if (search.mode === 'question' && questionPart.model.value !== null) return t('question.waiting');
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
  const { reason, retryInMs, share } = held;
  return (
    <>
      <p>
        {t(told.key, told.values)}{' '}
        {retryInMs !== null && (
          <span class="number">{t('waiting.again', { count: secondsLeft(retryInMs) })}</span>
        )}
      </p>
      {share !== undefined && (
        <progress class="shield-progress" value={share} aria-label={t('waiting.proof')} />
      )}
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
  const { mode } = search;
  const meetings = meetingPart.model.value;
  const stage = searchStageOf(search);
  switch (stage) {
    case 'looking':
    case 'hour':
      return null;
    case 'another':
      return <p>{t('waiting.another')}</p>;
    case 'anyone':
      return <Anyone search={search} />;
    case 'quiet':
      return <Quiet search={search} />;
    case 'long':
      return (
        <Ways words={t('waiting.long')}>
          {meetings !== null && <meetings.MeetLastAgain search={search} />}
          <OtherWays mode={mode} />
        </Ways>
      );
  }
}

function Ways({ words, children }: { words: string; children: ComponentChildren }) {
  return (
    <div class="anyone">
      <p>{words}</p>
      <div class="go">{children}</div>
    </div>
  );
}

function Anyone({ search }: { search: SearchView }) {
  const app = useApp();
  return (
    <Ways words={t('waiting.anyoneWhy')}>
      <button type="button" class="btn on-dark" onClick={() => app.search.anyone()}>
        {t('waiting.anyone')}
      </button>
      {search.waitedMs >= LONG_WAIT_MS && <OtherWays mode={search.mode} />}
    </Ways>
  );
}

/**
 * Says that it is quiet. The text doesn't depend on the other users in the queue, because it must
 * not reveal a block or a restriction.
 */
function Quiet({ search }: { search: SearchView }) {
  const { mode, usualWaitMs } = search;
  const { link } = useApp();
  // The usual hours are those of the whole server.
  const busiest = community.value === null ? (link.server.value?.busiest ?? null) : null;
  const meetings = meetingPart.model.value;
  meetingPart.prepare();
  return (
    <>
      <Ways words={t('waiting.quiet')}>
        {meetings !== null && <meetings.MeetLastAgain search={search} />}
        <TextInstead mode={mode} />
      </Ways>
      {usualWaitMs !== null && <p class="small">{usualWait(usualWaitMs)}</p>}
      {usualWaitMs === null && busiest !== null && (
        <p class="small">{t('waiting.busiest', hoursHere(busiest, pageLanguage(), Date.now()))}</p>
      )}
      {meetings !== null && <meetings.Invite search={search} />}
      {LOCAL_HOSTS.has(location.hostname) && <p class="small">{t('waiting.quietHint')}</p>}
    </>
  );
}

/** The hour for which the user waits. Its code and texts load with the first hour. */
function Hour({ search: { opensInMs } }: { search: SearchView }) {
  const part = hourPart.model.value;
  if (opensInMs === null) return null;
  hourPart.prepare();
  return part === null ? null : <part.HourWait opensInMs={opensInMs} />;
}

/** Offers to tell the user when someone is in the open pool. */
function TellMe({ search: { meeting, mode, opensInMs, waitedMs } }: { search: SearchView }) {
  const isElsewhere = meeting !== null || community.value !== null;
  if (isElsewhere || opensInMs !== null || waitedMs < QUIET_AFTER_MS) return null;
  const part = meetingPart.model.value;
  meetingPart.prepare();
  return part === null ? null : <part.TellMeOffer mode={mode} />;
}

function usualWait(usualWaitMs: number): string {
  const { unit, count } = spanOf(usualWaitMs);
  return unit === 'seconds' ? t('waiting.usualMoment') : t('waiting.usual', { count });
}

function OtherWays({ mode }: { mode: SearchView['mode'] }) {
  const app = useApp();
  // If the focus was inside the suggestions when they disappear, it moves to another element.
  useEffect(() => () => void requestAnimationFrame(() => landFocus()), []);
  return (
    <>
      <TextInstead mode={mode} />
      <button type="button" class="btn on-dark" onClick={() => app.settings.open()}>
        {t('waiting.longWishes')}
      </button>
    </>
  );
}
