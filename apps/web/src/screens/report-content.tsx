import '../styles/later.css';
import { REPORT_NOTE_CHARS_MAX } from '@farandole/protocol/limits';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { numberOf, t } from '../i18n/words.ts';
import type { ReportView } from '../report/reporting-view.ts';
import { useApp } from './app-context.ts';

const COUNT_FROM_REMAINING = 100;

/** Lets the user add a note to a pending report. Open from the start if the note has text. */
export function ReportNote({ report: { note, noteRemaining } }: { report: ReportView }) {
  const app = useApp();
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

/** Lets the user choose the messages and pictures that go with a pending report. */
export function ReportContent({ report }: { report: ReportView }) {
  const { lines, linesAttached, pictures, picturesAttached } = report;
  if (lines.length === 0 && pictures.length === 0) return null;
  const counts = [
    ...(lines.length > 0 ? [t('report.messages', { count: linesAttached })] : []),
    ...(pictures.length > 0 ? [t('report.pictures', { count: picturesAttached })] : []),
  ];
  return (
    <Fold title={t('report.chooseContent')} counts={counts.join(' · ')}>
      {pictures.length > 0 && <Pictures report={report} />}
      {lines.length > 0 && <Lines report={report} />}
      <p class="hint">{t('report.noSound')}</p>
    </Fold>
  );
}

/** A part of the report sheet that the user can open. */
function Fold({
  title,
  counts,
  startsOpen = false,
  children,
}: {
  title: string;
  counts?: string;
  startsOpen?: boolean;
  children: ComponentChildren;
}) {
  // Scrolls the opened part into the visible area above the footer.
  const reveal = (event: Event): void => {
    const fold = event.currentTarget;
    if (fold instanceof HTMLDetailsElement && fold.open) fold.scrollIntoView({ block: 'nearest' });
  };
  return (
    <details class="folded" open={startsOpen} onToggle={startsOpen ? undefined : reveal}>
      <summary>
        <span>
          {title} {counts !== undefined && <span class="hint">{counts}</span>}
        </span>
      </summary>
      <div class="fold-inside">{children}</div>
    </details>
  );
}

function Lines({ report }: { report: ReportView }) {
  const app = useApp();
  return (
    <>
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
                  // The checkbox is set back, because the model decides whether to attach the line.
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
    </>
  );
}

/** Shows only when each picture was taken, so that the reporter needn't see the pictures again. */
function Pictures({ report: { pictures, picturesAttached } }: { report: ReportView }) {
  const app = useApp();
  return (
    <>
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
        <button type="button" class="btn small" onClick={() => app.report.dropPictures()}>
          {t('report.dropPictures')}
        </button>
      )}
    </>
  );
}
