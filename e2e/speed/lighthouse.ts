/**
 * Long tier, alone on its machine. Runs mobile Lighthouse five times on a real node's landing
 * page. The medians must reach the figures of docs/performance.md. The last line of output is
 * JSON.
 */
import lighthouse from 'lighthouse';
import { launchBrowser } from '../support/browser.ts';
import { startFarandole } from '../support/farandole.ts';
import { freePort } from '../support/free-port.ts';

const RUNS = 5;
const SCORES_MIN = { performance: 95, accessibility: 100, 'best-practices': 100 } as const;
const LCP_MS_MAX = 2_000;

type Category = keyof typeof SCORES_MIN;
const CATEGORIES = Object.keys(SCORES_MIN) as Category[];

interface Run {
  readonly scores: Readonly<Record<Category, number>>;
  readonly lcpMs: number;
  readonly blockedMs: number;
  readonly missed: readonly string[];
}

const node = await startFarandole();
// Lighthouse connects to the browser's debugging port, so the port must be known.
const port = await freePort();
const browser = await launchBrowser({ args: [`--remote-debugging-port=${port}`] });
const runs: Run[] = [];
try {
  for (let number = 1; number <= RUNS; number += 1) {
    const run = await measure(node.url);
    runs.push(run);
    console.log(`  ${number}: ${JSON.stringify(run)}`);
  }
} finally {
  await browser.close();
  await node.stop();
}

const scores = Object.fromEntries(
  CATEGORIES.map((name) => [name, median(runs.map((run) => run.scores[name]))]),
) as Record<Category, number>;
const lcpMs = median(runs.map((run) => run.lcpMs));
const blockedMs = median(runs.map((run) => run.blockedMs));
const violations =
  CATEGORIES.filter((name) => scores[name] < SCORES_MIN[name]).length +
  (lcpMs < LCP_MS_MAX ? 0 : 1);
console.log(JSON.stringify({ runs: RUNS, ...scores, lcpMs, blockedMs, violations }));
if (violations > 0) process.exitCode = 1;

async function measure(url: string): Promise<Run> {
  const result = await lighthouse(url, {
    port,
    output: 'json',
    logLevel: 'error',
    onlyCategories: [...CATEGORIES],
  });
  if (result === undefined) throw new Error('Lighthouse gave no result.');
  const { categories, audits } = result.lhr;
  const scoreOf = (name: Category): number => Math.round((categories[name]?.score ?? 0) * 100);
  return {
    scores: {
      performance: scoreOf('performance'),
      accessibility: scoreOf('accessibility'),
      'best-practices': scoreOf('best-practices'),
    },
    lcpMs: Math.round(audits['largest-contentful-paint']?.numericValue ?? Infinity),
    blockedMs: Math.round(audits['total-blocking-time']?.numericValue ?? Infinity),
    missed: CATEGORIES.flatMap((name) => categories[name]?.auditRefs ?? [])
      .filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 0.9)
      .map(({ id }) => id),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
