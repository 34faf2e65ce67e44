import { assert } from '@farandole/kernel/assert';
import { effect, untracked } from '@preact/signals';
import { listOf, t } from '../i18n/words.ts';
import { textOnlyOf } from '../screens/conversation/text-only.ts';
import type { AppModel } from '../state/app-model.ts';
import { Announcer } from './announcer.ts';
import { Narrator } from './narrator.ts';

/**
 * Has the two permanent live regions of the document say what changes, for as long as the page
 * lives.
 */
export function connectLiveRegions(app: AppModel): void {
  const regions = { polite: regionOf('say-polite'), now: regionOf('say-now') };
  const announcer = new Announcer({
    say: (urgency, text) => regions[urgency].replaceChildren(text),
    setTimer: (callback, delayMs) => setTimeout(callback, delayMs),
  });
  const narrator = new Narrator();
  effect(() => {
    const scene = {
      screen: app.screen.value,
      link: app.link.value,
      rejoin: app.rejoin.offer.value,
      search: app.search.value,
      call: app.call.value,
      ended: app.ended.value,
      chat: app.chat.value,
      devices: app.devices.value,
      deviceNews: app.deviceChoice.news.value,
      textOnly: textOnlyOf(app).on.value,
      report: app.report.value,
      preferences: app.preferences.value,
    };
    untracked(() => {
      // Never after the message has come.
      if (scene.chat?.peerTyping !== true) announcer.drop('typing');
      for (const { key, values, list, ...how } of narrator.tell(
        scene,
        performance.now(),
        isLogDrawn(),
      )) {
        const joined = list === undefined ? {} : { list: listOf(list, 'conjunction') };
        announcer.announce({ ...how, text: t(key, { ...values, ...joined }) });
      }
    });
  });
}

/** Where it is not, as in a closed drawer, its lines are said beside it. */
function isLogDrawn(): boolean {
  return document.querySelector('[role=log]')?.checkVisibility() ?? false;
}

function regionOf(id: string): HTMLElement {
  const region = document.getElementById(id);
  assert(region !== null, `the document has no live region ${id}`);
  return region;
}
