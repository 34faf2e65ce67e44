import type { LanguageTag } from '@farandole/kernel/language';
import { type DecisionFacts, stateReasons } from '@farandole/moderation/appeals/statement';
import { type StatementCard, statementCard } from '@farandole/moderation/appeals/statement-card';
import { type Measure, ruleOfMeasure } from '@farandole/moderation/cases/decision';
import type { DecisionId } from '@farandole/moderation/ids';
import type { ReportReason } from '@farandole/moderation/reports/reason';
import type { LocaleFiles } from '@farandole/ui/locale-files';
import { LANGUAGES, loadStatements } from '@farandole/ui/locales';
import { useEffect, useState } from 'preact/hooks';
import { consoleLanguage, t } from '../../i18n/words.ts';
import { useConsole } from '../../parts/console-context.ts';
import { momentInUtc } from '../../parts/times.ts';

interface Said {
  readonly language: LanguageTag;
  readonly words: LocaleFiles['statements'];
}

/**
 * Shows a preview of the statement of reasons in any language that the moderator chooses. The
 * node stores a statement as data and renders it in the user's language.
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
  const [language, setLanguage] = useState(consoleLanguage());
  const [said, setSaid] = useState<Said | null>(null);
  const model = useConsole();
  useEffect(() => {
    let isOver = false;
    loadStatements(language).then(
      (words) => {
        if (!isOver) setSaid({ language, words });
      },
      () => model.say(t('failed.offline'), { bad: true }),
    );
    return () => {
      isOver = true;
    };
  }, [language]);
  const nowMs = model.nowMs.value;
  if (measure === null) return null;
  return (
    <div class="statement">
      <div class="statement-head">
        <span class="label">{t('decide.statement')}</span>
        <div class="languages" role="group" aria-label={t('app.language')}>
          {Object.entries(LANGUAGES).map(([tag, { name }]) => (
            <button
              key={tag}
              type="button"
              class="btn quiet small"
              lang={tag}
              aria-pressed={tag === language}
              onClick={() => setLanguage(tag)}
            >
              {name}
            </button>
          ))}
        </div>
      </div>
      {said === null ? null : measure === 'dismiss' ? (
        <p class="statement-text" lang={said.language}>
          {said.words.none}
        </p>
      ) : (
        <Card card={cardOf({ measure, reason, facts, nowMs }, said)} language={said.language} />
      )}
    </div>
  );
}

function Card({ card, language }: { card: StatementCard; language: LanguageTag }) {
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

/**
 * Returns the statement of reasons as it would read if the moderator decided now. The decision
 * id is empty because the preview doesn't show it.
 */
function cardOf(
  {
    measure,
    reason,
    facts,
    nowMs,
  }: { measure: Measure; reason: ReportReason; facts: DecisionFacts; nowMs: number },
  { language, words }: Said,
): StatementCard {
  const decision = '' as DecisionId;
  const statement = stateReasons({ decision, measure, ground: reason, facts, atMs: nowMs });
  const state = ruleOfMeasure(measure).restriction === null ? 'over' : 'holds';
  return statementCard(
    { statement, state },
    {
      language,
      words,
      moment: (atMs) => momentInUtc(atMs, language, 'short'),
      day: (atMs) => momentInUtc(atMs, language),
      nowMs,
    },
  );
}
