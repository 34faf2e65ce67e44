import '../styles/own-records.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { CopyButton } from '../help/copy-button.tsx';
import { momentOf, recentMomentOf, t } from '../i18n/words.ts';
import type { OwnBlockView, OwnMeetingView, OwnReportView } from '../report/reporting-view.ts';
import { Icon, type IconName } from '../ui/icons.tsx';
import { useApp } from './app-context.ts';

const ICONS: Readonly<Record<OwnReportView['state'], IconName>> = {
  waiting: 'clock',
  received: 'check',
  'in-review': 'clock',
  'action-taken': 'check',
  'no-breach': 'check',
  gone: 'info',
  refused: 'alert',
};

const BY = {
  video: 'records.byVideo',
  voice: 'records.byVoice',
  text: 'records.byText',
  question: 'records.byText',
} as const;

/** Shows the user's reports, recent meetings and blocks. They are stored only on this device. */
export function OwnRecords() {
  const { records } = useApp();
  useEffect(() => {
    records.startViewing();
    return () => records.stopViewing();
  }, [records]);
  const reports = records.reports.value;
  const meetings = records.meetings.value;
  const blocks = records.blocks.value;
  return (
    <>
      <section aria-labelledby="own-reports">
        <h2 id="own-reports">{t('records.reports')}</h2>
        {reports.length === 0 ? (
          <p>{t('records.noReports')}</p>
        ) : (
          <ul class="records">
            {reports.map((report) => (
              <ReportRow key={report.id} report={report} />
            ))}
          </ul>
        )}
      </section>
      <section aria-labelledby="own-meetings">
        <h2 id="own-meetings">{t('records.meetings')}</h2>
        <p>{t(meetings.length === 0 ? 'records.noMeetings' : 'records.meetingsHint')}</p>
        {meetings.length > 0 && (
          <ul class="records">
            {meetings.map((meeting) => (
              <MeetingRow key={meeting.match} meeting={meeting} />
            ))}
          </ul>
        )}
      </section>
      <section aria-labelledby="own-blocks">
        <h2 id="own-blocks">{t('records.blocks')}</h2>
        <p>{t(blocks.length === 0 ? 'records.noBlocks' : 'records.blocksHint')}</p>
        {blocks.length > 0 && (
          <ul class="records">
            {blocks.map((block) => (
              <BlockRow key={block.match} block={block} />
            ))}
          </ul>
        )}
        {meetings.length + reports.length + blocks.length > 0 && <Forget />}
      </section>
    </>
  );
}

function ReportRow({ report: { reason, atMs, state, code, proof } }: { report: OwnReportView }) {
  return (
    <li class="record">
      <Icon name={ICONS[state]} size={20} />
      <div>
        <p>
          <strong>{t(`records.state.${state}`)}</strong>
        </p>
        <p class="small soft">
          {t(`report.reason.${reason}`)} · {momentOf(atMs)}
        </p>
        {code !== null && (
          <p class="small soft">
            {t('report.code')}{' '}
            <span class="number" dir="ltr">
              {code}
            </span>
          </p>
        )}
        {proof !== null && (
          <CopyButton
            text={proof}
            label={t('records.copyProof')}
            copied={t('records.proofCopied')}
            notCopied={t('records.proofNotCopied', { proof })}
            size="small"
          />
        )}
      </div>
    </li>
  );
}

function MeetingRow({ meeting }: { meeting: OwnMeetingView }) {
  const { records } = useApp();
  const { match, mode, atMs, reported, block } = meeting;
  const when = recentMomentOf(atMs);
  const blocked = block === 'asked' || block === 'accepted';
  return (
    <li class="record">
      <div>
        <p id={`met-${match}`}>{t(BY[mode], { moment: when })}</p>
        {reported && <p class="small soft">{t('records.reported')}</p>}
        {blocked && <p class="small soft">{t(`ended.block.${block}`)}</p>}
        {block === 'refused' && <p class="small soft">{t('ended.block.refused')}</p>}
      </div>
      {!reported && (
        <div class="go">
          <button
            type="button"
            class="btn small"
            aria-describedby={`met-${match}`}
            onClick={() => records.reportMeeting(match)}
          >
            {t('records.report')}
          </button>
          {!blocked && (
            <button
              type="button"
              class="btn small"
              aria-describedby={`met-${match}`}
              onClick={() => records.blockMeeting(match)}
            >
              {t('records.block')}
            </button>
          )}
        </div>
      )}
    </li>
  );
}

/**
 * A row for one blocked stranger. Unblocking needs a second press, because the two users may
 * then meet again.
 */
function BlockRow({ block: { match, met, atMs, state } }: { block: OwnBlockView }) {
  const { records } = useApp();
  const sure = useSignal(false);
  const said = useRef<HTMLParagraphElement>(null);
  const pressed = useRef(false);
  const mayAsk = state === 'none' || state === 'refused';
  useEffect(() => {
    // The button that the user pressed has disappeared, so the message with the result takes the
    // focus.
    if (!mayAsk && pressed.current) said.current?.focus();
    pressed.current = false;
  }, [mayAsk]);
  return (
    <li class="record">
      <div>
        {met !== null && (
          <p>
            {t(BY[met.mode], {
              moment: momentOf(met.atMs),
            })}
          </p>
        )}
        <p id={`blocked-${match}`} class={met === null ? '' : 'small soft'}>
          {t('records.blockedOn', { moment: momentOf(atMs) })}
        </p>
        {state !== 'none' && (
          <p ref={said} tabIndex={-1} class="small soft" role="status">
            {t(`records.unblocking.${state}`)}
          </p>
        )}
      </div>
      {mayAsk && (
        <div class="go">
          <button
            type="button"
            class={sure.value ? 'btn small danger' : 'btn small'}
            aria-describedby={`blocked-${match}`}
            onClick={() => {
              pressed.current = sure.value;
              if (sure.value) records.unblock(match);
              sure.value = !sure.value;
            }}
          >
            {t(sure.value ? 'records.unblockSure' : 'records.unblock')}
          </button>
        </div>
      )}
    </li>
  );
}

function Forget() {
  const { records } = useApp();
  const sure = useSignal(false);
  return (
    <div class="go">
      <button
        type="button"
        class={sure.value ? 'btn small danger' : 'btn small'}
        onClick={() => {
          if (sure.value) records.forget();
          sure.value = !sure.value;
        }}
      >
        {t(sure.value ? 'records.forgetSure' : 'records.forget')}
      </button>
    </div>
  );
}

/** Says on the landing that moderators decided about a report that the user made. */
export function RecordNews() {
  return (
    <p class="note">
      <Icon name="info" size={20} />
      <span>
        {t('records.news')} <a href="#safety">{t('records.newsLink')}</a>
      </span>
    </p>
  );
}
