import { MEASURES, ruleOfMeasure, suggestedMeasure } from '@farandole/moderation/cases/decision';
import { REPORT_REASONS, ruleOfReason } from '@farandole/moderation/reports/reason';
import { t, type WordKey } from '../i18n/words.ts';
import { PinMark } from '../parts/marks.tsx';
import { Table } from '../parts/table.tsx';
import { lasting } from '../parts/times.ts';
import { HouseRulesPart } from './house-rules.tsx';

/**
 * Numbers of strikes that the table lists. More strikes than the last number lead to the same
 * suggested measure.
 */
const STRIKES = [0, 1, 2, 3, 4] as const;

export function Rules() {
  return (
    <>
      <HouseRulesPart />
      <Ladder />
      <Measures />
      <Reasons />
    </>
  );
}

function Ladder() {
  const rows = [
    { reasons: ['sexual-content'] as const, ground: 'sexual-content' as const },
    {
      reasons: REPORT_REASONS.filter(
        (reason) => reason !== 'sexual-content' && reason !== 'may-be-under-18',
      ),
      ground: 'other' as const,
    },
    { reasons: ['may-be-under-18'] as const, ground: 'may-be-under-18' as const },
  ];
  return (
    <section aria-labelledby="ladder-title">
      <h2 id="ladder-title">{t('rules.ladder')}</h2>
      <p class="soft lead">{t('rules.ladderText')}</p>
      <Table
        class="ladder"
        rows={rows}
        keyOf={({ ground }) => ground}
        columns={[
          {
            head: t('queue.reason'),
            cell: ({ reasons, ground }) =>
              reasons.length === 1 ? t(`reason.${ground}`) : t('rules.anyOther'),
          },
          ...STRIKES.map((strikes) => ({
            head: t('case.strikes', { count: strikes }),
            cell: ({ ground }: (typeof rows)[number]) =>
              t(`measure.${suggestedMeasure(ground, strikes)}`),
          })),
        ]}
      />
    </section>
  );
}

function Measures() {
  const yesNo = (is: boolean): string => t(is ? 'rules.yes' : 'rules.no');
  return (
    <section aria-labelledby="measures-title">
      <h2 id="measures-title">{t('rules.measures')}</h2>
      <Table
        rows={MEASURES.map((measure) => ({ measure, ...ruleOfMeasure(measure) }))}
        keyOf={({ measure }) => measure}
        columns={[
          { head: t('decide.measure'), cell: ({ measure }) => t(`measure.${measure}`) },
          { head: t('rules.does'), cell: ({ restriction }) => t(effectOf(restriction)) },
          {
            head: t('rules.lasts'),
            cell: ({ restriction, lastsMs }) =>
              lastsMs !== null ? lasting(lastsMs) : restriction === null ? '–' : t('rules.forGood'),
          },
          { head: t('rules.strike'), cell: ({ strike }) => yesNo(strike) },
          { head: t('rules.two'), cell: ({ secondPerson }) => yesNo(secondPerson) },
        ]}
      />
    </section>
  );
}

function effectOf(restriction: 'text-only' | 'suspended' | null): WordKey {
  if (restriction === null) return 'rules.noSanction';
  return restriction === 'text-only' ? 'rules.textOnly' : 'rules.suspended';
}

function Reasons() {
  return (
    <section aria-labelledby="reasons-title">
      <h2 id="reasons-title">{t('rules.reasons')}</h2>
      <Table
        rows={REPORT_REASONS.map((reason) => ({ reason, ...ruleOfReason(reason) }))}
        keyOf={({ reason }) => reason}
        columns={[
          {
            head: t('queue.reason'),
            cell: ({ reason, pinned }) => (
              <>
                {t(`reason.${reason}`)}
                <span class="marks">{pinned ? <PinMark /> : null}</span>
              </>
            ),
          },
          { head: t('rules.within'), cell: ({ deadlineMs }) => lasting(deadlineMs) },
          { head: t('rules.severity'), cell: ({ severity }) => t('rules.of5', { severity }) },
          {
            head: t('rules.lane'),
            cell: ({ lane }) => (lane === 'normal' ? t('rules.everybody') : t('mark.childSafety')),
          },
        ]}
      />
    </section>
  );
}
