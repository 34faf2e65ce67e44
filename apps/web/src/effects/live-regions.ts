import { assert } from '@farandole/kernel/assert';
import { effect, untracked } from '@preact/signals';
import { type Announcement, Announcer } from '../a11y/announcer.ts';
import { heard } from '../a11y/hearing.ts';
import { logEndSeen } from '../a11y/log-end.ts';
import { type Announced, type LogSight, Narrator, type Scene } from '../a11y/narrator.ts';
import { helpFor } from '../help/help-words.ts';
import { languageNameInText, listOf, pageLanguage, t } from '../i18n/words.ts';
import { cardPart } from '../screens/conversation/card-part.ts';
import { speaksMuted } from '../sound/muted-voice.ts';
import type { AppModel } from '../state/app-model.ts';
import { hoursHere } from '../ui/hours-here.ts';

/** The focus moves to the heading of a new screen within this time, in milliseconds. */
const HEADING_TAKES_MS = 400;

/** The page's live regions and those of open dialogs. */
const LIVE_REGIONS = '#say-polite, #say-now, [data-say]';

export function connectLiveRegions(app: AppModel): void {
  const announcer = new Announcer({
    say: (urgency, text) => regionOf(urgency).replaceChildren(text),
    clear: () => {
      for (const region of document.querySelectorAll(LIVE_REGIONS)) region.replaceChildren();
    },
    setTimer: (callback, delayMs) => setTimeout(callback, delayMs),
  });
  const narrator = new Narrator();
  effect(() => {
    const scene = { ...narrated(app), voice: heard.value, speaksMuted: speaksMuted.value };
    untracked(() => {
      // If "typing" is waiting to be announced and the peer stops typing, the announcement is
      // dropped.
      if (scene.chat?.peerTyping !== true) announcer.drop('typing');
      for (const announcement of narrator.tell(scene, performance.now(), logSight())) {
        if (announcement.isHeading === true)
          setTimeout(sayUnlessHeard, HEADING_TAKES_MS, announcement);
        else say(announcement);
      }
    });
  });

  const reacted = app.reactions.select(({ news }) => news, null);
  effect(() => {
    if (reacted.value === null) return;
    const { key } = reacted.value;
    untracked(() => say({ urgency: 'polite', subject: key, key }));
  });

  const dealt = app.reactions.select(({ cards }) => cards.view, null);
  effect(() => {
    const card = dealt.value;
    if (card === null) return;
    cardPart.use(({ spokenOf }) => {
      const spoken = spokenOf(card);
      if (spoken === null || dealt.peek() !== card) return;
      say({ urgency: 'polite', subject: 'card', ...spoken });
    });
  });

  function say(announced: Announced): void {
    const { key, values, row, list, languages, span, failure, urgency, subject } = announced;
    const words = t(key, {
      ...values,
      ...(list === undefined ? {} : { list: listOf(list, 'conjunction') }),
      ...(languages === undefined
        ? {}
        : { list: listOf(languages.map(languageNameInText), 'conjunction') }),
      ...(span === undefined ? {} : hoursHere(span, pageLanguage(), Date.now())),
      ...(failure === undefined ? {} : helpFor(failure, app.browser).values),
    });
    const text = row === undefined ? words : t('say.row', { row: t(row), words });
    announcer.announce({ urgency, subject, text });
  }

  function sayUnlessHeard(announcement: Announced): void {
    const isHeard = document.activeElement?.matches('h1') === true;
    if (!isHeard && app.search.view.peek() !== null) say(announcement);
  }
}

/** Reads the parts of the page's state that announcements depend on. */
export function narrated(app: AppModel): Omit<Scene, 'voice' | 'speaksMuted'> {
  return {
    screen: app.screen.value,
    link: app.link.view.value,
    server: app.link.server.value,
    rejoin: app.rejoin.offer.value,
    limited: app.standing.limited.value,
    search: app.search.view.value,
    call: app.call.view.value,
    ended: app.call.ended.value,
    chat: app.chat.view.value,
    statedAge: app.statedAge.isStated.value,
    devices: app.devices.view.value,
    deviceChange: app.devices.news.value,
    deviceLists: app.devices.lists.value,
    speakerTest: app.devices.speakerTest.value,
    connectionCheck: app.connectionCheck.state.value,
    shieldLoad: app.shield.classifier.value,
    ownCheck: app.navigation.ownCheck.value,
    videoMeanwhile: app.videoMeanwhile.view.value,
    textOnly: app.call.textOnly.on.value,
    report: app.report.view.value,
    preferences: app.settings.preferences.value,
    browser: app.browser,
  };
}

function logSight(): LogSight {
  if (document.querySelector('[role=log]')?.checkVisibility() !== true) return 'none';
  return logEndSeen.value ? 'end' : 'above';
}

/**
 * Returns the live region in which to announce. An open dialog makes the rest of the page inert, so
 * the region of the topmost dialog is used.
 */
function regionOf(urgency: Announcement['urgency']): Element {
  const inDialogs = document.querySelectorAll(`dialog:modal [data-say=${urgency}]`);
  const region = inDialogs.item(inDialogs.length - 1) ?? document.getElementById(`say-${urgency}`);
  assert(region !== null, `the document has no live region say-${urgency}`);
  return region;
}
