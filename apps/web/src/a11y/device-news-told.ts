import type { DeviceNews } from '../devices/device-choice.ts';
import type { WordKey, WordValues } from '../i18n/words.ts';

/** The sentence that is both shown and said of a device that came or went. */
export function deviceNewsTold(news: DeviceNews): { key: WordKey; values: WordValues } {
  switch (news.news) {
    case 'replaced':
      return { key: `deviceNews.replaced.${news.device}`, values: { device: news.label } };
    case 'offered':
      return { key: 'deviceNews.offered', values: { device: news.label } };
  }
}
