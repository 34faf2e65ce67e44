import { floorInWords, inFigures } from './result.ts';
import type { SummaryRow } from './summary.ts';
import { round, svgDocument, textAt } from './svg.ts';

const WIDTH = 920;
const MARGIN = 24;
const NAME_END = 330;
const PLOT_AT = 350;
const PLOT_END = 752;
const VALUE_END = 838;
const BOUND_AT = 850;
const ROWS_AT = 104;
const ROW_HEIGHT = 30;
const ROOM = 1.25;
/**
 * Ratio of an axis's largest to its smallest value above which the axis has marks at powers of
 * ten instead of powers of two.
 */
const WIDE = 200;

/**
 * Draws all ratios of a benchmark run on a log scale. Each dot has its 95 % interval, and a tick
 * marks the bound.
 */
export function ratioChart(title: string, rows: readonly SummaryRow[]): string {
  const values = rows.flatMap(({ ratio: { median, interval95, atMost } }) =>
    [median, ...interval95, atMost ?? 1].filter((value) => Number.isFinite(value) && value > 0),
  );
  const low = Math.min(0.5, ...values) / ROOM;
  const high = Math.max(2, ...values) * ROOM;
  const x = (value: number): number => {
    const share = Math.log(value / low) / Math.log(high / low);
    return PLOT_AT + (PLOT_END - PLOT_AT) * Math.min(1, Math.max(0, share));
  };
  const bottom = ROWS_AT + rows.length * ROW_HEIGHT;
  const body = [
    textAt(MARGIN, 36, title, 'title'),
    textAt(
      MARGIN,
      58,
      'Medians with their 95 % interval; further left is better. A dashed tick is the bound: green dots are within it, red ones are not.',
      'soft',
    ),
    ...axisMarks(low, high).flatMap((value) => [
      `  <path d="M${round(x(value))} ${ROWS_AT - 10}V${bottom}" class="${value === 1 ? 'whisker' : 'grid'}"/>`,
      textAt(x(value), ROWS_AT - 18, `${value} ×`, value === 1 ? 'strong middle' : 'soft middle'),
    ]),
    ...rows.flatMap(({ name }, index) =>
      index > 0 && scenarioOf(name) !== scenarioOf(rows[index - 1]?.name ?? '')
        ? [
            `  <path d="M${MARGIN} ${ROWS_AT + index * ROW_HEIGHT}H${WIDTH - MARGIN}" class="grid"/>`,
          ]
        : [],
    ),
    ...rows.map((row, index) => drawRow(row, ROWS_AT + (index + 0.5) * ROW_HEIGHT, x)),
  ].join('\n');
  return svgDocument({ width: WIDTH, height: bottom + MARGIN, title, body });
}

function drawRow(
  { name, floor, ratio }: SummaryRow,
  y: number,
  x: (value: number) => number,
): string {
  const { median, interval95, atMost, reached } = ratio;
  const tone = reached === null ? 'accent' : reached ? 'ok' : 'danger';
  const [low, high] = interval95;
  return [
    textAt(NAME_END, y + 5, floor === null ? name : `${name} ÷ ${floorInWords(floor)}`, 'end'),
    high > low ? `  <path d="M${round(x(low))} ${y}H${round(x(high))}" class="whisker"/>` : '',
    atMost === null ? '' : `  <path d="M${round(x(atMost))} ${y - 10}v20" class="bound"/>`,
    `  <circle cx="${round(x(median))}" cy="${y}" r="6" class="${tone}"/>`,
    textAt(VALUE_END, y + 5, `${inFigures(median)} ×`, `strong end ${tone}`),
    atMost === null ? '' : textAt(BOUND_AT, y + 5, `≤ ${atMost}`, 'soft'),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function scenarioOf(name: string): string {
  return name.replace(/,.*/, '');
}

function axisMarks(low: number, high: number): readonly number[] {
  const base = high / low > WIDE ? 10 : 2;
  const first = Math.ceil(Math.log(low) / Math.log(base));
  const last = Math.floor(Math.log(high) / Math.log(base));
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number((base ** (first + index)).toPrecision(6)),
  );
}
