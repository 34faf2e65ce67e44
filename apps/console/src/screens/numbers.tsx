import { MEASURES } from '@farandole/moderation/cases/decision';
import type { Numbers as NumbersOf } from '@farandole/moderation/stats/numbers';
import type { ComponentChildren } from 'preact';
import { t } from '../i18n/words.ts';
import { Download } from '../parts/download.tsx';
import { Loaded } from '../parts/states.tsx';
import { lasting, numberOf, percentOf } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { TransparencyReport } from './transparency-report.tsx';

export function Numbers() {
  const { current, reload } = useLoaded<NumbersOf>('numbers');
  return (
    <Loaded of={current.value} again={reload}>
      {(numbers) => (
        <>
          <p class="soft lead">{t('numbers.day')}</p>
          <Tiles numbers={numbers} />
          <ByMeasure numbers={numbers} />
          <Download path="numbers.csv">{t('numbers.csv')}</Download>
          <TransparencyReport />
        </>
      )}
    </Loaded>
  );
}

function Tiles({ numbers }: { numbers: NumbersOf }) {
  const { reportsPer1000Calls, reports, calls, timeToDecision, appeals, exposures, reveals } =
    numbers;
  const { answered, overturned } = appeals;
  return (
    <dl class="tiles">
      <Tile
        what={t('numbers.perThousand')}
        value={reportsPer1000Calls === null ? null : numberOf(reportsPer1000Calls, 1)}
      >
        {t('numbers.perThousandOf', { reports: numberOf(reports), calls: numberOf(calls) })}
      </Tile>
      <Tile
        what={t('numbers.p50')}
        value={timeToDecision === null ? null : lasting(timeToDecision.p50Ms)}
      />
      <Tile
        what={t('numbers.p95')}
        value={timeToDecision === null ? null : lasting(timeToDecision.p95Ms)}
      />
      <Tile
        what={t('numbers.overturned')}
        value={answered === 0 ? null : percentOf(overturned / answered)}
      >
        {t('numbers.overturnedOf', { overturned, answered })}
      </Tile>
      <Tile what={t('numbers.exposures')} value={numberOf(exposures)}>
        {t('numbers.exposuresHint')}
      </Tile>
      <Tile what={t('numbers.reveals')} value={numberOf(reveals)} />
    </dl>
  );
}

function Tile({
  what,
  value,
  children,
}: {
  what: string;
  value: string | null;
  children?: ComponentChildren;
}) {
  return (
    <div class="tile">
      <dt>{what}</dt>
      <dd class={value === null ? 'big unknown' : 'big'}>{value ?? t('numbers.unknown')}</dd>
      {children === undefined ? null : <dd class="soft small">{children}</dd>}
    </div>
  );
}

function ByMeasure({ numbers: { byMeasure, decisions } }: { numbers: NumbersOf }) {
  const rows = MEASURES.flatMap((measure) => {
    const count = byMeasure[measure] ?? 0;
    return count === 0 ? [] : [{ measure, count }];
  });
  return (
    <section aria-labelledby="by-measure">
      <h2 id="by-measure">{t('numbers.byMeasure')}</h2>
      {rows.length === 0 ? (
        <p class="soft">{t('numbers.none')}</p>
      ) : (
        <table class="table bars">
          <thead>
            <tr>
              <th scope="col">{t('decide.measure')}</th>
              <th scope="col">{t('numbers.count')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ measure, count }) => (
              <tr key={measure}>
                <th scope="row">{t(`decided.${measure}`)}</th>
                <td>
                  <span class="bar">
                    <span class="number">{numberOf(count)}</span>
                    <progress value={count} max={decisions} aria-hidden="true" />
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
