import '../styles/later.css';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import '../styles/sheet.css';
import '../styles/folded.css';
import '../styles/report.css';
import { secondsLeft } from '../a11y/durations.ts';
import { t } from '../i18n/words.ts';
import { PENDING_REPORT_MS } from '../report/limits.ts';
import type { ReportView } from '../report/reporting-view.ts';
import { Icon } from '../ui/icons.tsx';
import { Modal } from '../ui/modal.tsx';
import { useApp } from './app-context.ts';
import { questionPart } from './question/question-part.ts';
import { ReportContent, ReportNote } from './report-content.tsx';
import { HelpLink } from './shared/help-lines.tsx';

const REASONS = [
  'sexual-content',
  'may-be-under-18',
  'threat-or-violence',
  'hate',
  'self-harm',
  'urging-self-harm',
  'recording-or-sharing',
  'scam-or-spam',
  'not-here-to-learn',
  'other',
] as const satisfies readonly NonNullable<ReportView['reason']>[];

/**
 * The sheet in which the user reports the peer. While it is open, the stranger is covered and
 * muted, and can't see or hear the user. A reason ends the call.
 */
export function ReportSheet() {
  const app = useApp();
  const report = app.report.view.value;
  if (report === null) return null;
  return (
    <Modal
      class="sheet report-sheet"
      aria-labelledby="report-title"
      onClose={() => app.report.close()}
    >
      {report.state === 'choosing' && <Choose />}
      {report.state === 'pending' && <Pending report={report} />}
      {(report.state === 'sending' || report.state === 'waiting') && <Sending report={report} />}
      {report.state === 'accepted' && <Accepted report={report} />}
      {report.state === 'refused' && <Refused report={report} />}
    </Modal>
  );
}

/** The first step has nothing to read but the reasons, so that it takes seconds. */
function Choose() {
  const app = useApp();
  const whom = app.report.view.value?.whom;
  if (whom) questionPart.prepare();
  const Whom = questionPart.model.value?.Whom;
  return (
    <Step
      foot={
        <>
          <button type="button" class="btn" onClick={() => app.report.close()}>
            {t('report.cancel')}
          </button>
          <button type="button" class="btn plain" onClick={() => app.report.blockOnly()}>
            <Icon name="block" size={20} />
            {t('report.blockOnly')}
          </button>
        </>
      }
    >
      <Title>{t('report.title')}</Title>
      {whom && Whom && <Whom whom={whom} />}
      <Reasons />
    </Step>
  );
}

function Reasons() {
  const app = useApp();
  const { exchange } = app.call.view.value ?? app.call.ended.value ?? {};
  // Only a language exchange has this reason.
  const reasons = REASONS.filter((reason) => exchange || reason !== 'not-here-to-learn');
  return (
    <ul class="reasons" aria-labelledby="report-title">
      {reasons.map((reason) => (
        <li key={reason}>
          <button type="button" class="btn reason-button" onClick={() => app.report.send(reason)}>
            {t(`report.reason.${reason}`)}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The step in which the user can add to a pending report or undo it. */
function Pending({ report }: { report: ReportView }) {
  const app = useApp();
  const { reason, goesInMs } = report;
  return (
    <Step
      foot={
        <>
          <GoOn />
          <button type="button" class="btn" onClick={() => app.report.takeBack()}>
            <Icon name="undo" size={20} />
            {t('report.undo')}
          </button>
        </>
      }
    >
      <Title>{t('report.pendingTitle')}</Title>
      <p class="soft">{t('report.left')}</p>
      {goesInMs !== null && <GoesIn ms={goesInMs} />}
      {reason === null ? (
        <>
          <p class="report-how">{t('report.addReason')}</p>
          <Reasons />
        </>
      ) : (
        <p class="chosen-reason">
          <strong>{t(`report.reason.${reason}`)}</strong>
          <button type="button" class="btn small" onClick={() => app.report.otherReason()}>
            {t('report.otherReason')}
          </button>
        </p>
      )}
      <div class="folds">
        <ReportNote report={report} />
        <ReportContent report={report} />
        <WhatNext />
      </div>
    </Step>
  );
}

/** The countdown until the report is sent. The narrator announces its start. */
function GoesIn({ ms }: { ms: number }) {
  const app = useApp();
  return (
    <div class="goes-in">
      <p class="number">{t('report.goesIn', { count: secondsLeft(ms) })}</p>
      <button type="button" class="btn small" onClick={() => app.report.sendNow()}>
        {t('report.sendNow')}
      </button>
      <span
        class="goes-in-left"
        aria-hidden="true"
        style={{ transform: `scaleX(${ms / PENDING_REPORT_MS})` }}
      />
    </div>
  );
}

/** Closes the sheet, which sends a pending report. After a call it also starts the next search. */
function GoOn() {
  const app = useApp();
  if (app.call.ended.value === null) {
    return (
      <button type="button" class="btn primary" onClick={() => app.report.close()}>
        {t('report.done')}
      </button>
    );
  }
  return (
    <button
      type="button"
      class="btn spark"
      onClick={() => {
        app.report.close();
        app.navigation.next();
      }}
    >
      {t('report.next')}
      <Icon name="arrow" />
    </button>
  );
}

function Close() {
  const app = useApp();
  return (
    <button type="button" class="btn" onClick={() => app.report.close()}>
      {t('report.close')}
    </button>
  );
}

function WhatNext() {
  return (
    <details class="folded">
      <summary>{t('report.whatNext')}</summary>
      <div class="small soft">
        <p>{t('report.decided')}</p>
        <p>{t('report.kept')}</p>
      </div>
    </details>
  );
}

/** A step of the report sheet: content that scrolls, above actions that stay visible. */
function Step({ foot, children }: { foot: ComponentChildren; children: ComponentChildren }) {
  return (
    <>
      <div class="sheet-body">{children}</div>
      <div class="go sheet-foot">{foot}</div>
    </>
  );
}

/** The title of a step in a sheet. It takes the focus, so that screen readers announce the step. */
function Title({ children }: { children: ComponentChildren }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <h2 id="report-title" ref={title} tabIndex={-1}>
      {children}
    </h2>
  );
}

function Sending({ report }: { report: ReportView }) {
  const sending = report.state === 'sending';
  return (
    <Step foot={<Leave />}>
      <span class="badge large">
        <Icon name={sending ? 'send' : 'clock'} />
      </span>
      <Title>{t(sending ? 'report.sending' : 'report.waiting')}</Title>
      <p class="soft">{t('report.left')}</p>
      <Help reason={report.reason} />
    </Step>
  );
}

/** The buttons of a report that is complete: Next after a call, and Close. */
function Leave() {
  const app = useApp();
  return (
    <>
      {app.call.ended.value !== null && <GoOn />}
      <Close />
    </>
  );
}

function Accepted({ report }: { report: ReportView }) {
  const app = useApp();
  const { merged, picturesState, code, reason } = report;
  return (
    <Step foot={<Leave />}>
      <span class="badge large ok">
        <Icon name="check" />
      </span>
      <Title>{t('report.acceptedTitle')}</Title>
      <p>{t(merged ? 'report.merged' : 'report.accepted')}</p>
      {picturesState === 'none' || picturesState === 'attached' ? null : (
        <p class="soft" role="status">
          {t(`report.picturesState.${picturesState}`)}
        </p>
      )}
      <Help reason={reason} />
      {code !== null && (
        <p class="case">
          <span class="soft small">{t('report.code')}</span>
          <strong class="number" dir="ltr">
            {code}
          </strong>
        </p>
      )}
      <p class="small soft">
        {t('report.follow')}{' '}
        <a
          href="#safety"
          onClick={() => {
            // A text page can open here without hiding an activity, because the call has ended.
            app.report.close();
            app.navigation.home();
          }}
        >
          {t('site.safety')}
        </a>
      </p>
      <div class="folds">
        <WhatNext />
      </div>
    </Step>
  );
}

function Refused({ report }: { report: ReportView }) {
  const app = useApp();
  const { reason, refusal } = report;
  const again = reason !== null && refusal !== 'bad-receipt';
  return (
    <Step
      foot={
        <>
          {again && (
            <button type="button" class="btn primary" onClick={() => app.report.send(reason)}>
              {t(refusal === 'bad-lines' ? 'report.withoutLines' : 'report.again')}
            </button>
          )}
          <Close />
        </>
      }
    >
      <span class="badge large warn">
        <Icon name="alert" />
      </span>
      <Title>{t('report.refused')}</Title>
      {refusal !== null && <p>{t(`report.refusal.${refusal}`)}</p>}
      <Help reason={reason} />
    </Step>
  );
}

/** Lists contacts that help, for report reasons that may concern the reporter too. */
function Help({ reason }: { reason: ReportView['reason'] }) {
  const child = reason === 'may-be-under-18';
  if (!child && reason !== 'self-harm' && reason !== 'urging-self-harm') return null;
  return (
    <p class="note">
      <Icon name="peace" size={20} />
      <span>
        {t(child ? 'report.helpUnder18' : 'report.helpSelfHarm')}{' '}
        <HelpLink who={child ? 'children' : 'anybody'} />
      </span>
    </p>
  );
}
