import { APPEAL_PATH, SHARED_CODE_PREFIX } from '@farandole/protocol/http-api';
import { pageLanguage, t } from '../../i18n/words.ts';

/**
 * Whether the code belongs to a decision about a shared network or device, which may be about
 * another user. Such a code works only in this browser.
 */
export function isShared(code: string | null | undefined): boolean {
  return code?.startsWith(SHARED_CODE_PREFIX) === true;
}

/**
 * The form sends the code by POST, which keeps it out of URLs, and so out of histories and proxy
 * logs.
 */
export function AppealDoor({
  code,
  label = t(isShared(code) ? 'sanctioned.write' : 'sanctioned.appeal'),
  quiet = false,
  onDark = false,
}: {
  code?: string | null | undefined;
  label?: string;
  quiet?: boolean;
  onDark?: boolean;
}) {
  const size = onDark ? 'btn on-dark' : quiet ? 'btn small' : 'btn big primary';
  return (
    <form method="post" action={APPEAL_PATH}>
      <input type="hidden" name="language" value={pageLanguage()} />
      <input type="hidden" name="code" value={code ?? ''} />
      <button type="submit" class={size}>
        {label}
      </button>
    </form>
  );
}
