import { t } from '../../i18n/words.ts';
import { outOfDate } from '../../offline/build-news.ts';
import { useApp } from '../app-context.ts';
import { InstallHint } from './install-hint.tsx';
import { MeetAgain } from './private-meeting.tsx';

/**
 * Asks whether to meet the peer again. Below, it offers a newer page if there is one, and otherwise
 * says that the page can be installed.
 */
export function AfterGoodCall() {
  const app = useApp();
  const { last } = app.call;
  // If the shield covered the peer's picture, the call wasn't a good one.
  if (last === null || app.reactions.model.value?.flagged.value === last.match) return null;
  return (
    <>
      <MeetAgain />
      {outOfDate.value ? <NewerPage /> : <InstallHint />}
    </>
  );
}

/** An update during a call is offered here, because a reload would have ended the call. */
function NewerPage() {
  return (
    <div class="install-hint">
      <p class="small" role="status">
        {t('outdated.ready')}
      </p>
      <button type="button" class="btn small on-dark" onClick={() => location.reload()}>
        {t('outdated.reload')}
      </button>
    </div>
  );
}
