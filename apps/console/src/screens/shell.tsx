import { Arcs, Brand } from '@farandole/ui/arcs';
import { LANGUAGES } from '@farandole/ui/locales';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { consoleLanguage, t, words } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { Icon } from '../parts/icon.tsx';
import { useKeys } from '../parts/keys.ts';
import { Failed, Nothing, sentenceOf } from '../parts/states.tsx';
import { AcceptInvite, linkTokenIn } from '../sign-in/accept-invite.tsx';
import { SignInForm } from '../sign-in/sign-in-form.tsx';
import { goTo, hashOf, route } from '../state/route.ts';
import { AlertBanner } from './alert-banner.tsx';
import { KeyList } from './key-list.tsx';
import { SCREENS, type Screen } from './screens.tsx';

export function Shell() {
  const model = useConsole();
  const presence = model.presence.value;
  const token = linkTokenIn(route.value.screen);
  if (token !== null) return <AcceptInvite token={token} />;
  switch (presence.state) {
    case 'asking':
      return (
        <main class="alone">
          <h1 class="sr">{t('app.loading')}</h1>
          <Arcs mood="dance" />
        </main>
      );
    case 'signed-out':
      return <SignedOut />;
    case 'failed':
      return (
        <main class="alone">
          <h1 class="sr">Farandole</h1>
          <Failed problem={presence.problem} again={() => model.begin()} />
        </main>
      );
    case 'signed-in':
      return <Frame />;
  }
}

function Frame() {
  const model = useConsole();
  const { screen: asked } = route.value;
  const offered = SCREENS.filter(({ may }) => may === null || may.some((one) => model.may(one)));
  const listed = offered.filter(({ icon }) => icon !== null);
  // A member without the permission for the queue starts at the first permitted screen.
  const name = asked === '' ? (listed[0]?.name ?? '') : asked;
  const screen = offered.find((one) => one.name === name);
  useKeys({
    '?': () => {
      model.keysOpen.value = !model.keysOpen.value;
    },
    escape: () => goTo('queue'),
    u: () => void model.notice.value?.undo?.run(),
  });
  return (
    <div class="shell">
      <header class="side">
        <div class="side-top">
          <Arcs mood="still" />
          <Brand />
        </div>
        <nav class="nav" aria-label={t('app.screens')}>
          {listed.map((one) => (
            <Door key={one.name} screen={one} here={one.name === name} />
          ))}
        </nav>
        <Foot />
      </header>
      {model.live.value.state === 'lost' ? (
        <p class="banner warning" role="status">
          {t('app.offline')}
        </p>
      ) : null}
      <SealedBanner />
      <AlertBanner />
      {model.breakDue.value ? (
        <div class="banner" role="status">
          <p>{t('break.due')}</p>
          <button type="button" class="btn" onClick={() => model.takeBreak()}>
            {t('break.read')}
          </button>
        </div>
      ) : null}
      {screen === undefined ? <Missing /> : <CurrentScreen screen={screen} />}
      <NoticeBar />
      <KeyList />
    </div>
  );
}

/** Shows how many sealed cases no role may open. Every member sees this warning. */
function SealedBanner() {
  const count = useConsole().live.value.said?.counts.unopenable ?? 0;
  if (count === 0) return null;
  return (
    <p class="banner warning" role="status">
      {t('app.sealed', { count, role: t('role.child-safety') })}
    </p>
  );
}

function Door({ screen, here }: { screen: Screen; here: boolean }) {
  const { said } = useConsole().live.value;
  const link = useRef<HTMLAnchorElement>(null);
  // On a phone the links scroll sideways.
  useEffect(() => {
    if (here) link.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [here]);
  const count = screen.count === undefined ? null : (said?.counts[screen.count] ?? null);
  if (screen.icon === null) return null;
  return (
    <a
      ref={link}
      href={hashOf({ screen: screen.name, id: null })}
      aria-current={here ? 'page' : undefined}
    >
      <Icon name={screen.icon} />
      {t(screen.title)}
      {count === null || count === 0 ? null : <span class="count">{count}</span>}
    </a>
  );
}

function Foot() {
  const model = useConsole();
  const now = model.presence.value;
  if (now.state !== 'signed-in') return null;
  const signOut = async (): Promise<void> => {
    const answer = await model.api.post('sign-out', {});
    // Reloads the page at sign-out so that the next member can't see this member's drafts or data.
    if (answer.ok) location.reload();
    else model.say(sentenceOf(answer.problem), { bad: true });
  };
  return (
    <div class="side-foot">
      <p class="me">
        <strong>{now.me.member.name}</strong>
        <span class="soft small">{now.roles.map((role) => t(`role.${role}`)).join(' · ')}</span>
      </p>
      <div class="side-tools">
        <select
          class="quiet-select"
          aria-label={t('app.language')}
          value={consoleLanguage()}
          onChange={({ currentTarget }) => {
            words.switchTo(currentTarget.value).catch(() => {
              model.say(t('failed.offline'), { bad: true });
            });
          }}
        >
          {Object.entries(LANGUAGES).map(([tag, { name }]) => (
            <option key={tag} value={tag}>
              {name}
            </option>
          ))}
        </select>
        <button
          type="button"
          class="btn quiet"
          aria-label={`? ${t('keys.open')}`}
          onClick={() => {
            model.keysOpen.value = true;
          }}
        >
          <kbd>?</kbd>
          <span class="long">{t('keys.open')}</span>
        </button>
        <button type="button" class="btn quiet" onClick={() => void signOut()}>
          {t('security.signOut')}
        </button>
      </div>
    </div>
  );
}

/**
 * Sets the title of the browser tab, and focuses the screen's heading so that screen readers
 * announce it.
 */
function CurrentScreen({ screen }: { screen: Screen }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { said } = useConsole().live.value;
  const waiting = said?.counts.waiting ?? 0;
  const title = t('app.title', { screen: t(screen.title) });
  useEffect(() => {
    document.title = waiting > 0 ? t('app.waiting', { count: waiting, title }) : title;
  }, [title, waiting]);
  const { id } = route.value;
  // The heading is focused in a layout effect, because a later effect could move the focus away
  // from a control.
  useLayoutEffect(() => heading.current?.focus(), [screen.name, id]);
  const Draw = screen.draw;
  return (
    <main class="main" key={`${screen.name} ${id ?? ''}`}>
      <h1 tabIndex={-1} ref={heading} class={screen.icon === null ? 'sr' : undefined}>
        {t(screen.title)}
      </h1>
      <Draw />
    </main>
  );
}

function Missing() {
  return (
    <main class="main">
      <h1 class="sr">{t('missing.title')}</h1>
      <Nothing title={t('missing.title')}>
        <p>{t('missing.text')}</p>
        <a class="btn" href={hashOf({ screen: 'queue', id: null })}>
          {t('missing.queue')}
        </a>
      </Nothing>
    </main>
  );
}

function SignedOut() {
  const model = useConsole();
  return (
    <main class="alone door">
      <Arcs mood="still" />
      <h1>{t('signIn.title')}</h1>
      {model.hasUnsent ? <p class="soft">{t('signIn.draft')}</p> : null}
      <SignInForm done={() => model.begin()} />
      <p class="hint">{t('signIn.help')}</p>
    </main>
  );
}

function NoticeBar() {
  const model = useConsole();
  const notice = model.notice.value;
  return (
    <div class="notice-bar" role="status">
      {notice === null ? null : (
        <div class={notice.bad ? 'notice bad' : 'notice'}>
          <p>{notice.text}</p>
          {notice.undo === null ? null : (
            <button type="button" class="btn" onClick={() => void notice.undo?.run()}>
              {t('decide.undo')}
              <span class="number" aria-hidden="true">
                {Math.max(0, Math.ceil((notice.undo.untilMs - model.nowMs.value) / 1_000))}
              </span>
              <kbd aria-hidden="true">U</kbd>
            </button>
          )}
        </div>
      )}
    </div>
  );
}
