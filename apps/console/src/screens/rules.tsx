import {
  MEASURES,
  type Measure,
  ruleOfMeasure,
  suggestedMeasure,
} from '@farandole/moderation/cases/decision';
import { REPORT_REASONS, ruleOfReason } from '@farandole/moderation/reports/reason';
import { t } from '../i18n/words.ts';
import { PinMark } from '../parts/marks.tsx';
import { lasting } from '../parts/times.ts';
import { HouseRulesPart } from './house-rules.tsx';

/** Strikes beyond which the ladder has no other step. */
const STRIKES = [0, 1, 2, 3, 4] as const;

/** By what is decided: the rules of this house, and, to read, the ladder, the measures and the reasons. */
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
      <table class="table cards-when-narrow ladder">
        <thead>
          <tr>
            <th scope="col">{t('queue.reason')}</th>
            {STRIKES.map((strikes) => (
              <th key={strikes} scope="col">
                {t('case.strikes', { count: strikes })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ reasons, ground }) => (
            <tr key={ground}>
              <th scope="row">
                {reasons.length === 1 ? t(`reason.${ground}`) : t('rules.anyOther')}
              </th>
              {STRIKES.map((strikes) => (
                <td key={strikes} data-label={t('case.strikes', { count: strikes })}>
                  {t(`measure.${suggestedMeasure(ground, strikes)}`)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Measures() {
  return (
    <section aria-labelledby="measures-title">
      <h2 id="measures-title">{t('rules.measures')}</h2>
      <table class="table cards-when-narrow">
        <thead>
          <tr>
            <th scope="col">{t('decide.measure')}</th>
            <th scope="col">{t('rules.does')}</th>
            <th scope="col">{t('rules.lasts')}</th>
            <th scope="col">{t('rules.strike')}</th>
            <th scope="col">{t('rules.two')}</th>
          </tr>
        </thead>
        <tbody>
          {MEASURES.map((measure) => (
            <MeasureRow key={measure} measure={measure} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function MeasureRow({ measure }: { measure: Measure }) {
  const { restriction, lastsMs, strike, secondPerson } = ruleOfMeasure(measure);
  const does =
    restriction === null
      ? 'rules.noSanction'
      : restriction === 'text-only'
        ? 'rules.textOnly'
        : 'rules.suspended';
  const forGood = restriction === null ? '–' : t('rules.forGood');
  return (
    <tr>
      <th scope="row">{t(`measure.${measure}`)}</th>
      <td data-label={t('rules.does')}>{t(does)}</td>
      <td data-label={t('rules.lasts')}>{lastsMs === null ? forGood : lasting(lastsMs)}</td>
      <td data-label={t('rules.strike')}>{t(strike ? 'rules.yes' : 'rules.no')}</td>
      <td data-label={t('rules.two')}>{t(secondPerson ? 'rules.yes' : 'rules.no')}</td>
    </tr>
  );
}

function Reasons() {
  return (
    <section aria-labelledby="reasons-title">
      <h2 id="reasons-title">{t('rules.reasons')}</h2>
      <table class="table cards-when-narrow">
        <thead>
          <tr>
            <th scope="col">{t('queue.reason')}</th>
            <th scope="col">{t('rules.within')}</th>
            <th scope="col">{t('rules.severity')}</th>
            <th scope="col">{t('rules.lane')}</th>
          </tr>
        </thead>
        <tbody>
          {REPORT_REASONS.map((reason) => {
            const { severity, deadlineMs, pinned, lane } = ruleOfReason(reason);
            return (
              <tr key={reason}>
                <th scope="row">
                  {t(`reason.${reason}`)}
                  <span class="marks">{pinned ? <PinMark /> : null}</span>
                </th>
                <td data-label={t('rules.within')}>{lasting(deadlineMs)}</td>
                <td data-label={t('rules.severity')}>{t('rules.of5', { severity })}</td>
                <td data-label={t('rules.lane')}>
                  {lane === 'normal' ? t('rules.everybody') : t('mark.childSafety')}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
