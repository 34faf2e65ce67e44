import { useEffect, useId, useState } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import type { HourToRemind } from '../../system/system-parts.ts';
import { useApp } from '../app-context.ts';
import { systemOf } from '../conversation/system-of.ts';

interface HourReminderProps {
  readonly hour: HourToRemind;
  /** Address of the calendar file. */
  readonly file: string;
  /** Whether the user can do nothing else until the hour. */
  readonly isMain: boolean;
}

/** Reminds the user of the next hour: by a calendar file, or by a notification at its start. */
export function HourReminder({ hour, file, isMain }: HourReminderProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  return (
    <div class="hour-remind">
      <button
        type="button"
        class={isMain ? 'btn big primary' : 'btn'}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {t('hour.remind')}
      </button>
      <div id={id} class="hour-ways" hidden={!isOpen}>
        {isOpen && (
          <>
            <a class="btn" href={file} download="farandole.ics">
              {t('hour.calendar')}
            </a>
            <Notify hour={hour} />
          </>
        )}
      </div>
    </div>
  );
}

/** Shown only where the operator and the browser have notifications. */
function Notify({ hour }: { hour: HourToRemind }) {
  const system = systemOf(useApp()).value;
  useEffect(() => system?.hourReminder.refresh(), [system]);
  const view = system?.hourReminder.view.value;
  if (system === null || view === undefined || view === 'none') return null;
  const isOn = view === 'on';
  return (
    <>
      <button
        type="button"
        class="btn"
        disabled={view === 'asking'}
        onClick={() => void (isOn ? system.hourReminder.stop() : system.hourReminder.start(hour))}
      >
        {t(isOn ? 'hour.stop' : 'hour.notify')}
      </button>
      <p class="small" role="status">
        {t(WORDS[view])}
      </p>
    </>
  );
}

const WORDS = {
  off: 'hour.keeps',
  on: 'hour.notifyOn',
  asking: 'hour.asking',
  blocked: 'hour.blocked',
  failed: 'hour.failed',
} as const;
