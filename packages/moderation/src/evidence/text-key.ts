import type { Records } from '../store/records.ts';

export async function rewrapTexts(
  records: Records,
  { nowMs }: { readonly nowMs: number },
): Promise<{ readonly rewrapped: number; readonly unopened: number }> {
  const done = await records.words.rewrap();
  await records.audit.append({
    by: 'operator',
    action: 'keys.rotate',
    about: 'words-keys',
    atMs: nowMs,
    details: { wraps: done.rewrapped },
  });
  return done;
}
