import '../../styles/text-peer.css';
import type { CallView } from '../../call/call-view.ts';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { ReportButton } from './report-button.tsx';
import { VideoOffer } from './video-offer.tsx';

export function TextPeer({ call }: { call: CallView }) {
  const app = useApp();
  return (
    <>
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
        {app.devices.supported && call.video?.state === 'possible' && (
          <button
            type="button"
            class="btn on-dark turn"
            aria-label={t('video.turnOn')}
            title={t('video.turnOn')}
            onClick={() => app.call.video.value?.prepare()}
          >
            <Icon name="camera" size={20} />
            <span class="long">{t('video.turnOn')}</span>
            <span class="short">{t('video.short')}</span>
          </button>
        )}
        <ReportButton />
      </figure>
      {app.devices.supported && call.video !== null && <VideoOffer offer={call.video} />}
    </>
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
