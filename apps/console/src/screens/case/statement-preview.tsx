import { type Measure, ruleOfMeasure } from '@farandole/moderation/decision';
import { APPEAL_WINDOW_MS } from '@farandole/moderation/limits';
import type { ReportReason } from '@farandole/moderation/reason';
import { useState } from 'preact/hooks';
import {
  CONSOLE_LANGUAGES,
  type ConsoleLanguage,
  consoleLanguage,
  t,
  tIn,
} from '../../i18n/words.ts';
import { useConsole } from '../../parts/console-context.ts';
import { dateOf } from '../../parts/times.ts';

/**
 * The statement of reasons as the person will read it. The node keeps it as data, and the person's page
 * says it in the language that they use; here one can look at it in each.
 */
export function StatementPreview({
  measure,
  reason,
}: {
  measure: Measure | null;
  reason: ReportReason;
}) {
  const [language, setLanguage] = useState<ConsoleLanguage>(consoleLanguage());
  const nowMs = useConsole().nowMs.value;
  if (measure === null) return null;
  return (
    <div class="statement">
      <div class="statement-head">
        <span class="label">{t('decide.statement')}</span>
        <div class="languages" role="group" aria-label={t('app.language')}>
          {Object.entries(CONSOLE_LANGUAGES).map(([tag, name]) => (
            <button
              key={tag}
              type="button"
              class="btn quiet small"
              lang={tag}
              aria-pressed={tag === language}
              onClick={() => setLanguage(tag as ConsoleLanguage)}
            >
              {name}
            </button>
          ))}
        </div>
      </div>
      <div class="statement-text" lang={language}>
        {sentencesOf(measure, reason, language, nowMs).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
    </div>
  );
}

function sentencesOf(
  measure: Measure,
  ground: ReportReason,
  language: ConsoleLanguage,
  nowMs: number,
): readonly string[] {
  if (measure === 'dismiss') return [tIn(language, 'statement.none')];
  const { restriction, lastsMs } = ruleOfMeasure(measure);
  const reason = tIn(language, `reason.${ground}`).toLocaleLowerCase(language);
  const end = lastsMs === null ? '' : dateOf(nowMs + lastsMs, language);
  const until = dateOf(nowMs + APPEAL_WINDOW_MS, language);
  const first =
    restriction === null
      ? 'statement.warn'
      : restriction === 'text-only'
        ? 'statement.textOnly'
        : lastsMs === null
          ? 'statement.permanently'
          : 'statement.suspended';
  return [
    tIn(language, first, { reason, end }),
    tIn(language, 'statement.facts'),
    tIn(language, 'statement.appeal', { until }),
  ];
}
