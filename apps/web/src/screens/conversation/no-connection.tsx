import '../../styles/folded.css';
import { useState } from 'preact/hooks';
import type { ConnectionCheckState } from '../../call/connection-check.ts';
import { t } from '../../i18n/words.ts';
import { useApp } from '../../parts/app-context.ts';
import type { EndedView } from '../../state/app-model.ts';
import { TextInstead } from './search-panel.tsx';

/** What the check of the connection comes to for whoever could not be connected. */
type Verdict = 'checking' | 'works' | 'blocked' | 'unsure';

/** Null: nothing is known. Without a relay one browser alone cannot tell whether another is reached. */
function verdictOf(way: ConnectionCheckState, hasRelay: boolean): Verdict | null {
  switch (way) {
    case 'idle':
      return null;
    case 'checking':
    case 'blocked':
      return way;
    case 'direct':
      return hasRelay ? 'works' : 'unsure';
    case 'relay':
      return 'works';
  }
}

/** Room for what helps to be read at once, below all else that is said. */
const ROOM_FOR_ALL = '(min-width: 48em) and (min-height: 44em)';

/** After calls that did not connect: whether any can from here, what would help, and what works. */
export function NoConnection({ mode }: { mode: EndedView['mode'] }) {
  const app = useApp();
  const hasRelay = app.server.value?.hasTurn !== false;
  const verdict = verdictOf(app.connectionCheck.value, hasRelay);
  const isTold = verdict === 'blocked' || verdict === 'works';
  return (
    <>
      {!isTold && <p>{t(hasRelay ? 'ended.text.no-connection' : 'ended.text.no-relay')}</p>}
      {/* It changes without a press. */}
      <p role="status">{verdict !== null && t(`ended.network.${verdict}`)}</p>
      <div class="go">
        <TextInstead mode={mode} />
        {verdict !== null && (
          <button
            type="button"
            class="btn on-dark"
            aria-busy={verdict === 'checking'}
            onClick={() => app.checkConnection()}
          >
            {t('greenRoom.checkAgain')}
          </button>
        )}
      </div>
      {(verdict === 'blocked' || verdict === 'unsure') && <Needs hasRelay={hasRelay} />}
    </>
  );
}

function Needs({ hasRelay }: { hasRelay: boolean }) {
  const [startsOpen] = useState(() => matchMedia(ROOM_FOR_ALL).matches);
  return (
    <details class="folded needs" open={startsOpen}>
      <summary>{t('ended.needs.title')}</summary>
      <ul>
        <li>{t('ended.needs.other')}</li>
        <li>{t('ended.needs.vpn')}</li>
        <li>{t(hasRelay ? 'ended.needs.relay' : 'ended.needs.udp')}</li>
      </ul>
    </details>
  );
}
