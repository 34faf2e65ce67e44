import type { AuditPage } from '@farandole/moderation/stats/audit';
import type { AuditRow, AuditVerdict } from '@farandole/moderation/store/records';
import { CONSOLE_AUDIT_ROWS } from '@farandole/protocol/console-api';
import { useState } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { actionInWords, detailsInWords, shortId, whoInWords } from '../parts/audit-words.ts';
import { useConsole } from '../parts/console-context.ts';
import { Download } from '../parts/download.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { dateOf, numberOf } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';

export function Audit() {
  /** Number of the last audit row on the shown page; null means the newest page. */
  const [until, setUntil] = useState<number | null>(null);
  const path = until === null ? 'audit' : `audit?until=${until}`;
  const { current, reload } = useLoaded<AuditPage>(path);
  return (
    <Loaded of={current.value} again={reload}>
      {({ rows, head, verdict }) => (
        <>
          <Verdict verdict={verdict} />
          <Rows rows={rows} />
          <Pages rows={rows} head={head} show={setUntil} />
          <Download path="audit.ndjson">{t('audit.download')}</Download>
        </>
      )}
    </Loaded>
  );
}

function Verdict({ verdict }: { verdict: AuditVerdict }) {
  if (!verdict.ok) {
    return (
      <p class="note-line bad" role="alert">
        <Icon name="cross" size={16} />
        {t('audit.broken', { at: numberOf(verdict.at) })}
      </p>
    );
  }
  return (
    <p>
      <span class="mark ok">
        <Icon name="check" size={14} />
        {t('audit.whole', { head: numberOf(verdict.head) })}
      </span>
    </p>
  );
}

function Rows({ rows }: { rows: readonly AuditRow[] }) {
  const model = useConsole();
  return (
    <Table
      class="audit"
      caption={t('audit.caption')}
      rows={rows}
      keyOf={({ seq }) => seq}
      columns={[
        { head: t('audit.number'), class: 'number', cell: ({ seq }) => seq },
        { head: t('audit.time'), cell: ({ atMs }) => dateOf(atMs) },
        { head: t('audit.who'), cell: (row) => whoInWords(row, (id) => model.nameOf(id)) },
        { head: t('audit.what'), cell: (row) => actionInWords(row) },
        { head: t('audit.about'), cell: ({ about }) => <code>{shortId(about)}</code> },
        { head: t('audit.details'), class: 'soft', cell: (row) => <Details of={row} /> },
      ]}
    />
  );
}

function Details({ of: { details } }: { of: AuditRow }) {
  if (details === null) return t('audit.forgotten');
  const said = detailsInWords(details);
  if (said.length === 0) return null;
  return (
    <ul class="details">
      {said.map(({ name, value, code }) => (
        <li key={name}>
          {t('audit.pair', { name, value: '' })}
          {code ? <code>{value}</code> : value}
        </li>
      ))}
    </ul>
  );
}

function Pages({
  rows,
  head,
  show,
}: {
  rows: readonly AuditRow[];
  head: number;
  show: (until: number | null) => void;
}) {
  const newest = rows[0]?.seq ?? 0;
  const oldest = rows.at(-1)?.seq ?? 0;
  const hasOlder = rows.length >= CONSOLE_AUDIT_ROWS && oldest > 1;
  const hasNewer = newest < head;
  if (!hasOlder && !hasNewer) return null;
  return (
    <nav class="actions" aria-label={t('screen.audit')}>
      {hasNewer ? (
        <button
          type="button"
          class="btn"
          onClick={() =>
            show(newest + CONSOLE_AUDIT_ROWS >= head ? null : newest + CONSOLE_AUDIT_ROWS)
          }
        >
          {t('audit.newer')}
        </button>
      ) : null}
      {hasOlder ? (
        <button type="button" class="btn" onClick={() => show(oldest - 1)}>
          {t('audit.older')}
        </button>
      ) : null}
    </nav>
  );
}
