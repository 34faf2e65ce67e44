import { t } from '../../i18n/words.ts';

/** @param share loaded share of the shield's model, from 0 to 1 */
export function ShieldProgress({ share }: { share: number }) {
  return (
    <progress class="shield-progress" value={share} max={1} aria-label={t('shield.loading')} />
  );
}
