import { t } from '../../i18n/words.ts';

/**
 * Moves the focus to the chat. The chat works without media, because it goes through the server.
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
