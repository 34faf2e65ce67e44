import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import '../styles/sheet.css';
import '../styles/report.css';
import { REPORT_NOTE_CHARS_MAX } from '@farandole/protocol/limits';
import { secondsLeft } from '../a11y/durations.ts';
import { numberOf, t } from '../i18n/words.ts';
import type { ReportView } from '../report/reporting-view.ts';
import { Icon } from '../ui/icons.tsx';
import { Modal } from '../ui/modal.tsx';
import { useApp } from './app-context.ts';
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
  'other',
] as const satisfies readonly NonNullable<ReportView['reason']>[];

const COUNT_FROM_REMAINING = 100;

/** The report sheet. The call has ended before it opens. */
export function ReportSheet() {
  const app = useApp();
  const report = app.report.view.value;
  if (report === null) return null;
  return (
    <Modal class="sheet" aria-labelledby="report-title" onClose={() => app.report.close()}>
      {report.state === 'choosing' && report.reason === null && <Choose report={report} />}
      {report.state === 'choosing' && report.reason !== null && <WithReason report={report} />}
      {(report.state === 'sending' || report.state === 'waiting') && <Sending report={report} />}
      {report.state === 'accepted' && <Accepted report={report} />}
      {report.state === 'refused' && <Refused report={report} />}
    </Modal>
  );
}

/** The step in which the user chooses a reason. A pending report is sent even without a reason. */
function Choose({ report }: { report: ReportView }) {
  const app = useApp();
  const { goesInMs } = report;
  const held = goesInMs !== null;
  return (
    <Step
      close="report.cancel"
      onClose={() => app.report.takeBack()}
      main={held && <SendNow />}
      beside={<Kept place="in-foot" />}
    >
      {/* A long press on Report while the sheet is open changes the title, which then takes the
          focus. */}
      <Title key={held}>{t(held ? 'report.heldTitle' : 'report.title')}</Title>
      <p class="soft">{t('report.left')}</p>
      {held && <GoesIn ms={goesInMs} />}
      <p id="report-how" class="report-how">
        {t(held ? 'report.chooseHeld' : 'report.choose')}
      </p>
      <ul class="reasons" aria-labelledby="report-how">
        {REASONS.map((reason) => (
          <li key={reason}>
            <button type="button" class="btn reason-button" onClick={() => app.report.send(reason)}>
              <span>{t(`report.reason.${reason}`)}</span>
              <Icon name="arrow" size={20} />
            </button>
          </li>
        ))}
      </ul>
      <p class="hint">
        {t('report.attached', { count: report.linesAttached })}{' '}
        {report.picturesState === 'attached'
          ? t('report.pictures', { count: report.picturesAttached })
          : t('report.noPictures')}
      </p>
      <div class="folds">
        {report.lines.length > 0 && <Lines report={report} />}
        <NoteField report={report} />
      </div>
      <Kept place="in-body" />
    </Step>
  );
}

function WithReason({ report }: { report: ReportView }) {
  const app = useApp();
  const { reason, goesInMs, picturesAttached } = report;
  return (
    <Step
      close="report.cancel"
      onClose={() => app.report.takeBack()}
      main={<SendNow />}
      beside={<Kept place="in-foot" />}
    >
      <Title>{t('report.picturesTitle')}</Title>
      {goesInMs !== null && <GoesIn ms={goesInMs} />}
      <p class="chosen-reason">
        {reason !== null && <strong>{t(`report.reason.${reason}`)}</strong>}
        <button type="button" class="btn small" onClick={() => app.report.otherReason()}>
          {t('report.otherReason')}
        </button>
      </p>
      <p class="hint">{t('report.picturesGo', { count: picturesAttached })}</p>
      <Pictures report={report} />
      <Kept place="in-body" />
    </Step>
  );
}

function SendNow() {
  const app = useApp();
  return (
    <button type="button" class="btn primary" onClick={() => app.report.sendNow()}>
      {t('report.sendNow')}
    </button>
  );
}

/** The countdown. The narrator reads it once, so the number changes silently. */
function GoesIn({ ms }: { ms: number }) {
  return (
    <p class="goes-in">
      <Icon name="clock" size={20} />
      <span class="number">{t('report.goesIn', { count: secondsLeft(ms) })}</span>
    </p>
  );
}

/** Says how long attachments are kept. On a phone in landscape the text is in the footer. */
function Kept({ place }: { place: 'in-body' | 'in-foot' }) {
  return <p class={`hint kept ${place}`}>{t('report.kept')}</p>;
}

/** A step of the sheet: content that scrolls, above actions that stay visible. */
function Step({
  close,
  onClose,
  main,
  beside,
  children,
}: {
  close: 'report.cancel' | 'report.done';
  /** Called by the close button; closes only the sheet if omitted. */
  onClose?: () => void;
  main?: ComponentChildren;
  beside?: ComponentChildren;
  children: ComponentChildren;
}) {
  const app = useApp();
  return (
    <>
      <div class="sheet-body">{children}</div>
      <div class="go sheet-foot">
        {main}
        <button type="button" class="btn" onClick={onClose ?? (() => app.report.close())}>
          {t(close)}
        </button>
        {beside}
      </div>
    </>
  );
}

/** An optional part that the user can review before choosing a reason. */
function Fold({
  title,
  startsOpen = false,
  children,
}: {
  title: string;
  startsOpen?: boolean;
  children: ComponentChildren;
}) {
  // Scrolls the opened part into view, above the footer.
  const reveal = (event: Event): void => {
    const fold = event.currentTarget;
    if (fold instanceof HTMLDetailsElement && fold.open) fold.scrollIntoView({ block: 'nearest' });
  };
  return (
    <details class="note-field" open={startsOpen} onToggle={startsOpen ? undefined : reveal}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}

function Lines({ report }: { report: ReportView }) {
  const app = useApp();
  return (
    <Fold title={t('report.chooseLines')}>
      <p class="small soft">{t('report.linesHint')}</p>
      <ul class="report-lines">
        {report.lines.map(({ place, from, text, attached, afterGap }) => (
          <li key={place}>
            {afterGap && <p class="hint">{t('report.gap')}</p>}
            <label class="tick report-line">
              <input
                type="checkbox"
                checked={attached}
                onChange={(event) => {
                  // The model decides whether the line is attached, so the checkbox is set back.
                  event.currentTarget.checked = attached;
                  app.report.toggleLine(place);
                }}
              />
              <span>
                <span class="small soft">{t(from === 'you' ? 'site.you' : 'site.stranger')}</span>
                <span dir="auto">{text}</span>
              </span>
            </label>
          </li>
        ))}
      </ul>
    </Fold>
  );
}

/** The attached pictures. They are only counted, so that the reporter needn't see them again. */
function Pictures({ report: { pictures, picturesAttached } }: { report: ReportView }) {
  const app = useApp();
  return (
    <div class="picture-choice">
      <p class="small soft">{t('report.picturesHint')}</p>
      <ul class="report-pictures">
        {pictures.map(({ id, agoMs, attached }) => (
          <li key={id}>
            <label class={attached ? 'tick report-picture' : 'tick report-picture left-out'}>
              <input
                type="checkbox"
                checked={attached}
                onChange={() => app.report.togglePicture(id)}
              />
              <span class="small">
                {t('report.pictureBefore', { seconds: numberOf(Math.round(agoMs / 1_000)) })}
              </span>
            </label>
          </li>
        ))}
      </ul>
      {picturesAttached > 0 && (
        <button type="button" class="btn" onClick={() => app.report.dropPictures()}>
          {t('report.dropPictures')}
        </button>
      )}
    </div>
  );
}

/** The title of a step. It takes the focus, so that screen readers announce the step. */
function Title({ children }: { children: ComponentChildren }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <h2 id="report-title" ref={title} tabIndex={-1}>
      {children}
    </h2>
  );
}

function NoteField({ report: { note, noteRemaining } }: { report: ReportView }) {
  const app = useApp();
  // The note is open from the start if it has text.
  const startsOpen = useRef(note !== '').current;
  return (
    <Fold title={t('report.addNote')} startsOpen={startsOpen}>
      <label for="report-note" class="small soft">
        {t('report.note')}
      </label>
      <textarea
        id="report-note"
        rows={3}
        dir="auto"
        maxLength={REPORT_NOTE_CHARS_MAX}
        value={note}
        onInput={(event) => app.report.setNote(event.currentTarget.value)}
      />
      <p class="hint">
        {noteRemaining <= COUNT_FROM_REMAINING && t('report.noteLeft', { count: noteRemaining })}
      </p>
    </Fold>
  );
}

function Sending({ report }: { report: ReportView }) {
  const sending = report.state === 'sending';
  return (
    <Step close="report.done">
      <span class="badge large">
        <Icon name={sending ? 'send' : 'clock'} />
      </span>
      <Title>{t(sending ? 'report.sending' : 'report.waiting')}</Title>
      <p class="soft">{t('report.after')}</p>
      <Help reason={report.reason} />
    </Step>
  );
}

function Accepted({ report }: { report: ReportView }) {
  const app = useApp();
  return (
    <Step
      close="report.done"
      main={
        app.call.ended.value !== null && (
          <button
            type="button"
            class="btn spark"
            onClick={() => {
              app.report.close();
              app.navigation.next();
            }}
          >
            {t('report.next')}
          </button>
        )
      }
    >
      <span class="badge large ok">
        <Icon name="check" />
      </span>
      <Title>{t('report.acceptedTitle')}</Title>
      <p>{t(report.merged ? 'report.merged' : 'report.accepted')}</p>
      {report.picturesState === 'none' || report.picturesState === 'attached' ? null : (
        <p class="soft" role="status">
          {t(`report.picturesState.${report.picturesState}`)}
        </p>
      )}
      {report.code !== null && (
        <p class="case">
          <span class="soft small">{t('report.code')}</span>
          <strong class="number">{report.code}</strong>
        </p>
      )}
      <p class="small soft">
        {t('report.whatCame')}{' '}
        <a
          href="#safety"
          onClick={() => {
            // The call has ended, so the text page hides nothing.
            app.report.close();
            app.navigation.home();
          }}
        >
          {t('site.safety')}
        </a>
      </p>
      <Help reason={report.reason} />
    </Step>
  );
}

function Refused({ report }: { report: ReportView }) {
  const app = useApp();
  const { reason, refusal } = report;
  const again = reason !== null && refusal !== 'bad-receipt';
  return (
    <Step
      close="report.done"
      main={
        again && (
          <button type="button" class="btn primary" onClick={() => app.report.send(reason)}>
            {t(refusal === 'bad-lines' ? 'report.withoutLines' : 'report.again')}
          </button>
        )
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

/** Contacts that help, for reasons that may concern the reporter too. */
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
