export interface Judgement {
  /**
   * The benchmark's result. If it says that the load generator was overloaded, every figure
   * counts as missed.
   */
  readonly result: Readonly<Record<string, unknown>>;
  /** Paths of the missed figures in the result, such as `canary.p99`. */
  readonly unreached: readonly string[];
  readonly judged: number;
}

/**
 * Finds all objects in the result that have the shape of a bounded figure, as `summary.ts` does.
 * If the load generator was overloaded, every figure counts as missed.
 */
export function judge(result: Readonly<Record<string, unknown>>): Judgement {
  const { generator } = result;
  const isFit = !isRecord(generator) || generator['isFit'] !== false;
  const judged = isFit ? result : withoutVerdicts(result);
  const verdicts = verdictsIn(judged);
  return {
    result: judged,
    unreached: verdicts.filter(({ reached }) => !reached).map(({ path }) => path),
    judged: verdicts.length,
  };
}

/** Returns the reason why the run fails its judgement, or null if the run passes. */
export function whyNotShown({ unreached, judged }: Judgement): string | null {
  if (unreached.length > 0) return `Not reached: ${unreached.join(', ')}`;
  return judged === 0 ? 'This run has no verdict.' : null;
}

interface Verdict {
  readonly path: string;
  readonly reached: boolean;
}

function verdictsIn(value: unknown, path: readonly string[] = []): readonly Verdict[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => verdictsIn(item, [...path, String(index)]));
  }
  if (!isRecord(value)) return [];
  const { reached } = value;
  const own = typeof reached === 'boolean' ? [{ path: path.join('.') || 'it', reached }] : [];
  const within = Object.entries(value).flatMap(([key, each]) => verdictsIn(each, [...path, key]));
  return [...own, ...within];
}

function withoutVerdicts<Value extends Readonly<Record<string, unknown>>>(value: Value): Value;
function withoutVerdicts(value: unknown): unknown;
function withoutVerdicts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutVerdicts(item));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === 'reached' ? null : withoutVerdicts(each),
    ]),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
