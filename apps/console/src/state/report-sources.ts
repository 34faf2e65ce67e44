import type { ReportSource } from '@farandole/moderation/service/show-case';

export interface SharedSource {
  readonly kind: 'network' | 'device';
  readonly number: number;
  readonly reports: number;
}

/**
 * Networks and devices that at least two of the reports come from, in the order of their
 * numbers.
 */
export function sharedSources(
  reports: readonly { readonly source: ReportSource }[],
): readonly SharedSource[] {
  return (['network', 'device'] as const).flatMap((kind) => {
    const counted = new Map<number, number>();
    for (const { source } of reports) {
      const number = source[kind];
      if (number !== null) counted.set(number, (counted.get(number) ?? 0) + 1);
    }
    return [...counted]
      .filter(([, count]) => count > 1)
      .toSorted(([a], [b]) => a - b)
      .map(([number, count]) => ({ kind, number, reports: count }));
  });
}
