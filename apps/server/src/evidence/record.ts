import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { EvidenceRecord } from '../config.ts';

const SETTING = 'evidence.pictures';

/**
 * Records in the audit each change of the law and registration on which picture uploads are based.
 */
export async function recordEvidence(
  store: Pick<ModerationStore, 'run'>,
  evidence: EvidenceRecord | null,
  nowMs: number,
): Promise<void> {
  const value = evidence === null ? '' : JSON.stringify(evidence);
  const settings = await store.run('setting.list', null);
  const before = settings.find(({ id }) => id === SETTING)?.value ?? '';
  if (value !== before) {
    await store.run('setting.put', { name: SETTING, value, by: null, nowMs });
  }
}
