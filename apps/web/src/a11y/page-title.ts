import type { WordKey } from '../i18n/words.ts';
import type { ScreenName } from '../ui/screen-name.ts';
import type { SitePage } from '../ui/site-page.ts';

export function titleWordOf(screen: ScreenName, page: SitePage | null): WordKey | null {
  return page === null ? wordOf(screen) : `pages.${page}.title`;
}

function wordOf(screen: ScreenName): WordKey | null {
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
      return 'waiting.title';
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
