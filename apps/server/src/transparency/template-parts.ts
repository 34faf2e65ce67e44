import type {
  AppealCounts,
  CategoryCounts,
  Rate,
  Transparency,
} from '@farandole/moderation/stats/transparency';

/**
 * The parts of the European Commission's template for transparency reports (Implementing Regulation
 * (EU) 2024/2835, Annex I) that a server can fill, with the template's names and columns. An
 * unknown value is an empty cell, never zero.
 */

export interface Period {
  readonly fromMs: number;
  /** End of the reporting period, whose last day is included. */
  readonly toMs: number;
}

export interface FileOfReport {
  readonly name: string;
  readonly text: string;
}

interface Head {
  readonly service: string;
  readonly period: string;
}

type Cell = string | number | null;

const HOUR_MS = 3_600_000;
const ALL = 'All';
const HOSTING = 'Only for providers of hosting services, including online platforms';
const PLATFORMS = 'Only for providers of online platforms';

const NOTICES = [
  'Number of notices received',
  'Number of notices received from Trusted flaggers',
  'Number of specific items of information included in the total number of notices',
  'Number of specific items of information included in the total number of notices by Trusted Flaggers (Trusted Flagger notices)',
  'Median time to take action',
  'Median time to take action (Trusted Flagger notices)',
  'Number of actions taken on the basis of the law',
  'Number of actions taken on the basis of the law (Trusted Flagger notices)',
  'Number of actions taken on the basis of the terms and conditions of the service',
  'Number of actions taken on the basis of the terms and conditions of the service (Trusted Flagger notices)',
] as const;

const OWN_INITIATIVE = [
  "Number of measures taken at the provider's own initiative",
  'Number of measures taken after detection with solely automated means',
  'Visibility restriction Removal',
  'Visibility restriction Disable',
  'Visibility restriction Demoted',
  'Visibility restriction Age restricted',
  'Visibility restriction Interaction restricted',
  'Visibility restriction Labelled',
  'Visibility restriction Other',
  'Monetary restriction Suspension',
  'Monetary restriction Termination',
  'Monetary restriction Other',
  'Provision of the service Suspension',
  'Provision of the service Termination',
  'Account restriction Suspension',
  'Account restriction Termination',
] as const;

const INDICATORS = ['Section', 'Indicator', 'Scope', 'Value', 'Contextual Information'] as const;

export function templateParts(
  published: Transparency,
  { fromMs, toMs }: Period,
  service: string,
): readonly FileOfReport[] {
  const head = { service, period: `${dayOf(fromMs)}/${dayOf(toMs)}` };
  return [
    { name: '1_report_identification.csv', text: identification(head) },
    { name: '4_notices.csv', text: notices(published, head) },
    { name: '6_own_initiative_TC.csv', text: ownInitiative(published, head) },
    { name: '7_appeals_and_recidivism.csv', text: appeals(published, head) },
    { name: '8_automated_means.csv', text: automatedMeans(published, head) },
    { name: 'rates.csv', text: rates(published) },
  ];
}

export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

function identification({ service, period }: Head): string {
  const [from = '', to = ''] = period.split('/');
  return csv([
    ['Applicability', 'Service', 'Indicator', 'Value'],
    [ALL, service, 'Name of the service provider', service],
    [ALL, service, 'Date of the publication of the report', null],
    [ALL, service, 'Date of the publication of the latest previous report', null],
    [ALL, service, 'Starting date of reporting period', from],
    [ALL, service, 'Ending date of reporting period', to],
  ]);
}

function notices(published: Transparency, head: Head): string {
  const context = new Map<string, string>([
    [NOTICES[0], 'Counts all reports, also those about legal content.'],
    [NOTICES[2], 'Each report is about one user in one call.'],
    [NOTICES[4], 'In hours, from the first report of a case to the decision on it.'],
    [NOTICES[8], 'A decision on several reports is one action. Includes warnings.'],
  ]);
  return byCategory(
    published,
    { ...head, applicability: HOSTING, category: 'Category of illegal content' },
    { columns: NOTICES, context },
    ({ reports, medianTookMs, afterReports }) => [
      reports,
      null,
      reports,
      null,
      hours(medianTookMs),
      null,
      // The number of decisions based on a law is zero, because decisions cite house rules.
      0,
      null,
      afterReports,
      null,
    ],
  );
}

function ownInitiative(published: Transparency, head: Head): string {
  const category = "Category of incompatibility with the provider's terms and conditions";
  const context = new Map<string, string>([
    [OWN_INITIATIVE[0], 'Decisions without a report, including warnings.'],
    [OWN_INITIATIVE[12], 'Temporary, or video only.'],
  ]);
  return byCategory(
    published,
    { ...head, applicability: ALL, category },
    { columns: OWN_INITIATIVE, context },
    ({ own, ownSuspended, ownForGood }) => [
      own,
      // The number of automated decisions is zero, because software restricts and queues but never
      // decides.
      0,
      ...Array.from({ length: 10 }, () => 0),
      ownSuspended,
      ownForGood,
      // The number of suspended accounts is zero, because Farandole has no accounts.
      0,
      0,
    ],
  );
}

function byCategory(
  { byCategory: categories, all }: Transparency,
  {
    service,
    period,
    applicability,
    category,
  }: Head & { readonly applicability: string; readonly category: string },
  {
    columns,
    context,
  }: { readonly columns: readonly string[]; readonly context: Map<string, string> },
  valuesOf: (counts: CategoryCounts) => readonly Cell[],
): string {
  const rows = [['TOTAL', all] as const, ...categories];
  return csv([
    [
      'Applicability',
      'Service',
      'Reporting period',
      category,
      'Description of the sub-category "Other"',
      ...columns,
      ...columns.map((name) => `Contextual Information on ${name}`),
    ],
    ...rows.map(([name, counts], at) => [
      applicability,
      service,
      period,
      name,
      null,
      ...valuesOf(counts),
      ...columns.map((column) => (at === 0 ? (context.get(column) ?? null) : null)),
    ]),
  ]);
}

function appeals({ appeals: all, appealsOfRestrictions }: Transparency, head: Head): string {
  const section = 'Internal complaints mechanism';
  const submitted = 'Number of complaints submitted to the internal-complaints mechanism';
  const imposed = 'Number of restrictions newly imposed as a result of an internal complaint';
  const suspended =
    'Complaint regarding a decision to suspend or terminate the provision of the service';
  const omitted = all.filed - all.answered;
  return indicators(head, [
    ...outcomes(section, submitted, all, ALL),
    [
      PLATFORMS,
      section,
      submitted,
      'Decision omitted',
      omitted,
      'Not answered yet, or replaced by another decision.',
    ],
    [PLATFORMS, section, imposed, 'Total number', 0, 'An appeal never makes a decision stricter.'],
    ...outcomes(section, suspended, appealsOfRestrictions, PLATFORMS),
  ]);
}

function outcomes(
  section: string,
  indicator: string,
  { filed, byOutcome, medianTookMs }: AppealCounts,
  applicability: string,
): readonly (readonly Cell[])[] {
  const { uphold, shorten, overturn } = byOutcome;
  return [
    [applicability, section, indicator, 'Total number', filed, null],
    [PLATFORMS, section, indicator, 'Decisions upheld', uphold, null],
    [PLATFORMS, section, indicator, 'Decisions partially reversed', shorten, 'Shortened.'],
    [PLATFORMS, section, indicator, 'Decisions reversed', overturn, null],
    [PLATFORMS, section, indicator, 'Median time', hours(medianTookMs), 'In hours.'],
  ];
}

function automatedMeans(
  { holds, restrictions, warnings, reports }: Transparency,
  head: Head,
): string {
  const section = 'Use of automated means for content moderation';
  const reviewed = reports.upheld + reports.inconclusive + reports.rejected;
  const held = 'Software suspended a user until a member reviewed the case, for at most a day.';
  return indicators(head, [
    [
      ALL,
      section,
      'Number of measures solely taken by automated means',
      'Total number',
      holds,
      held,
    ],
    [
      ALL,
      section,
      'Number of measures not taken by automated means',
      'Total number',
      restrictions + warnings,
      null,
    ],
    [
      HOSTING,
      section,
      'Number of notices solely processed by automated means',
      'NAM Total',
      0,
      null,
    ],
    [
      HOSTING,
      section,
      'Number of notices not processed by automated means',
      'NAM Total',
      reviewed,
      null,
    ],
  ]);
}

function indicators({ service, period }: Head, rows: readonly (readonly Cell[])[]): string {
  return csv([
    ['Applicability', 'Service', 'Reporting period', ...INDICATORS],
    ...rows.map(([applicability = null, ...rest]) => [applicability, service, period, ...rest]),
  ]);
}

/**
 * Formats the table of rates, which the EU's template for transparency reports lacks. Each row has
 * a rate, its 95 % interval, and the count and total from which the rate is computed.
 */
function rates({ reports, precision, overturn, agreement }: Transparency): string {
  const row = (name: string, { count, of, share }: Rate): readonly Cell[] => [
    name,
    count,
    of,
    share?.value ?? null,
    share?.low ?? null,
    share?.high ?? null,
  ];
  return csv([
    ['Rate', 'Count', 'Of', 'Share', 'Low (95 %)', 'High (95 %)'],
    row('Reports upheld, of those reviewed', precision),
    ['Reviewed reports without a clear result', reports.inconclusive, null, null, null, null],
    row('Decisions overturned, of appeals answered', overturn),
    row('Sampled dismissals that a second member confirmed', agreement),
  ]);
}

function hours(ms: number | null): number | null {
  return ms === null ? null : Math.round((10 * ms) / HOUR_MS) / 10;
}

/** Formats rows as CSV (RFC 4180). No text cell begins like a spreadsheet formula. */
function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

function cellText(cell: Cell): string {
  const text = String(cell ?? '');
  const safe = typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
