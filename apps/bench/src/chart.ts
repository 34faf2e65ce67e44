import { type Comparison, type Figure, floorInWords, inFigures, type Ratio } from './result.ts';
import { writeResult } from './result-file.ts';
import { lineOver, round, svgDocument, textAt } from './svg.ts';

const WIDTH = 760;
const MARGIN = 24;
const LABEL_END = 112;
const BAR_AT = 124;
const BAR_WIDTH = 400;
const BAR_HEIGHT = 26;
const ROW_HEIGHT = 40;
const BARS_AT = 82;

/**
 * Draws an SVG bar chart with one bar for our figure and one for each baseline. Whiskers show
 * the interval, and a dashed line marks our figure's bound.
 */
export function barChart(title: string, { unit, ours, floors, ratios }: Comparison): string {
  const bounds = Object.entries(ratios).flatMap(([name, { atMost }]) =>
    atMost === null ? [] : [atMost * (floors[name]?.median ?? Number.NaN)],
  );
  const rows: readonly (readonly [string, Figure])[] = [['ours', ours], ...Object.entries(floors)];
  const most = Math.max(
    ...rows.flatMap(([, { median, interval95 }]) => [median, interval95[1]]),
    ...bounds,
  );
  const x = (value: number): number => BAR_AT + (BAR_WIDTH * Math.max(0, value)) / most;
  const bars = rows.map(([name, figure], index) => {
    const top = BARS_AT + index * ROW_HEIGHT;
    return bar(name, figure, ratios[name], top, x);
  });
  const bottom = BARS_AT + rows.length * ROW_HEIGHT;
  const verdicts = Object.entries(ratios).filter(([, { atMost }]) => atMost !== null);
  const body = [
    textAt(MARGIN, 36, title, 'title'),
    textAt(MARGIN, 58, `${unit}: the median, and its 95 % interval. Shorter is better.`, 'soft'),
    ...bars,
    ...bounds.map((value) =>
      lineOver(`M${round(x(value))} ${BARS_AT - 5}v${BAR_HEIGHT + 10}`, 'bound'),
    ),
    ...verdicts.map(([name, { atMost, reached }], index) =>
      textAt(
        BAR_AT,
        bottom + 12 + 20 * index,
        `${reached === true ? 'Reached' : 'Not reached'}: at most ${atMost} × ${floorInWords(name)}`,
        reached === true ? 'ok' : 'danger',
      ),
    ),
  ].join('\n');
  return svgDocument({ width: WIDTH, height: bottom + 20 * verdicts.length + 12, title, body });
}

function bar(
  name: string,
  { median, interval95 }: Figure,
  ratio: Ratio | undefined,
  top: number,
  x: (value: number) => number,
): string {
  const middle = top + BAR_HEIGHT / 2;
  const [low, high] = interval95;
  const kind = name === 'ours' ? 'accent' : 'other';
  const whisker = `M${round(x(low))} ${middle - 4}v8m0-4H${round(x(high))}m0-4v8`;
  return [
    textAt(LABEL_END, middle + 5, floorInWords(name), name === 'ours' ? 'end strong' : 'end'),
    `  <rect x="${BAR_AT}" y="${top}" width="${round(x(median) - BAR_AT)}" height="${BAR_HEIGHT}" rx="5" class="${kind}"/>`,
    high > low ? lineOver(whisker, 'whisker') : '',
    textAt(x(Math.max(median, high)) + 10, middle + 5, inFigures(median), 'strong'),
    ratio === undefined
      ? ''
      : textAt(WIDTH - MARGIN, middle + 5, `ours is ${inFigures(ratio.median)} ×`, 'soft end'),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

export async function writeChart(name: string, svg: string): Promise<string> {
  return await writeResult(`${name}.svg`, svg);
}
