import type { ShownCase } from '@farandole/moderation/service/show-case';
import type { AuditRow } from '@farandole/moderation/store/records';
import { t } from '../../i18n/words.ts';
import { actionInWords, whoInWords } from '../../parts/audit-words.ts';
import { useConsole } from '../../parts/console-context.ts';
import { dateOf } from '../../parts/times.ts';

interface Step {
  readonly key: string;
  readonly atMs: number;
  readonly what: string;
  readonly who: string;
}

export function CaseSteps({ shown }: { shown: ShownCase }) {
  const model = useConsole();
  const stepOf = (row: AuditRow): Step => ({
    key: String(row.seq),
    atMs: row.atMs,
    what: actionInWords(row),
    who: whoInWords(row, (id) => model.nameOf(id)),
  });
  const opened: Step = {
    key: 'opened',
    atMs: shown.of.openedAtMs,
    what: t('case.opened'),
    who: '',
  };
  return (
    <section aria-labelledby="steps-title">
      <h2 id="steps-title">{t('case.steps')}</h2>
      <ol class="timeline">
        {[opened, ...shown.steps.map(stepOf)].map(({ key, atMs, what, who }) => (
          <li key={key}>
            <time class="soft number" dateTime={new Date(atMs).toISOString()}>
              {dateOf(atMs)}
            </time>
            <span>
              {what}
              {who === '' ? null : <span class="soft"> · {who}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
