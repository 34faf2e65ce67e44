import { signal, useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { clockOf } from '../../a11y/durations.ts';
import { logEndSeen } from '../../a11y/log-end.ts';
import type { ChatView, LineView } from '../../chat/chat-view.ts';
import { transcriptOf } from '../../chat/transcript.ts';
import { isolated, listOf, numberOf, t, typed } from '../../i18n/words.ts';
import type { AppModel } from '../../state/app-model.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { exchangePart } from '../exchange/exchange-part.ts';
import { questionPart } from '../question/question-part.ts';
import { useEffectPart } from '../shared/effect-part.ts';
import { CallIcon } from './call-icons.tsx';
import { Composer } from './composer.tsx';
import { useDragUp } from './use-drag-up.ts';

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

/** While the chat is closed, this many of its last lines are shown over the picture. */
const LINES_OVER = 2;

/** Whether all lines are shown on a phone, where the chat then takes the lower half. */
export const drawerOpen = signal(false);

/** Whether the user has closed the chat column of a wide window in this call. */
export const columnClosed = signal(false);

/** Closes the chat, as at the start of a call. */
export function resetChat(): void {
  drawerOpen.value = false;
  columnClosed.value = false;
}

/** Returns whether a wide window shows the chat in a column. The first line opens the column. */
export function hasColumn(chat: ChatView | null): boolean {
  return chat !== null && !columnClosed.value && (chat.lines.length > 0 || !chat.open);
}

export function Chat() {
  const chat = useApp().chat.view.value;
  return chat === null ? null : <ChatSection chat={chat} />;
}

function ChatSection({ chat }: { chat: ChatView }) {
  const app = useApp();
  const section = useRef<HTMLElement>(null);
  useDragUp(section, drawerOpen);
  const { lines, unread } = chat;
  const mode = (app.call.view.value ?? app.call.ended.value)?.mode;
  const typing = statusOf(chat);
  return (
    <section class="side chat" ref={section}>
      {mode === 'video' && (
        <div class="chat-head">
          <DrawerButton lines={lines.length} unread={unread} />
          {lines.length > 0 && <ColumnButton unread={unread} />}
        </div>
      )}
      <Log chat={chat} />
      <div class="under-log">
        {unread > 0 ? (
          <button type="button" class="btn small newer" onClick={showNewest}>
            {t('chat.newer', { count: unread })}
          </button>
        ) : (
          <p class={typing === '' ? 'typing' : 'typing now'}>{typing}</p>
        )}
      </div>
      {!chat.open ? <Closed chat={chat} /> : app.call.readsOnly || <Composer chat={chat} />}
    </section>
  );
}

/** Opens all lines on a phone, as a drag upwards does. The style sheet hides it elsewhere. */
function DrawerButton({ lines, unread: count }: { lines: number; unread: number }) {
  const open = drawerOpen.value;
  if (lines <= LINES_OVER && count === 0 && !open) return null;
  return (
    <button
      type="button"
      class={`btn small drawer-button ${open ? 'opened' : ''}`}
      aria-expanded={open}
      title={t(open ? 'chat.fewer' : 'chat.all')}
      onClick={() => {
        drawerOpen.value = !open;
      }}
    >
      <Icon name="send" size={20} />
      <span>{t(open ? 'chat.fewer' : 'chat.all')}</span>
      {!open && <Unread count={count} />}
    </button>
  );
}

/** Opens or closes the chat column of a wide window. The style sheet hides it on a phone. */
function ColumnButton({ unread: count }: { unread: number }) {
  const closed = columnClosed.value;
  return (
    <button
      type="button"
      class="btn small column-button"
      aria-expanded={!closed}
      onClick={() => {
        columnClosed.value = !closed;
      }}
    >
      <CallIcon name="chat" size={20} />
      {t(closed ? 'chat.all' : 'chat.hide')}
      {closed && <Unread count={count} />}
    </button>
  );
}

function Unread({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <>
      <span class="unread number" aria-hidden="true">
        {numberOf(count)}
      </span>{' '}
      <span class="sr">{t('chat.unread', { count })}</span>
    </>
  );
}

function statusOf({ peerTyping, peerQuietMinutes: count, open }: ChatView): string {
  if (peerTyping) return t('chat.typing');
  return open && count > 0 ? t('chat.quiet', { count }) : '';
}

/** Shows the chat of an ended call, which the user can save until the next search. */
function Closed({ chat }: { chat: ChatView }) {
  const copied = useSignal<'yes' | 'no' | null>(null);
  const app = useApp();
  const copy = (): void => {
    const text = transcriptOf(chat.lines, {
      notice: t('chat.copyNotice'),
      author: (line) => roleOf(app, line) ?? t(line.from === 'you' ? 'site.you' : 'site.stranger'),
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

/** Returns the name of the other user who wrote a line in a call of three, or null. */
function roleOf({ call }: AppModel, { from, seat }: LineView): string | null {
  const part = questionPart.model.value;
  if (from === 'you' || seat === undefined || call.last?.mode !== 'question') return null;
  return part?.authorName(seat, call.readsOnly) ?? null;
}

/**
 * Scrolls to the new chat lines and moves the focus there, because the pressed button
 * disappears.
 */
function showNewest(): void {
  const log = document.querySelector<HTMLElement>('.log');
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
  const isEmpty = chat.lines.length === 0;
  const follow = (): void => {
    const element = log.current;
    if (element === null) return;
    if (followed.current) element.scrollTop = element.scrollHeight;
    logEndSeen.value = followed.current && (isEmpty || element.clientHeight >= LINE_PX);
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
        logEndSeen.value = followed.current && (isEmpty || clientHeight >= LINE_PX);
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
  const effects = useEffectPart();
  const exchange = exchangePart.model.value;
  const mine = line.from === 'you';
  const name = roleOf(useApp(), line);
  return (
    <li class={`line ${mine ? 'mine' : 'theirs'} ${line.state} ${line.seat ?? ''}`}>
      <span class={name ? 'author' : 'sr'}>
        {t('chat.says', { who: name ?? t(mine ? 'site.you' : 'site.stranger') })}
      </span>
      <div class="said">
        {exchange !== null && line.corrects ? (
          <exchange.Corrected line={line} />
        ) : (
          <p class="bubble" dir="auto">
            {line.text}
          </p>
        )}
        {line.sinceStartMs !== null && <span class="at number">{clockOf(line.sinceStartMs)}</span>}
      </div>
      {!mine && effects !== null && <effects.LineTranslation line={line} />}
      {exchange !== null && open && !mine && <exchange.CorrectLine line={line} />}
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
