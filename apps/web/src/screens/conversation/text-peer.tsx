import { t } from '../../i18n/words.ts';
import { Icon } from '../../parts/icons.tsx';
import type { CallView } from '../../state/app-model.ts';
import { ReportButton } from './report-button.tsx';

/** The stranger of a text call: a slim tile, with Report where it always is. */
export function TextPeer({ call }: { call: CallView }) {
  return (
    <figure class="tile them slim">
      <span class="face">
        <Icon name="people" size={20} />
      </span>
      <figcaption>
        <strong>{t('site.stranger')}</strong>
        <span class="small">{describe(call)}</span>
      </figcaption>
      <ReportButton />
    </figure>
  );
}

function describe(call: CallView): string {
  if (call.next.state === 'really') return t('say.really');
  if (call.restoring) return t('call.restoring');
  return call.peer.present ? t('call.here') : t('call.away');
}
