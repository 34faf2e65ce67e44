import { MEASURES } from '@farandole/moderation/cases/decision';
import type { Numbers as NumbersOf } from '@farandole/moderation/stats/numbers';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { Download } from '../parts/download.tsx';
import { Loaded } from '../parts/states.tsx';
import { lasting, numberOf, percentOf } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';

export function Numbers() {
  const { current, reload } = useLoaded<NumbersOf>('numbers');
  return (
    <Loaded of={current.value} again={reload}>
      {(numbers) => (
        <>
          <p class="soft lead">{t('numbers.day')}</p>
          <Tiles numbers={numbers} />
          <ByWay numbers={numbers} />
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

function ByWay({ numbers: { byWay } }: { numbers: NumbersOf }) {
  if (byWay.length === 0) return null;
  return (
    <section aria-labelledby="by-way">
      <h2 id="by-way">{t('numbers.byWay')}</h2>
      <table class="table bars">
        <thead>
          <tr>
            <th scope="col">{t('numbers.way')}</th>
            <th scope="col">{t('numbers.calls')}</th>
            <th scope="col">{t('numbers.reports')}</th>
            <th scope="col">{t('numbers.perThousand')}</th>
          </tr>
        </thead>
        <tbody>
          {byWay.map(({ way, calls, reports }) => (
            <tr key={way}>
              <th scope="row">{t(`numbers.ways.${way}`)}</th>
              <td class="number">{numberOf(calls)}</td>
              <td class="number">{numberOf(reports)}</td>
              <td class="number">
                {calls === 0 ? t('numbers.unknown') : numberOf((1_000 * reports) / calls, 1)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
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

function TransparencyReport() {
  const model = useConsole();
  const today = new Date(model.nowMs.value).toISOString().slice(0, 10);
  const [from, setFrom] = useState(`${today.slice(0, 4)}-01-01`);
  const [until, setUntil] = useState(today);
  if (!model.may('transparency.read')) return null;
  const days = new URLSearchParams({ from, until }).toString();
  return (
    <section aria-labelledby="transparency">
      <h2 id="transparency">{t('transparency.title')}</h2>
      <p class="soft">{t('transparency.text')}</p>
      <div class="days">
        <Day label={t('transparency.from')} value={from} max={until} change={setFrom} />
        <Day label={t('transparency.until')} value={until} min={from} change={setUntil} />
      </div>
      <Download path={`transparency/statements.ndjson?${days}`}>
        {t('transparency.statements')}
      </Download>
      <Download path={`transparency/parts.zip?${days}`}>{t('transparency.parts')}</Download>
    </section>
  );
}

function Day({
  label,
  value,
  change,
  ...bounds
}: {
  label: string;
  value: string;
  change: (day: string) => void;
  min?: string;
  max?: string;
}) {
  return (
    <label class="field">
      {label}
      <input
        type="date"
        class="input"
        required
        value={value}
        {...bounds}
        onInput={({ currentTarget }) => {
          // The browser empties a date field while its date is incomplete, so the screen keeps the
          // last complete date.
          if (currentTarget.value !== '') change(currentTarget.value);
        }}
      />
    </label>
  );
}
