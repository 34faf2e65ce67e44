import { t } from '../../i18n/words.ts';

/**
 * Moves the focus to the chat, which goes through the server and so works even if media doesn't.
 */
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
