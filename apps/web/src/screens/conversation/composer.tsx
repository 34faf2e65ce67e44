import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ChatView } from '../../chat/chat-view.ts';
import { numberOf, t } from '../../i18n/words.ts';
import { isComposing } from '../../keyboard/keys.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { ReactButton } from './control-bar.tsx';

const COUNT_FROM_REMAINING = 100;

/**
 * The message box of the chat. Enter sends, Shift+Enter adds a line. Asks the user once before
 * it sends private details.
 */
export function Composer({ chat }: { chat: ChatView }) {
  const app = useApp();
  const { draft, draftFault, draftRemaining } = chat;
  const note = noteOf(chat);
  // On a picture the button Send is only a symbol, like the buttons around it.
  const isIcon = chat.caution === null && app.call.view.value?.mode === 'video';
  const box = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (box.current !== null) fitToText(box.current);
  }, [draft]);
  return (
    <form
      class="compose"
      onSubmit={(event) => {
        event.preventDefault();
        app.chat.sendLine();
      }}
    >
      <textarea
        ref={box}
        id="message"
        rows={1}
        dir="auto"
        aria-label={t('chat.message')}
        aria-invalid={draftFault !== null || draftRemaining < 0}
        aria-describedby="message-note"
        placeholder={t('chat.placeholder')}
        enterkeyhint="send"
        autocomplete="off"
        value={draft}
        onInput={(event) => app.chat.setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (isComposing(event)) return;
          if (event.key === 'Escape' && chat.caution !== null) {
            // The focus returns to the message box, because it would otherwise move to the button
            // Next.
            event.preventDefault();
            app.chat.setDraft(draft);
            return;
          }
          if (event.key !== 'Enter' || event.shiftKey) return;
          event.preventDefault();
          app.chat.sendLine();
        }}
      />
      {chat.caution !== null && (
        <p class="caution">
          <Icon name="shield" size={20} />
          <span>{t(`chat.caution.${chat.caution}`)}</span>
        </p>
      )}
      <div class="answers">
        {chat.caution !== null && <EditButton />}
        <button type="submit" class={isIcon ? 'btn send ic' : 'btn send'} title={t('chat.send')}>
          <span class={isIcon ? 'sr' : undefined}>
            {t(chat.caution === null ? 'chat.send' : 'chat.sendAnyway')}
          </span>
          <Icon name="send" size={20} />
        </button>
      </div>
      {draft === '' && <ReactButton />}
      <p id="message-note" class={note.bad ? 'hint bad' : 'hint'}>
        {note.text}
      </p>
    </form>
  );
}

/** Sizes the message box to its text if the browser can't do so with CSS. */
function fitToText(box: HTMLTextAreaElement): void {
  if (CSS.supports('field-sizing', 'content')) return;
  box.style.blockSize = 'auto';
  box.style.blockSize = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
}

/**
 * Lets the user remove private details from a message before sending it. The user may also send
 * the message unchanged.
 */
function EditButton() {
  const app = useApp();
  return (
    <button
      type="button"
      class="btn"
      onClick={() => {
        app.chat.setDraft(app.chat.view.peek()?.draft ?? '');
        document.getElementById('message')?.focus();
      }}
    >
      {t('chat.edit')}
    </button>
  );
}

function noteOf({ draftFault, draftRemaining }: ChatView): { text: string; bad: boolean } {
  if (draftFault !== null) {
    return { text: t(`chat.fault.${draftFault}`, { max: numberOf(LINE_CHARS_MAX) }), bad: true };
  }
  if (draftRemaining < 0) return { text: t('chat.over', { count: -draftRemaining }), bad: true };
  if (draftRemaining <= COUNT_FROM_REMAINING) {
    return { text: t('chat.left', { count: draftRemaining }), bad: false };
  }
  return { text: '', bad: false };
}
