import type { SeatName } from '@farandole/moderation/apart/separation';
import type {
  ReportSource,
  ShownCase,
  ShownReport,
  ShownSeal,
} from '@farandole/moderation/service/show-case';
import type { ReportedPair, SaidLine, StoredReport } from '@farandole/moderation/store/stored';
import { t } from '../../i18n/words.ts';
import { callInWords } from '../../parts/call-words.ts';
import { useConsole } from '../../parts/console-context.ts';
import { Icon } from '../../parts/icon.tsx';
import { EvidenceMark } from '../../parts/marks.tsx';
import { dateOf, numberOf, relative, timeOf } from '../../parts/times.ts';
import { sharedSources } from '../../state/report-sources.ts';
import { gapBefore } from '../../state/said-lines.ts';
import { ReportPictures } from './report-pictures.tsx';

export function CaseReports({ shown }: { shown: ShownCase }) {
  return (
    <section aria-labelledby="reports-title">
      <h2 id="reports-title">{t('case.reports')}</h2>
      {shown.reportsInAll > shown.reports.length ? (
        <p class="note-line">
          {t('case.newestReports', {
            shown: numberOf(shown.reports.length),
            all: numberOf(shown.reportsInAll),
          })}
        </p>
      ) : null}
      {sharedSources(shown.reports).map(({ kind, number, reports }) => (
        <p class="note-line" key={`${kind} ${number}`}>
          <Icon name="two" size={16} />
          {t(`source.shared.${kind}`, { reports: numberOf(reports), number: numberOf(number) })}
        </p>
      ))}
      <ol class="stack">
        {shown.reports.map((report) => (
          <li key={report.report.id}>
            <OneReport shown={report} seal={shown.sealed} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function OneReport({ shown, seal }: { shown: ShownReport; seal: ShownSeal | null }) {
  const { report, source, words, pictures } = shown;
  const nowMs = useConsole().nowMs.value;
  return (
    <article class="panel report">
      <header class="report-head">
        <h3>{t(`reason.${report.reason}`)}</h3>
        <EvidenceMark evidence={report.evidence} />
        <span class="soft end">
          <span class="number">{t('case.reportBy', { code: report.code })}</span>
          {' · '}
          <time dateTime={new Date(report.atMs).toISOString()}>{relative(report.atMs, nowMs)}</time>
        </span>
      </header>
      <p class="soft small">
        {callInWords(shown, (atMs) => t('call.met', { time: dateOf(atMs) }))}
      </p>
      <SourceLine source={source} />
      {words === null ? (
        <p class="soft">{t('case.shredded')}</p>
      ) : (
        <>
          {words.note === null || words.note === '' ? null : (
            <blockquote dir="auto">{words.note}</blockquote>
          )}
          {words.lines.length === 0 ? (
            <p class="soft">{t('case.noLines')}</p>
          ) : (
            <Lines report={report} pair={shown.pair} lines={words.lines} />
          )}
        </>
      )}
      <ReportPictures pictures={pictures} seal={seal} />
    </article>
  );
}

function SourceLine({ source: { network, device } }: { source: ReportSource }) {
  if (network === null && device === null) return null;
  const known = [
    network === null ? null : t('source.network', { number: numberOf(network) }),
    device === null ? null : t('source.device', { number: numberOf(device) }),
  ];
  return (
    <p class="soft small">
      {t('source.from', { places: known.filter((one) => one !== null).join(' · ') })}
    </p>
  );
}

function Lines({
  report,
  pair,
  lines,
}: {
  report: StoredReport;
  pair: ReportedPair | null;
  lines: readonly SaidLine[];
}) {
  return (
    <ol class="lines" aria-label={t('case.lines')}>
      {lines.map((line, index) => {
        const before = lines[index - 1] ?? null;
        const gap = gapBefore(before, line);
        const author = authorOf(line.side, report.side, pair?.reportedSide);
        return (
          <li key={line.counters.join()}>
            {gap > 0 ? (
              <p class="gap">{t(before === null ? 'case.earlier' : 'case.gap', { count: gap })}</p>
            ) : null}
            <div class={author === 'case.reported' ? 'line of-reported' : 'line'}>
              <time class="number" dateTime={new Date(line.atMs).toISOString()}>
                {timeOf(line.atMs)}
              </time>
              <span class="who">{t(author)}</span>
              <span class="text" dir="auto">
                {line.text}
              </span>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** Returns whose line it is. In a call of three, a third user may have written it. */
function authorOf(side: SeatName, reporter: SeatName, reported: SeatName | undefined) {
  if (side === reporter) return 'case.reporter';
  if (reported === undefined || side === reported) return 'case.reported';
  return side === 'a' ? 'case.third.asker' : 'case.third.answerer';
}
