import '../../styles/exchange.css';
import '../../styles/text-box.css';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import { useSignal } from '@preact/signals';
import { Fragment } from 'preact';
import { draftFaultOf } from '../../chat/chat-log.ts';
import type { LineView } from '../../chat/chat-view.ts';
import { OFFLINE_LINES_MAX } from '../../chat/limits.ts';
import { t } from '../../i18n/words.ts';
import type { AppModel } from '../../state/app-model.ts';
import { useApp } from '../app-context.ts';
import { wordDiff } from './word-diff.ts';

/**
 * A line that corrects another line, with its changes marked. Without the other line, as on a page
 * that opened later, it is shown as it is.
 */
export function Corrected({ line }: { line: LineView }) {
  const lines = useApp().chat.view.value?.lines ?? [];
  const original =
    lines.find(({ id, from }) => id === line.corrects && from !== line.from)?.text ?? line.text;
  return (
    <p class="bubble corrected" dir="auto">
      <span class="small">
        {t(line.from === 'you' ? 'exchange.correct.yours' : 'exchange.correct.theirs')}
      </span>
      {wordDiff(original, line.text).map(({ kind, text }, at, pieces) =>
        kind === 'gone' ? (
          <Fragment key={at}>
            <del>{text}</del>
            {pieces[at + 1]?.kind === 'new' && !/\s$/u.test(text) && ' '}
          </Fragment>
        ) : kind === 'new' ? (
          <ins key={at}>{text}</ins>
        ) : (
          <span key={at}>{text}</span>
        ),
      )}
    </p>
  );
}

/** Whether the text may be sent now. As for other lines, few may wait for the server. */
function mayCorrect({ chat }: Pick<AppModel, 'chat'>, text: string): boolean {
  const { lines = [], open = false } = chat.view.peek() ?? {};
  const waiting = lines.filter(({ state }) => state === 'pending' || state === 'waiting').length;
  return open && draftFaultOf(text) === null && waiting < OFFLINE_LINES_MAX;
}

/**
 * Lets the user of an exchange correct a line of the peer. The correction is sent as a line of its
 * own.
 */
export function CorrectLine({ line }: { line: LineView }) {
  const app = useApp();
  const draft = useSignal<string | null>(null);
  const fault = useSignal<'same' | 'fault' | null>(null);
  if (!app.call.view.value?.exchange) return null;
  if (draft.value === null) {
    return (
      <span class="line-note">
        <button
          type="button"
          class="btn plain small"
          onClick={() => {
            draft.value = line.text;
          }}
        >
          {t('exchange.correct.press')}
        </button>
      </span>
    );
  }
  const close = (): void => {
    draft.value = null;
    fault.value = null;
  };
  const send = (text: string): void => {
    if (text.trim() === line.text.trim()) fault.value = 'same';
    else if (mayCorrect(app, text)) {
      app.chat.correct(line.id, text);
      close();
    } else fault.value = 'fault';
  };
  return (
    <form
      class="correct-form"
      onSubmit={(event) => {
        event.preventDefault();
        send(draft.value ?? '');
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // Esc would otherwise leave the call.
        event.stopPropagation();
        close();
      }}
    >
      <textarea
        class="text-box"
        dir="auto"
        rows={2}
        aria-label={t('exchange.correct.label')}
        maxLength={LINE_CHARS_MAX}
        value={draft.value}
        ref={(element) => {
          if (element !== null && document.activeElement?.closest('.correct-form') === null) {
            element.focus();
          }
        }}
        onInput={({ currentTarget }) => {
          draft.value = currentTarget.value;
          fault.value = null;
        }}
      />
      <p class="hint bad" role="alert">
        {fault.value !== null && t(`exchange.correct.${fault.value}`)}
      </p>
      <span class="line-acts">
        <button type="submit" class="btn small spark">
          {t('exchange.correct.send')}
        </button>
        <button type="button" class="btn plain small" onClick={close}>
          {t('exchange.correct.cancel')}
        </button>
      </span>
    </form>
  );
}
