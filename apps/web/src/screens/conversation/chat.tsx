import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { useApp } from '../../parts/app-context.ts';
import { Icon } from '../../parts/icons.tsx';
import type { ChatView, LineView } from '../../state/app-model.ts';
import { Composer } from './composer.tsx';

/** So near to its end, in CSS pixels, a log that grows is followed. */
const FOLLOWED_WITHIN_PX = 80;

/** So many lines a phone shows beside the pictures; with more than these the drawer opens. */
const DRAWER_LINES = 3;

/** Whether the chat has taken most of a phone's screen from the pictures. */
export const drawerOpen = signal(false);

/** The conversation in words: its log, who is typing, and the box to write in. */
export function Chat() {
  const chat = useApp().chat.value;
  if (chat === null) return null;
  return (
    <section class="side chat">
      <Log chat={chat} />
      <div class="under-log">
        <p class="typing">{chat.peerTyping ? t('chat.typing') : ''}</p>
        {chat.lines.length > DRAWER_LINES && <DrawerButton />}
      </div>
      {chat.open ? <Composer chat={chat} /> : <p class="closed soft">{t('chat.closed')}</p>}
    </section>
  );
}

/** Only where the log is a drawer, which the styles know. */
function DrawerButton() {
  const open = drawerOpen.value;
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
      <Icon name="send" size={16} />
    </button>
  );
}

/** A reader is told of what is added, and of nothing else: the role is on the wrapper. */
function Log({ chat }: { chat: ChatView }) {
  const log = useRef<HTMLDivElement>(null);
  const followed = useRef(true);
  const last = chat.lines.at(-1);
  useLayoutEffect(() => {
    const element = log.current;
    if (element !== null && (followed.current || last?.from === 'you')) {
      element.scrollTop = element.scrollHeight;
    }
  }, [chat.lines.length, last?.key, drawerOpen.value]);
  return (
    <div
      class="log"
      role="log"
      aria-label={t('chat.log')}
      tabIndex={0}
      ref={log}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        followed.current = scrollHeight - scrollTop - clientHeight < FOLLOWED_WITHIN_PX;
      }}
    >
      {chat.lines.length === 0 && chat.open && <Opening />}
      <ul>
        {chat.lines.map((line) => (
          <Line key={line.key} line={line} />
        ))}
      </ul>
    </div>
  );
}

/** Before the first line: two ways to begin. They fill the box; sending stays a choice. */
function Opening() {
  const app = useApp();
  return (
    <div class="opening">
      <p class="soft small">{t('chat.empty')}</p>
      <ul aria-label={t('chat.icebreakers')}>
        {([1, 2] as const).map((n) => (
          <li key={n}>
            <button
              type="button"
              class="idea"
              onClick={() => {
                app.setDraft(t(`chat.icebreaker${n}`));
                document.getElementById('message')?.focus();
              }}
            >
              {t(`chat.icebreaker${n}`)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Line({ line }: { line: LineView }) {
  const mine = line.from === 'you';
  return (
    <li class={`line ${mine ? 'mine' : 'theirs'} ${line.state}`}>
      <span class="sr">{t('chat.says', { who: t(mine ? 'site.you' : 'site.stranger') })}</span>
      <p class="bubble" dir="auto">
        {line.text}
      </p>
      <LineState line={line} />
    </li>
  );
}

function LineState({ line: { id, state, refusal } }: { line: LineView }) {
  const app = useApp();
  if (state === 'pending') return <span class="sr">{t('chat.pending')}</span>;
  if (state === 'waiting') return <span class="line-note">{t('chat.waiting')}</span>;
  if (refusal === null) return null;
  return (
    <span class="line-note bad">
      <span>{t(`chat.refusal.${refusal}`)}</span>
      <span class="line-acts">
        {refusal !== 'call-over' && (
          <button type="button" class="btn plain small" onClick={() => app.retryLine(id)}>
            {t('chat.retry')}
          </button>
        )}
        <button type="button" class="btn plain small" onClick={() => app.dismissLine(id)}>
          {t('chat.dismiss')}
        </button>
      </span>
    </span>
  );
}
