import { type DecisionFacts, stateReasons } from '@farandole/moderation/appeals/statement';
import { type StatementCard, statementCard } from '@farandole/moderation/appeals/statement-words';
import { type Measure, ruleOfMeasure } from '@farandole/moderation/cases/decision';
import type { DecisionId } from '@farandole/moderation/ids';
import type { ReportReason } from '@farandole/moderation/reports/reason';
import { useState } from 'preact/hooks';
import {
  CONSOLE_LANGUAGES,
  type ConsoleLanguage,
  consoleLanguage,
  t,
  tIn,
} from '../../i18n/words.ts';
import { useConsole } from '../../parts/console-context.ts';
import { momentInUtc } from '../../parts/times.ts';

/**
 * The statement of reasons as the person will read it: the node keeps it as data, and draws its card out of
 * the same words, in the language that they use; here one can look at it in each.
 */
export function StatementPreview({
  measure,
  reason,
  facts,
}: {
  measure: Measure | null;
  reason: ReportReason;
  facts: DecisionFacts;
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
      {measure === 'dismiss' ? (
        <p class="statement-text" lang={language}>
          {tIn(language, 'statement.none')}
        </p>
      ) : (
        <Card card={cardOf({ measure, reason, facts, nowMs }, language)} language={language} />
      )}
    </div>
  );
}

function Card({ card, language }: { card: StatementCard; language: ConsoleLanguage }) {
  return (
    <div class="statement-text" lang={language}>
      <p>
        <strong>{card.title}</strong>
      </p>
      <p>{card.state}</p>
      <dl>
        {card.rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p>
        <strong>{card.appeal.title}</strong>
      </p>
      <p>{card.appeal.text}</p>
      <p>{card.appeal.hint}</p>
    </div>
  );
}

/** As it would be if it were decided now; its name shows nowhere. */
function cardOf(
  {
    measure,
    reason,
    facts,
    nowMs,
  }: { measure: Measure; reason: ReportReason; facts: DecisionFacts; nowMs: number },
  language: ConsoleLanguage,
): StatementCard {
  const decision = '' as DecisionId;
  const statement = stateReasons({ decision, measure, ground: reason, facts, atMs: nowMs });
  const state = ruleOfMeasure(measure).restriction === null ? 'over' : 'holds';
  return statementCard({ statement, state }, language, {
    moment: (atMs) => momentInUtc(atMs, language, 'short'),
    day: (atMs) => momentInUtc(atMs, language),
    nowMs,
  });
}
