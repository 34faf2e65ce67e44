import { useId } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { useApp } from '../../parts/app-context.ts';
import { Icon } from '../../parts/icons.tsx';
import type { CallView, DirectView } from '../../state/app-model.ts';
import { ShieldDetails } from '../shield/shield-details.tsx';
import { FirstPicture } from './first-picture.tsx';
import { QualityDetails } from './quality.tsx';

/** How the two are connected, in words, and the choice of a direct connection where there is one. */
export function Details({ call }: { call: CallView }) {
  const app = useApp();
  const id = useId();
  const { direct, mode } = call;
  const picture = app.firstPicture.value;
  // What it shows to the other person is said without being asked.
  const isDirect = direct.way === 'direct';
  return (
    <>
      <button
        type="button"
        class={isDirect ? 'btn plain small details' : 'btn plain ic details'}
        popovertarget={id}
        aria-label={isDirect ? undefined : t('details.open')}
        title={t(isDirect ? 'details.direct' : 'details.open')}
      >
        <Icon name={isDirect ? 'alert' : 'info'} size={20} />
        {isDirect && <span>{t('details.isDirect')}</span>}
      </button>
      <div id={id} popover="auto" class="popover">
        <h2>{t('details.title')}</h2>
        <p>{mode === 'text' ? t('details.text') : t(`details.${direct.way ?? 'unknown'}`)}</p>
        {direct.offered && (
          <label class="switch">
            <input
              type="checkbox"
              role="switch"
              checked={direct.you}
              aria-describedby={`${id}-why`}
              onChange={(event) => app.consentDirect(event.currentTarget.checked)}
            />
            <span>{t('details.allow')}</span>
          </label>
        )}
        {direct.offered && (
          <p id={`${id}-why`} class="hint">
            {t(consentWord(direct))}
          </p>
        )}
        {call.quality !== null && <QualityDetails quality={call.quality} />}
        {picture !== null && <FirstPicture picture={picture} />}
        {call.shield !== null && <ShieldDetails shield={call.shield} />}
        <button type="button" class="btn small" popovertarget={id} popovertargetaction="hide">
          {t('details.close')}
        </button>
      </div>
    </>
  );
}

function consentWord({ you, peer }: DirectView) {
  if (you && peer) return 'details.both';
  if (you) return 'details.waiting';
  return peer ? 'details.theirs' : 'details.allowWhy';
}
