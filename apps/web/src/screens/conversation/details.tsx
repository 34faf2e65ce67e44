import '../../styles/later.css';
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { CallView, DirectView } from '../../call/call-view.ts';
import { isText } from '../../call/rungs.ts';
import { numberOf, t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { ShieldDetails } from '../shield/shield-details.tsx';
import { FirstPicture } from './first-picture.tsx';
import { QualityDetails } from './quality.tsx';
import { Sheet } from './sheet.tsx';

/** Shows connection details in a sheet that closes when the call ends. */
export function Details({ call }: { call: CallView }) {
  const open = useSignal(false);
  return (
    <>
      <button
        type="button"
        class="btn ic details fades"
        aria-haspopup="dialog"
        aria-label={t('details.open')}
        title={t('details.open')}
        onClick={() => {
          open.value = true;
        }}
      >
        <Icon name="info" size={20} />
      </button>
      {open.value && (
        <DetailsSheet
          call={call}
          onClose={() => {
            open.value = false;
          }}
        />
      )}
    </>
  );
}

function DetailsSheet({ call, onClose }: { call: CallView; onClose: () => void }) {
  const app = useApp();
  const id = useId();
  const { direct, mode } = call;
  const picture = app.call.firstPicture.value;
  const kbps = app.link.server.value?.relayKbpsMax ?? null;
  return (
    <Sheet title={t('details.title')} onClose={onClose} beside={mode === 'video'}>
      <p>{isText(mode) ? t('details.text') : t(`details.${direct.way ?? 'unknown'}`)}</p>
      {kbps !== null && direct.way === 'relay' && mode === 'video' && (
        <p class="hint">{t('details.relayMax', { kbps: numberOf(kbps) })}</p>
      )}
      {direct.offered && (
        <label class="switch">
          <input
            type="checkbox"
            role="switch"
            checked={direct.you}
            aria-describedby={`${id}-why`}
            onChange={(event) => app.call.consentDirect(event.currentTarget.checked)}
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
    </Sheet>
  );
}

function consentWord({ you, peer }: DirectView) {
  if (you && peer) return 'details.both';
  if (you) return 'details.waiting';
  return peer ? 'details.theirs' : 'details.allowWhy';
}
