import { type Measure, ruleOfMeasure } from '@farandole/moderation/cases/decision';
import { CATEGORY_OF, type PublishedDecision } from '@farandole/moderation/stats/transparency';
import { dayOf } from './template-parts.ts';

/**
 * Formats statements of reasons as JSON lines, with the field names of the European Commission's
 * database. The lines name no user, and contain only the day of each time.
 */
export function statementLines(decisions: readonly PublishedDecision[]): string {
  return decisions.map((decision) => `${JSON.stringify(statementOf(decision))}\n`).join('');
}

function statementOf(decision: PublishedDecision): Readonly<Record<string, unknown>> {
  const { id, atMs, endsAtMs, measure, ground, facts, appeal } = decision;
  const isOwn = facts.includes('own-initiative');
  return {
    puid: id,
    application_date: dayOf(atMs),
    decision_provision: provisionOf(measure),
    end_date_service_restriction: endsAtMs === null ? null : dayOf(endsAtMs),
    measure,
    decision_ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
    incompatible_content_ground: ground,
    category: CATEGORY_OF[ground],
    decision_facts: facts,
    source_type: isOwn ? 'SOURCE_VOLUNTARY' : 'SOURCE_TYPE_OTHER_NOTIFICATION',
    automated_detection: 'No',
    automated_decision: 'AUTOMATED_DECISION_NOT_AUTOMATED',
    appeal,
  };
}

/**
 * Returns the Commission's name for the restriction of a measure; null for a warning, because it
 * restricts nothing.
 */
function provisionOf(measure: Measure): string | null {
  const { restriction, lastsMs } = ruleOfMeasure(measure);
  if (restriction === null) return null;
  if (lastsMs === null) return 'DECISION_PROVISION_TOTAL_TERMINATION';
  const how = restriction === 'suspended' ? 'TOTAL' : 'PARTIAL';
  return `DECISION_PROVISION_${how}_SUSPENSION`;
}
