import type { ComponentType } from 'preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { openSheet } from '../keyboard/open-sheet.ts';
import type { ScreenName } from '../ui/screen-name.ts';
import { leaveSitePage, sitePage } from '../ui/site-page.ts';
import { useApp } from './app-context.ts';
import { Landing } from './landing.tsx';
import { type Lazy, lazy } from './shared/lazy.tsx';

const rules = lazy(async () => (await import('./rules.tsx')).Rules);
const greenRoom = lazy(async () => (await import('./green-room.tsx')).GreenRoom);
const conversation = lazy(async () => (await import('./conversation.tsx')).Conversation);
const reportSheet = lazy(async () => (await import('./report-sheet.tsx')).ReportSheet, {
  putAway: (app) => app.report.close(),
});
const settings = lazy(async () => (await import('./settings.tsx')).Settings, {
  putAway: (app) => app.settings.close(),
});
const moreSheet = lazy(async () => (await import('./conversation/more-sheet.tsx')).MoreSheet, {
  putAway: closeSheet,
});
const shortcutList = lazy(
  async () => (await import('./conversation/shortcut-list.tsx')).ShortcutList,
  { putAway: closeSheet },
);
const sitePages = lazy(async () => (await import('./site-pages.tsx')).SitePages);
const notices = () => import('./notices.tsx');
const adultsOnly = lazy(async () => (await notices()).AdultsOnly);
const elsewhere = lazy(async () => (await notices()).Elsewhere);
const outdated = lazy(async () => (await notices()).Outdated);
const unsupported = lazy(async () => (await notices()).Unsupported);
const sanctioned = lazy(async () => (await import('./standing.tsx')).Sanctioned);
const fault = lazy(async () => (await notices()).Fault);

function closeSheet(): void {
  openSheet.value = null;
}

/** The landing screen is part of the first bundle. */
const SCREENS: Record<ScreenName, ComponentType> = {
  landing: Landing,
  rules: rules.Part,
  'age-refused': adultsOnly.Part,
  'green-room': greenRoom.Part,
  waiting: conversation.Part,
  'call-video': conversation.Part,
  'call-text': conversation.Part,
  ended: conversation.Part,
  elsewhere: elsewhere.Part,
  unsupported: unsupported.Part,
  outdated: outdated.Part,
  sanctioned: sanctioned.Part,
  fault: fault.Part,
};

/** Screens with an ongoing activity, which must stay visible instead of a text page. */
const BUSY: ReadonlySet<ScreenName> = new Set<ScreenName>([
  'waiting',
  'call-video',
  'call-text',
  'ended',
]);

export function App() {
  const app = useApp();
  const screen = app.screen.value;
  const busy = BUSY.has(screen);
  useEffect(() => {
    if (busy) leaveSitePage();
  }, [busy]);
  useLayoutEffect(() => {
    if (!busy) scrollTo(0, 0);
  }, [screen, busy]);
  const text = busy ? null : sitePage.value;
  const Screen = text === null ? SCREENS[screen] : sitePages.Part;
  return (
    <>
      <Screen />
      {openSheet.value === 'more' && <moreSheet.Part />}
      {openSheet.value === 'shortcuts' && <shortcutList.Part />}
      {app.report.view.value !== null && <reportSheet.Part />}
      {app.settings.isOpen.value && <settings.Part />}
    </>
  );
}

/** Loads the code of the next screens while the browser is idle, except what only a call needs. */
export function loadTheRest(): void {
  const rest: readonly Lazy[] = [
    rules,
    greenRoom,
    conversation,
    reportSheet,
    shortcutList,
    settings,
    sitePages,
    elsewhere,
  ];
  for (const part of rest) part.load();
}
