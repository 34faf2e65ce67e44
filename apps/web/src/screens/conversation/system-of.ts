import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { t } from '../../i18n/words.ts';
import type { AppModel } from '../../state/app-model.ts';
import { openBrowserSystem } from '../../system/browser-system.ts';
import { HourReminder } from '../../system/hour-reminder.ts';
import type { Installer } from '../../system/system-parts.ts';
import { TellMe } from '../../system/tell-me.ts';
import { community } from '../../ui/community.ts';

export interface OpenSystem {
  readonly tellMe: TellMe;
  readonly hourReminder: HourReminder;
  readonly installer: Installer;
}

const opened = new WeakMap<AppModel, ReadonlySignal<OpenSystem | null>>();

/** Returns the notifications and the installation of a page. Null until their code has loaded. */
export function systemOf(app: AppModel): ReadonlySignal<OpenSystem | null> {
  const known = opened.get(app);
  if (known !== undefined) return known;
  const system = signal<OpenSystem | null>(null);
  opened.set(app, system);
  const open = app.openSystem ?? (() => openBrowserSystem(app.browser));
  open().then(
    ({ notifier, installer, wallMs }) => {
      const ports = {
        ...{ notifier, wallMs },
        serverKey: computed(() => app.link.server.value?.pushKey ?? null),
        receipt: () => app.link.client.receipt,
      };
      const tellMe = new TellMe({
        ...ports,
        inCall: computed(() => app.call.view.value !== null),
        text: () => t('tellMe.notification'),
        turnSoundsOn: () => {
          if (!app.settings.preferences.peek().sounds) app.settings.set({ sounds: true });
        },
      });
      const hourReminder = new HourReminder({
        ...ports,
        community: () => community.peek()?.model.name,
      });
      system.value = { tellMe, installer, hourReminder };
    },
    // If the code fails to load, the page tries again when the part is shown the next time.
    () => opened.delete(app),
  );
  return system;
}
