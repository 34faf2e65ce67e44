import { t } from '../../i18n/words.ts';

/** To the words, which go by the server, whatever becomes of the pictures. */
export function WriteButton() {
  return (
    <button
      type="button"
      class="btn light"
      onClick={() => document.getElementById('message')?.focus()}
    >
      {t('shield.write')}
    </button>
  );
}
