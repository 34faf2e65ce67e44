import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transparency } from '@farandole/moderation/stats/transparency';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { codeOf } from '../start-error.ts';
import { periodOf, readPeriod } from '../transparency/read-period.ts';
import { statementLines } from '../transparency/statement-lines.ts';
import { templateParts } from '../transparency/template-parts.ts';
import { CliError } from './arguments.ts';
import { refusalText } from './refusal-text.ts';

/**
 * Writes the transparency report of a period into a new folder.
 *
 * @throws CliError for an invalid period or a folder that can't be created
 */
export async function transparencyReport({
  store,
  words: [folder],
  from = '',
  until = '',
  service,
}: {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly words: readonly string[];
  readonly from?: string;
  readonly until?: string;
  readonly service: string;
}): Promise<unknown> {
  if (folder === undefined) throw new CliError('Give a folder; it is created.');
  const period = periodOf(from, until);
  if (period === null) {
    throw new CliError('Give --from and --until: days, such as 2026-01-01 and 2026-12-31.');
  }
  const records = await readPeriod(store, null, period);
  if (!records.ok) throw new CliError(refusalText(records.reason));
  const counted = transparency(records.value);
  const files = [
    ...templateParts(counted, period, service),
    { name: 'statements.ndjson', text: statementLines(records.value.decisions) },
  ];
  try {
    await mkdir(folder);
    for (const { name, text } of files) await writeFile(join(folder, name), text);
  } catch (error) {
    throw new CliError(`${folder} cannot be written: ${codeOf(error) ?? 'for an unknown reason'}.`);
  }
  const { precision, overturn, agreement } = counted;
  return { folder, files: files.map(({ name }) => name), precision, overturn, agreement };
}
