import '../../styles/text-peer.css';
import '../../styles/question.css';
import type { CallView } from '../../call/call-view.ts';
import { t } from '../../i18n/words.ts';
import { Heading } from '../../ui/heading.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { ReportButton } from '../conversation/report-button.tsx';

/** The two others of a question call, with the question and the notice that someone reads along. */
export function QuestionPeer({ call }: { call: CallView }) {
  const group = useApp().chat.view.value?.group;
  const asks = group?.asks === true;
  return (
    <figure class="tile them slim questioned">
      <Heading hidden>{t('question.title')}</Heading>
      <blockquote class="question">
        <span class="small">{t('question.pinned')}</span>
        <p dir="auto">{group?.question ?? '…'}</p>
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
      <ReportButton />
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
