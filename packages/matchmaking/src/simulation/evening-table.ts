import type { EveningReport } from './evening.ts';

export function eveningTable(report: EveningReport): string {
  const head = ['', 'matched', 'interest', 'language', 'median', '95 %', 'longest', 'waiting'];
  const lines = [head];
  for (const [kind, fare] of report.fares) {
    lines.push([
      kind,
      String(fare.matched),
      fare.sharedInterest === null ? '–' : inPercent(fare.sharedInterest),
      inPercent(fare.sharedLanguage),
      inSeconds(fare.medianWaitMs),
      inSeconds(fare.p95WaitMs),
      inSeconds(fare.longestWaitMs),
      String(fare.waiting),
    ]);
  }
  const table = lines.map(([first = '', ...cells]) =>
    [first.padEnd(16), ...cells.map((cell) => cell.padStart(10))].join(''),
  );
  const summary = `${report.matches} matches in ${report.waves} waves, ${report.missedPairs} pairs missed`;
  return [...table, summary].join('\n');
}

function inPercent(part: number): string {
  return `${(100 * part).toFixed(0)} %`;
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
