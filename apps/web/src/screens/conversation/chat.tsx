import { signal, useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { clockOf } from '../../a11y/durations.ts';
import { logEndSeen } from '../../a11y/log-end.ts';
import type { ChatView, LineView } from '../../chat/chat-view.ts';
import { transcriptOf } from '../../chat/transcript.ts';
import { isolated, listOf, numberOf, t, typed } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { Composer } from './composer.tsx';

/**
 * If the end of the chat log is at most this many CSS pixels below the visible part, new lines
 * scroll the log.
 */
const FOLLOWED_WITHIN_PX = 80;

/**
 * Minimum height of the chat log, which is the height of one line. A lower log is hidden, and
 * the pictures take its space.
 */
const LINE_PX = 24;

/**
 * Number of chat lines visible below the pictures on a phone. If there are more lines, the chat
 * offers its drawer.
 */
const DRAWER_LINES = 3;

/** Whether the chat drawer is open. On a phone the drawer covers most of the pictures. */
export const drawerOpen = signal(false);

export function Chat() {
  const chat = useApp().chat.view.value;
  if (chat === null) return null;
  const { lines, unread } = chat;
  return (
    <section class="side chat">
      <Log chat={chat} />
      <div class="under-log">
        {unread > 0 ? (
          <button type="button" class="btn plain small" onClick={showNewest}>
            {t('chat.newer', { count: unread })}
          </button>
        ) : (
          <p class="typing">{statusOf(chat)}</p>
        )}
        {(lines.length > DRAWER_LINES || unread > 0 || drawerOpen.value) && (
          <DrawerButton unread={unread} />
        )}
      </div>
      {chat.open ? <Composer chat={chat} /> : <Closed chat={chat} />}
    </section>
  );
}

/** The style sheet hides the button that opens the drawer where the chat log isn't a drawer. */
function DrawerButton({ unread: count }: { unread: number }) {
  const open = drawerOpen.value;
  const counts = !open && count > 0;
  return (
    <button
      type="button"
      class={`btn plain small drawer-button ${open ? 'opened' : ''}`}
      aria-expanded={open}
      onClick={() => {
        drawerOpen.value = !open;
      }}
    >
      {t(open ? 'chat.fewer' : 'chat.all')}
      {counts && (
        <>
          <span class="unread number" aria-hidden="true">
            {numberOf(count)}
          </span>{' '}
          <span class="sr">{t('chat.unread', { count })}</span>
        </>
      )}
      <Icon name="send" size={16} />
    </button>
  );
}

function statusOf({ peerTyping, peerQuietMinutes: count, open }: ChatView): string {
  if (peerTyping) return t('chat.typing');
  return open && count > 0 ? t('chat.quiet', { count }) : '';
}

/** Shows the chat of an ended call, which the user can save until the next search. */
function Closed({ chat }: { chat: ChatView }) {
  const copied = useSignal<'yes' | 'no' | null>(null);
  const copy = (): void => {
    const text = transcriptOf(chat.lines, {
      notice: t('chat.copyNotice'),
      you: t('site.you'),
      stranger: t('site.stranger'),
      clock: clockOf,
    });
    navigator.clipboard.writeText(text).then(
      () => {
        copied.value = 'yes';
      },
      () => {
        copied.value = 'no';
      },
    );
  };
  return (
    <div class="closed soft">
      <p>{t('chat.closed')}</p>
      {chat.lines.some(({ state }) => state === 'sent') && (
        <button type="button" class="btn plain small" onClick={copy}>
          <Icon name="copy" size={20} />
          {t('chat.copy')}
        </button>
      )}
      <p role="status" class="small copied">
        {copied.value !== null && t(copied.value === 'yes' ? 'chat.copied' : 'chat.notCopied')}
      </p>
    </div>
  );
}

/**
 * Scrolls to the new chat lines and moves the focus there, because the pressed button
 * disappears.
 */
function showNewest(): void {
  const log = document.querySelector<HTMLElement>('.log');
  // If the pictures take all the space, the chat log isn't visible, so the chat drawer opens.
  if ((log?.clientHeight ?? 0) < LINE_PX) drawerOpen.value = true;
  log?.scrollTo({ top: log.scrollHeight });
  log?.focus({ preventScroll: true });
}

/**
 * The element around the chat lines has the role `log`, so that screen readers announce only new
 * lines.
 */
function Log({ chat }: { chat: ChatView }) {
  const log = useRef<HTMLDivElement>(null);
  const followed = useRef(true);
  const last = chat.lines.at(-1);
  const follow = (): void => {
    const element = log.current;
    if (element === null) return;
    if (followed.current) element.scrollTop = element.scrollHeight;
    logEndSeen.value = followed.current && element.clientHeight >= LINE_PX;
  };
  useLayoutEffect(() => {
    if (last?.from === 'you') followed.current = true;
    follow();
  }, [chat.lines.length, last?.key]);
  useLayoutEffect(() => {
    const element = log.current;
    if (element === null) return;
    // The height of the chat log changes with the drawer, the on-screen keyboard and the device's
    // orientation.
    const observer = new ResizeObserver(follow);
    observer.observe(element);
    return () => {
      observer.disconnect();
      logEndSeen.value = true;
    };
  }, []);
  return (
    <div
      class="log"
      role="log"
      aria-label={t('chat.log')}
      tabIndex={0}
      ref={log}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        followed.current = scrollHeight - scrollTop - clientHeight < FOLLOWED_WITHIN_PX;
        logEndSeen.value = followed.current && clientHeight >= LINE_PX;
      }}
    >
      {chat.lines.length === 0 && chat.open && <Opening />}
      <ul>
        {chat.lines.map((line) => (
          <Line key={line.key} line={line} open={chat.open} />
        ))}
      </ul>
    </div>
  );
}

/** Suggests first messages. Choosing a suggestion fills the message box; the user must send it. */
function Opening() {
  const app = useApp();
  const shared = app.call.view.value?.sharedInterests ?? [];
  const [interest] = shared;
  const ideas = [
    ...(interest === undefined
      ? []
      : [t('chat.icebreakerShared', { interest: isolated(interest) })]),
    t('chat.icebreaker1'),
    t('chat.icebreaker2'),
  ];
  return (
    <div class="opening">
      <p class="system">
        <Icon name="shield" size={20} />
        <span>
          <strong>Farandole</strong> {t('chat.empty')}
        </span>
      </p>
      {shared.length > 0 && (
        <p class="soft small">{t('chat.shared', { list: listOf(shared, 'conjunction') })}</p>
      )}
      <ul aria-label={t('chat.icebreakers')}>
        {ideas.map((idea) => (
          <li key={idea}>
            <button
              type="button"
              class="idea"
              onClick={() => {
                // A suggestion never replaces a text that the user has typed.
                const draft = app.chat.view.peek()?.draft ?? '';
                if (draft.trim() === '' || ideas.map(typed).includes(draft)) {
                  app.chat.setDraft(typed(idea));
                }
                document.getElementById('message')?.focus();
              }}
            >
              {idea}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Line({ line, open }: { line: LineView; open: boolean }) {
  const mine = line.from === 'you';
  return (
    <li class={`line ${mine ? 'mine' : 'theirs'} ${line.state}`}>
      <span class="sr">{t('chat.says', { who: t(mine ? 'site.you' : 'site.stranger') })}</span>
      <div class="said">
        <p class="bubble" dir="auto">
          {line.text}
        </p>
        {line.sinceStartMs !== null && <span class="at number">{clockOf(line.sinceStartMs)}</span>}
      </div>
      <LineState line={line} open={open} />
    </li>
  );
}

function LineState({ line: { id, state, refusal }, open }: { line: LineView; open: boolean }) {
  const app = useApp();
  if (state === 'pending') return <span class="sr">{t('chat.pending')}</span>;
  if (state === 'waiting') return <span class="line-note">{t('chat.waiting')}</span>;
  if (refusal === null) return null;
  return (
    <span class="line-note bad">
      <span>{t(`chat.refusal.${refusal}`)}</span>
      <span class="line-acts">
        {open && (
          <button type="button" class="btn plain small" onClick={() => app.chat.retryLine(id)}>
            {t('chat.retry')}
          </button>
        )}
        <button type="button" class="btn plain small" onClick={() => app.chat.dismissLine(id)}>
          {t('chat.dismiss')}
        </button>
      </span>
    </span>
  );
}
