import '../../styles/ended.css';
import { Arcs } from '@farandole/ui/arcs';
import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { spanOf } from '../../a11y/durations.ts';
import type { EndedView } from '../../call/call-view.ts';
import { t } from '../../i18n/words.ts';
import { MET_KEPT_MS } from '../../report/limits.ts';
import { Heading } from '../../ui/heading.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { CallIcon } from './call-icons.tsx';
import { meetingPart } from './meeting-part.ts';
import { NoConnection } from './no-connection.tsx';

const HOUR_MS = 3_600_000;

/** Shows, in the place of the peer's tile, how the call ended and what the user can do now. */
export function EndedCard({ ended }: { ended: EndedView }) {
  const { reason, durationMs, canReport } = ended;
  const { unit, count } = spanOf(durationMs);
  const isOfThree = ended.mode === 'question';
  const talked = unit === 'minutes' && TALKED.has(reason) && !isOfThree;
  const title =
    isOfThree && (reason === 'left' || reason === 'lost')
      ? t(`question.ended.${reason}`)
      : t(`ended.title.${reason}`);
  return (
    <section class="tile ended">
      <Arcs mood="still" />
      <Heading>{talked ? t('ended.talked', { count }) : title}</Heading>
      {talked && <p>{title}</p>}
      {reason === 'no-connection' ? (
        <NoConnection mode={ended.mode} />
      ) : (
        !talked && reason !== 'you' && <p>{t(`ended.text.${reason}`)}</p>
      )}
      {!canReport && reason !== 'reported' && <p>{t('ended.reported')}</p>}
      <Undone ended={ended} />
      {ended.canMeetAgain && <AfterGoodCall />}
      <Acts ended={ended} />
    </section>
  );
}

/** Ends of a call after which the card says how long the two talked. */
const TALKED: ReadonlySet<EndedView['reason']> = new Set(['you', 'left', 'lost'] as const);

/** What the card offers after a good call. It loads when first needed. */
function AfterGoodCall() {
  const part = meetingPart.model.value;
  meetingPart.prepare();
  return part !== null && <part.AfterGoodCall />;
}

/** Confirms that the user undid the report of this call. */
function Undone({ ended: { block } }: { ended: EndedView }) {
  const app = useApp();
  if (app.report.undone.value !== app.call.last?.match) return null;
  return <p>{t(block === 'none' ? 'ended.undone' : 'ended.reportUndone')}</p>;
}

/** Report, and behind "More" the block. */
function Acts({ ended: { reason, durationMs, canReport, canBlock, block } }: { ended: EndedView }) {
  const app = useApp();
  const id = useId();
  const open = useSignal(false);
  const panel = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (open.value) panel.current?.scrollIntoView({ block: 'nearest' });
  }, [open.value]);
  // The receipt is valid from the start of the call, so its remaining time is shorter by the
  // call's duration.
  const hours = Math.round((MET_KEPT_MS - durationMs) / HOUR_MS);
  // A user who reported the peer isn't offered a block, because a report also blocks.
  const offersBlock = canBlock && canReport && (block === 'none' || block === 'refused');
  if (!canReport && !offersBlock) return null;
  return (
    <>
      <div class="go ended-acts">
        {canReport && (
          <button type="button" class="btn on-dark" onClick={() => app.report.open()}>
            <Icon name="flag" size={20} />
            {t('call.report')}
          </button>
        )}
        {offersBlock && (
          <button
            type="button"
            class="btn on-dark ic"
            aria-label={t('more.title')}
            title={t('more.title')}
            aria-expanded={open.value}
            aria-controls={id}
            onClick={() => {
              open.value = !open.value;
            }}
          >
            <CallIcon name="more" />
          </button>
        )}
      </div>
      <div id={id} class="ended-more" hidden={!open.value || !offersBlock}>
        <button ref={panel} type="button" class="btn on-dark" onClick={() => app.records.block()}>
          <Icon name="block" size={20} />
          {t('ended.block.ask')}
        </button>
        {hours > 0 && <p class="small">{t('ended.stillReport', { count: hours })}</p>}
      </div>
      {block !== 'none' && reason !== 'blocked' && <p class="small">{t(`ended.block.${block}`)}</p>}
    </>
  );
}
