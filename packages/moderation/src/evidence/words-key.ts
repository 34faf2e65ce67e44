import { appendAudit } from '@farandole/accounts/records';
import type { Records } from '../store/records.ts';

export async function rewrapWords(
  records: Records,
  { nowMs }: { readonly nowMs: number },
): Promise<{ readonly rewrapped: number; readonly unopened: number }> {
  const done = await records.words.rewrap();
  const details = { wraps: done.rewrapped };
  await appendAudit(records, { by: 'operator', nowMs }, 'keys.rotate', 'words-keys', details);
  return done;
}
