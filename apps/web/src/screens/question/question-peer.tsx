import '../../styles/question.css';
import type { ComponentChildren } from 'preact';
import type { CallView } from '../../call/call-view.ts';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';

/**
 * The two others of a question call, with the question and the notice that someone reads along.
 * @param children the buttons that text calls have too, so that this part doesn't load them
 */
export function QuestionPeer({ call, children }: { call: CallView; children: ComponentChildren }) {
  const app = useApp();
  const asks = app.call.readsOnly;
  // The asker's only line is the question. The styles hide it in the chat.
  const question = app.chat.view.value?.lines.find(({ seat }) => seat === 'a');
  return (
    <figure class="tile them slim questioned">
      <blockquote class="question">
        <span class="small">{t('question.pinned')}</span>
        <p dir="auto">{question?.text ?? '…'}</p>
      </blockquote>
      <span class="face">
        <Icon name="people" size={20} />
      </span>
      <figcaption>
        <span>
          <strong>{t(asks ? 'question.answerers' : 'site.stranger')}</strong>
        </span>
        <span class={isHere(call) ? 'small here' : 'small'}>{describe(call)}</span>
      </figcaption>
      {children}
      <p class="reads-along">
        <Icon name="show" size={20} />
        <span>{t(asks ? 'question.known' : 'question.readsAlong')}</span>
      </p>
    </figure>
  );
}

function isHere({ next, restoring, peer }: CallView): boolean {
  return next.state !== 'really' && !restoring && peer.present;
}

function describe(call: CallView): string {
  if (call.next.state === 'really') return t('question.really');
  if (call.restoring) return t('call.restoring');
  return t(call.peer.present ? 'question.here' : 'question.away');
}
