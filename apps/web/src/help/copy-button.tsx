import '../styles/copy.css';
import { useSignal } from '@preact/signals';
import { t } from '../i18n/words.ts';
import { Icon } from '../ui/icons.tsx';

/** Takes a text along to somewhere else, and says whether it went. */
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
  /** What is said then. */
  copied: string;
  /** And where the browser does not let a page copy, as some apps don't. */
  notCopied: string;
  size: 'big' | 'small';
  /** It is the one thing to press. */
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

/** Takes this page's address along to another browser. */
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
