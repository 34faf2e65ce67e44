import { escaped, printable } from './printable.ts';

/** Commands whose output is a file in itself: a signed checkpoint, and data to give to a user. */
const FILES: ReadonlySet<string> = new Set(['export', 'audit checkpoint']);

/** A column's title, and the path of its values in a row. */
type Column = readonly [title: string, path: string];

/** A table of a command. Without `rows`, the output itself is the list of rows. */
interface Table {
  readonly rows?: string;
  readonly columns: readonly Column[];
}

const TABLES: ReadonlyMap<string, Table> = new Map<string, Table>([
  [
    'user list',
    {
      columns: [
        ['NAME', 'name'],
        ['ROLES', 'roles'],
        ['ADDED', 'atMs'],
        ['LEFT', 'leftAtMs'],
      ],
    },
  ],
  [
    'case list',
    {
      columns: [
        ['CASE', 'of.id'],
        ['QUEUE', 'of.lane'],
        ['REASONS', 'of.reasons'],
        ['REPORTS', 'of.reports'],
        ['OPENED', 'of.openedAtMs'],
        ['DUE', 'priority.dueAtMs'],
        ['STATE', 'of.state'],
      ],
    },
  ],
  [
    'sanction list',
    {
      rows: 'sanctions',
      columns: [
        ['SANCTION', 'id'],
        ['ON', 'on.scope'],
        ['RESTRICTION', 'restriction'],
        ['STARTS', 'startsAtMs'],
        ['ENDS', 'endsAtMs'],
      ],
    },
  ],
  [
    'appeal list',
    {
      columns: [
        ['APPEAL', 'appeal.id'],
        ['FILED', 'appeal.atMs'],
        ['BY', 'appeal.standing'],
        ['MEASURE', 'decision.measure'],
        ['CASE', 'of.id'],
        ['MAY ANSWER', 'mayAnswer'],
      ],
    },
  ],
]);

const GAP = '  ';
const NOTHING = '–';

/** Formats the output of a command: a table or an outline for people, JSON for programs. */
export function show(command: string, output: unknown, asJson: boolean): string {
  if (FILES.has(command)) return printable(output);
  const value = withIsoTimes(output);
  if (asJson) return printable(value);
  const table = TABLES.get(command);
  const rows = table === undefined ? null : rowsOf(table, output);
  return escaped(
    table === undefined || rows === null ? outline(value, '') : drawn(table.columns, rows),
  );
}

function rowsOf({ rows }: Table, output: unknown): readonly unknown[] | null {
  const found = rows === undefined ? output : at(output, rows);
  return Array.isArray(found) ? found : null;
}

function drawn(columns: readonly Column[], rows: readonly unknown[]): string {
  if (rows.length === 0) return 'There are none.';
  const titles = columns.map(([title]) => title);
  const lines = [
    titles,
    ...rows.map((row) =>
      columns.map(([, path]) => cell(at(row, path), path.slice(path.lastIndexOf('.') + 1))),
    ),
  ];
  const widths = titles.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join(GAP)
        .trimEnd(),
    )
    .join('\n');
}

function at(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split('.')) {
    found = isObject(found) ? found[name] : undefined;
  }
  return found;
}

function cell(value: unknown, name: string): string {
  if (value === null || value === undefined) return NOTHING;
  if (Array.isArray(value)) return value.map((item) => cell(item, '')).join(', ');
  if (typeof value === 'number' && isTime(name)) return isoTime(value);
  // The reason of a list of reasons with their numbers.
  if (isObject(value)) return cell(value['reason'] ?? JSON.stringify(value), '');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return oneLineOf(value);
}

/** Writes nested values as indented lines, one name and value per line. */
function outline(value: unknown, indent: string): string {
  if (!isObject(value)) return indent + (value === null ? 'Done.' : oneLineOf(value));
  const entries = Object.entries(value);
  if (entries.length === 0) return `${indent}${NOTHING}`;
  return entries
    .map(([name, inner]) => {
      const title = Array.isArray(value) ? '-' : `${name}:`;
      if (!isObject(inner)) return `${indent}${title} ${cell(inner, '')}`;
      if (Object.keys(inner).length === 0) return `${indent}${title} ${NOTHING}`;
      return `${indent}${title}\n${outline(inner, `${indent}  `)}`;
    })
    .join('\n');
}

function oneLineOf(value: unknown): string {
  return String(value).replaceAll('\n', ' ');
}

/** Replaces each time in milliseconds by one in ISO 8601: `atMs` becomes `at`. */
export function withIsoTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withIsoTimes);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) =>
      isTime(name) && (typeof inner === 'number' || inner === null)
        ? [name.slice(0, -'Ms'.length), inner === null ? null : isoTime(inner)]
        : [name, withIsoTimes(inner)],
    ),
  );
}

/** Whether a name is that of a time: `atMs`, `endsAtMs`, `holdsUntilMs`. */
function isTime(name: string): boolean {
  return /(?:^a|A)tMs$|(?:^u|U)ntilMs$/.test(name);
}

/** Returns a time of UTC to the second. Returns the number if it is out of the range of dates. */
function isoTime(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return String(ms);
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
