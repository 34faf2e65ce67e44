import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';

/** What became of the last thing that one did, and the way back while there is one. */
export function NoticeBar() {
  const model = useConsole();
  const notice = model.notice.value;
  return (
    <div class="notice-bar" role="status">
      {notice === null ? null : (
        <div class={notice.bad ? 'notice bad' : 'notice'}>
          <p>{notice.text}</p>
          {notice.undo === null ? null : (
            <button type="button" class="btn" onClick={() => void notice.undo?.run()}>
              {t('decide.undo')}
              <span class="number" aria-hidden="true">
                {Math.max(0, Math.ceil((notice.undo.untilMs - model.nowMs.value) / 1_000))}
              </span>
              <kbd aria-hidden="true">U</kbd>
            </button>
          )}
        </div>
      )}
    </div>
  );
}
