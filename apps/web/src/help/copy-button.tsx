import '../styles/copy.css';
import { useSignal } from '@preact/signals';
import { t } from '../i18n/words.ts';
import { Icon } from '../ui/icons.tsx';

export function CopyButton({
  text,
  label,
  copied,
  notCopied,
  size,
  primary = false,
}: {
  text: string;
  label: string;
  copied: string;
  /** Text that is shown if the browser forbids copying, as some in-app browsers do. */
  notCopied: string;
  size: 'big' | 'small';
  primary?: boolean;
}) {
  const outcome = useSignal<'copied' | 'failed' | null>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      outcome.value = 'copied';
    } catch {
      outcome.value = 'failed';
    }
  };
  return (
    <div class="copy">
      <button
        type="button"
        class={`btn ${size}${primary ? ' primary' : ''}`}
        onClick={() => void copy()}
      >
        <Icon
          name={outcome.value === 'copied' ? 'check' : 'copy'}
          size={size === 'big' ? 24 : 20}
        />
        {label}
      </button>
      <p class="hint" role="status">
        {outcome.value === 'copied' && copied}
        {outcome.value === 'failed' && notCopied}
      </p>
    </div>
  );
}

/**
 * A button that copies the page's address, so that the user can open the page in another browser.
 */
export function CopyLink({ primary = false }: { primary?: boolean }) {
  const url = `${location.origin}/`;
  return (
    <CopyButton
      text={url}
      label={t('help.copyLink')}
      copied={t('help.copied')}
      notCopied={t('help.notCopied', { url })}
      size="big"
      primary={primary}
    />
  );
}
