import {
  type Comparison,
  floorInWords,
  inFigures,
  inWords,
  type Ratio,
  ratioInWords,
} from './result.ts';

export interface SummaryRow {
  readonly name: string;
  /** Name of the baseline; null if the row's name already contains it. */
  readonly floor: string | null;
  readonly ratio: Ratio;
}

interface Found {
  readonly name: string;
  readonly comparison: Comparison;
}

/**
 * Finds every comparison and every ratio in the results by the shape of the objects.
 * @param results results by scenario
 */
export function rowsOf(results: Readonly<Record<string, unknown>>): readonly SummaryRow[] {
  return collect(results).flatMap(({ name, value }): readonly SummaryRow[] => {
    if (isComparison(value)) {
      return Object.entries(value.ratios).map(([floor, ratio]) => ({ name, floor, ratio }));
    }
    return isRatio(value) && value.atMost !== null ? [{ name, floor: null, ratio: value }] : [];
  });
}

export function summaryTable(results: Readonly<Record<string, unknown>>): string {
  const found = collect(results);
  const comparisons = found.flatMap(({ name, value }): readonly Found[] =>
    isComparison(value) ? [{ name, comparison: value }] : [],
  );
  const rows = comparisons.flatMap(({ name, comparison }) => {
    const { unit, ours, floors, ratios } = comparison;
    return Object.entries(floors).map(([floor, figure], index): readonly string[] => {
      const ratio = ratios[floor];
      return [
        index === 0 ? name : '',
        index === 0 ? inFigures(ours.median) : '',
        `${floorInWords(floor)} ${inFigures(figure.median)}`,
        ratio === undefined ? '' : `${inWords(ratio)} ×`,
        ratio === undefined ? '' : verdictOf(ratio),
        index === 0 ? unit : '',
      ];
    });
  });
  const alone = found.flatMap(({ name, value }) =>
    isRatio(value) && value.atMost !== null ? [`  ${name}: ${ratioInWords(value)}`] : [],
  );
  return [...inColumns([['', 'ours', 'floor', 'ratio', 'bound', 'unit'], ...rows]), ...alone].join(
    '\n',
  );
}

function verdictOf({ atMost, reached }: Ratio): string {
  if (atMost === null) return '';
  if (reached === null) return `not judged: ${atMost}`;
  return `${reached ? 'reached' : 'NOT reached'}: ${atMost}`;
}

function inColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, column) => Math.max(most[column] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}

function collect(
  results: Readonly<Record<string, unknown>>,
  path: readonly string[] = [],
): readonly { readonly name: string; readonly value: unknown }[] {
  return Object.entries(results).flatMap(([key, value]) => {
    if (!isRecord(value)) return [];
    const at = [...path, inPlainWords(key)];
    const here = isComparison(value) || isRatio(value) ? [{ name: at.join(', '), value }] : [];
    // The search skips the comparison's own fields, because a row already shows them.
    const { floors: _, ratios: __, ours: ___, ...rest } = value;
    const inside = isComparison(value) ? rest : value;
    return isRatio(value) ? here : [...here, ...collect(inside, at)];
  });
}

function inPlainWords(key: string): string {
  return key.replaceAll(
    /([a-z])([A-Z0-9])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isComparison(value: unknown): value is Comparison & Readonly<Record<string, unknown>> {
  return (
    isRecord(value) &&
    typeof value['unit'] === 'string' &&
    isRecord(value['ours']) &&
    isRecord(value['floors']) &&
    isRecord(value['ratios'])
  );
}

function isRatio(value: unknown): value is Ratio & Readonly<Record<string, unknown>> {
  return isRecord(value) && 'atMost' in value && 'median' in value && 'interval95' in value;
}
