import { Arcs } from '@farandole/ui/arcs';
import { spanOf } from '../../a11y/durations.ts';
import type { EndedView } from '../../call/call-view.ts';
import { t } from '../../i18n/words.ts';
import { MET_KEPT_MS } from '../../report/limits.ts';
import { Heading } from '../../ui/heading.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { NoConnection } from './no-connection.tsx';

const HOUR_MS = 3_600_000;

/** Shows, in the place of the peer's tile, why the call ended and what the user can do now. */
export function EndedCard({ ended }: { ended: EndedView }) {
  const app = useApp();
  const { reason, durationMs, canReport, canBlock, block } = ended;
  const { unit, count } = spanOf(durationMs);
  // The receipt is valid from the start of the call, so its remaining time is shorter by the
  // call's duration.
  const hours = Math.round((MET_KEPT_MS - durationMs) / HOUR_MS);
  // A user who reported the peer isn't offered a block, because a report also blocks.
  const offersBlock =
    canBlock && reason !== 'reported' && (block === 'none' || block === 'refused');
  return (
    <section class="tile ended">
      <Arcs mood="still" />
      <Heading>{t(`ended.title.${reason}`)}</Heading>
      {reason === 'no-connection' ? (
        <NoConnection mode={ended.mode} />
      ) : (
        <p>
          {reason !== 'away' && (
            <>
              <span class="number">{t(`ended.after.${unit}`, { count })}</span>
              {'. '}
            </>
          )}
          {t(`ended.text.${reason}`)}
        </p>
      )}
      {(canReport || offersBlock) && (
        <div class="go">
          {canReport && (
            <button type="button" class="btn on-dark" onClick={() => app.report.open()}>
              <Icon name="flag" size={20} />
              {t('call.report')}
            </button>
          )}
          {offersBlock && (
            <button type="button" class="btn on-dark" onClick={() => app.records.block()}>
              <Icon name="block" size={20} />
              {t('ended.block.ask')}
            </button>
          )}
        </div>
      )}
      {canReport && block === 'none' && hours > 0 && (
        <p class="small more">{t('ended.stillReport', { count: hours })}</p>
      )}
      {block !== 'none' && reason !== 'blocked' && <p class="small">{t(`ended.block.${block}`)}</p>}
    </section>
  );
}
