import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ROOT } from '@farandole/e2e/process';
import { type Comparison, type Figure, inFigures } from './result.ts';

/** Where pictures go: beside what the browser tests leave, and like it in no commit. */
const FOLDER = 'test-results/bench';

const WIDTH = 720;
const LABEL_WIDTH = 110;
const BAR_WIDTH = 460;
const ROW_HEIGHT = 34;
const BARS_AT = 64;

/** Bars for ours and each floor, with whiskers for the interval, as an SVG document. */
export function barChart(title: string, { unit, ours, floors }: Comparison): string {
  const rows: readonly (readonly [string, Figure])[] = [['ours', ours], ...Object.entries(floors)];
  const most = Math.max(
    ...rows.map(([, { median, interval95 }]) => Math.max(median, interval95[1])),
  );
  const x = (value: number): number => LABEL_WIDTH + (BAR_WIDTH * Math.max(0, value)) / most;
  const bars = rows.map(([name, { median, interval95 }], index) => {
    const top = BARS_AT + index * ROW_HEIGHT;
    const middle = top + ROW_HEIGHT / 2 - 3;
    const [low, high] = interval95.map(x) as [number, number];
    return `  <text x="${LABEL_WIDTH - 10}" y="${middle + 5}" text-anchor="end">${escapeXml(name)}</text>
  <rect x="${LABEL_WIDTH}" y="${top}" width="${(x(median) - LABEL_WIDTH).toFixed(1)}" height="${ROW_HEIGHT - 8}" rx="4" class="${name === 'ours' ? 'ours' : 'floor'}"/>
  <path d="M${low.toFixed(1)} ${middle}H${high.toFixed(1)}" class="whisker"/>
  <text x="${(Math.max(x(median), high) + 8).toFixed(1)}" y="${middle + 5}">${inFigures(median)}</text>`;
  });
  const height = BARS_AT + rows.length * ROW_HEIGHT + 12;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">
  <title>${escapeXml(title)}</title>
  <style>
    text { font: 14px system-ui, sans-serif; fill: #222 }
    .title { font-size: 18px; font-weight: 600 }
    .ours { fill: #d1495b } .floor { fill: #8d99ae } .whisker { stroke: #222; stroke-width: 2 }
  </style>
  <rect width="100%" height="100%" fill="#fff"/>
  <text x="16" y="28" class="title">${escapeXml(title)}</text>
  <text x="16" y="48">${escapeXml(unit)}; the median, and its 95 % interval. Less is better.</text>
${bars.join('\n')}
</svg>
`;
}

/** Writes the picture of one scenario, and gives its path in the repository. */
export async function writeChart(name: string, svg: string): Promise<string> {
  const path = `${FOLDER}/${name}.svg`;
  const file = join(ROOT, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, svg);
  return path;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
