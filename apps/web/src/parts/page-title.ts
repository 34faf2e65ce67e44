import type { WordKey } from '../i18n/words.ts';
import type { ScreenName } from '../state/app-model.ts';

/** What a screen adds to the brand in the tab, or null for the brand alone. */
export function titleWordOf(screen: ScreenName): WordKey | null {
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
