import type { WordKey } from '../i18n/words.ts';
import type { ScreenName } from '../ui/screen-name.ts';
import type { SitePage } from '../ui/site-page.ts';

/** @param isEarly whether the user waits for the start of an hour */
export function titleWordOf(
  screen: ScreenName,
  page: SitePage | null,
  isEarly: boolean,
): WordKey | null {
  return page === null ? wordOf(screen, isEarly) : `pages.${page}.title`;
}

function wordOf(screen: ScreenName, isEarly: boolean): WordKey | null {
  switch (screen) {
    case 'landing':
    case 'fault':
      return null;
    case 'rules':
      return 'rules.title';
    case 'age-refused':
      return 'adultsOnly.title';
    case 'green-room':
      return 'greenRoom.title';
    case 'waiting':
      return isEarly ? 'waiting.titleHour' : 'waiting.title';
    case 'call-video':
      return 'call.titleVideo';
    case 'call-text':
      return 'call.titleText';
    case 'ended':
      return 'chat.closed';
    case 'elsewhere':
      return 'elsewhere.title';
    case 'unsupported':
      return 'unsupported.title';
    case 'outdated':
      return 'outdated.title';
    case 'sanctioned':
      return 'sanctioned.title';
  }
}
