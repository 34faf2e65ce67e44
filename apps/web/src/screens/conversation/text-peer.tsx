import '../../styles/text-peer.css';
import type { CallView } from '../../call/call-view.ts';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { ReportButton } from './report-button.tsx';
import { TurnOn } from './turn-on.tsx';

export function TextPeer({ call }: { call: CallView }) {
  return (
    <figure class="tile them slim">
      <span class="face">
        <Icon name="people" size={20} />
      </span>
      <figcaption>
        <span>
          <strong>{t('site.stranger')}</strong>
        </span>
        <span class={isHere(call) ? 'small here' : 'small'}>{describe(call)}</span>
      </figcaption>
      <TurnOn call={call} />
      <ReportButton />
    </figure>
  );
}

function isHere({ next, restoring, peer }: CallView): boolean {
  return next.state !== 'really' && !restoring && peer.present;
}

function describe(call: CallView): string {
  if (call.next.state === 'really') return t('say.really');
  if (call.restoring) return t('call.restoring');
  return isHere(call) ? t('call.here') : t('call.away');
}
