import { useSignal } from '@preact/signals';
import type { EndedView } from '../../call/call-view.ts';
import type { ConnectionCheckState } from '../../call/connection-check.ts';
import { t } from '../../i18n/words.ts';
import { useApp } from '../app-context.ts';
import { hasRelay } from './has-relay.ts';
import { Sheet } from './sheet.tsx';
import { TextInstead } from './text-instead.tsx';

type Verdict = 'checking' | 'works' | 'blocked' | 'unsure';

/**
 * Returns whether this browser can reach others, or null if unknown. Without a relay, one
 * browser can't tell whether it can reach another.
 */
function verdictOf(way: ConnectionCheckState, isRelayed: boolean): Verdict | null {
  switch (way) {
    case 'idle':
      return null;
    case 'checking':
    case 'blocked':
      return way;
    case 'direct':
      return isRelayed ? 'works' : 'unsure';
    case 'relay':
      return 'works';
  }
}

/** Shows, after failed calls, whether calls can work in the user's network, and what would help. */
export function NoConnection({ mode }: { mode: EndedView['mode'] }) {
  const app = useApp();
  const isRelayed = hasRelay(app);
  const verdict = verdictOf(app.connectionCheck.state.value, isRelayed);
  const needsOpen = useSignal(false);
  const isTold = verdict === 'blocked' || verdict === 'works';
  return (
    <>
      {!isTold && <p>{t(isRelayed ? 'ended.text.no-connection' : 'ended.text.no-relay')}</p>}
      {/* This text is a live region, because it changes without a press by the user. */}
      <p role="status">
        {verdict !== null && verdict !== 'unsure' && t(`ended.network.${verdict}`)}
      </p>
      <div class="go">
        <TextInstead mode={mode} />
        {verdict !== null && (
          <button
            type="button"
            class="btn on-dark"
            aria-busy={verdict === 'checking'}
            onClick={() => app.connectionCheck.again()}
          >
            {t('greenRoom.checkAgain')}
          </button>
        )}
        {(verdict === 'blocked' || verdict === 'unsure') && (
          <button
            type="button"
            class="btn on-dark"
            aria-haspopup="dialog"
            onClick={() => {
              needsOpen.value = true;
            }}
          >
            {t('ended.needs.title')}
          </button>
        )}
      </div>
      {needsOpen.value && (
        <Sheet
          title={t('ended.needs.title')}
          onClose={() => {
            needsOpen.value = false;
          }}
        >
          <ul class="needs">
            <li>{t('ended.needs.other')}</li>
            <li>{t('ended.needs.vpn')}</li>
            <li>{t(isRelayed ? 'ended.needs.relay' : 'ended.needs.udp')}</li>
          </ul>
        </Sheet>
      )}
    </>
  );
}
