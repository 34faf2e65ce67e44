import { t } from '../../i18n/words.ts';

/** Focuses the chat, which goes through the server and works without media. */
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
