import { isRung } from '../../call/rungs.ts';
import '../../styles/hour.css';
import type { Mode } from '@farandole/protocol/fields';
import { HOUR_CALENDAR_PATH, type HoursFacts } from '@farandole/protocol/http-api';
import { effect } from '@preact/signals';
import { useEffect, useId, useState } from 'preact/hooks';
import { fromNow } from '../../i18n/from-now.ts';
import { momentOf, recentMomentOf, t } from '../../i18n/words.ts';
import type { AppModel } from '../../state/app-model.ts';
import { community } from '../../ui/community.ts';
import { offeredModes } from '../../ui/offered-modes.ts';
import { useApp } from '../app-context.ts';
import { StartButton } from '../shared/start-button.tsx';
import { HourReminder } from './hour-reminder.tsx';
import { type HourTimes, nextChangeMs, noteArrival, openModes, timesOf } from './hour-times.ts';

const WEEK_MS = 6 * 86_400_000;

const followed = new WeakSet<AppModel>();

/** Returns the hours of the community whose page is open, or those of the open pool. */
export function hoursOf(app: AppModel): HoursFacts | null {
  const view = community.value?.model.view.value;
  if (view === undefined) return app.link.server.value?.hours ?? null;
  return view.state === 'here' ? (view.facts.hours ?? null) : null;
}

/** Notes the arrival of each answer of the server, also while the landing isn't shown. */
function followHours(app: AppModel): void {
  if (followed.has(app)) return;
  followed.add(app);
  effect(() => {
    const hours = hoursOf(app);
    if (hours !== null) noteArrival(hours, Date.now());
  });
}

/** The hour that is on or the next one, on the landing. */
export function HourCard() {
  const app = useApp();
  followHours(app);
  const hours = hoursOf(app);
  return hours === null ? null : <Card key={hours.next.id} hours={hours} />;
}

function Card({ hours }: { hours: HoursFacts }) {
  const app = useApp();
  const id = useId();
  const [nowMs, setNowMs] = useState(Date.now);
  const times = timesOf(hours, nowMs);
  useEffect(() => {
    const timer = setTimeout(() => setNowMs(Date.now()), nextChangeMs(times, Date.now()));
    return () => clearTimeout(timer);
  });
  // The page learns of the hour after this one with its next session.
  if (nowMs >= times.endMs) return null;
  const offered = offeredModes();
  const open = openModes(hours, times, offered, nowMs);
  const isShut = open.length < offered.length;
  const isOn = nowMs >= times.startMs;
  const mayCall = app.devices.supported && app.standing.view.value?.may !== 'text';
  const startable = open.filter(isRung).filter((mode) => mode === 'text' || mayCall);
  return (
    <section class={isShut ? 'hour shut' : 'hour'} aria-labelledby={id}>
      <p class={isOn ? 'hour-label on' : 'hour-label'}>{t(labelOf(hours, open, isOn))}</p>
      <h2 id={id} dir="auto">
        {hours.next.title}
      </h2>
      <When times={times} isOn={isOn} nowMs={nowMs} />
      <p class="small">{t(noteOf(hours, open, isOn, isShut))}</p>
      {isShut && startable.length > 0 && (
        <div class="go">
          {startable.map((mode, at) => (
            <StartButton key={mode} mode={mode} isFirst={at === 0} />
          ))}
        </div>
      )}
      {!isOn && (
        <HourReminder
          hour={{ title: hours.next.title, startMs: times.startMs }}
          file={`${HOUR_CALENDAR_PATH}/${hours.next.id}.ics`}
          isMain={open.length === 0}
        />
      )}
    </section>
  );
}

function When({ times, isOn, nowMs }: { times: HourTimes; isOn: boolean; nowMs: number }) {
  const atMs = isOn ? times.endMs : times.startMs;
  const moment = atMs - nowMs < WEEK_MS ? recentMomentOf(atMs) : momentOf(atMs);
  return (
    <p class="hour-when">
      <time dateTime={new Date(atMs).toISOString()}>
        {isOn ? t('hour.until', { moment }) : moment}
      </time>
      {!isOn && <span class="hour-left">{fromNow(atMs, nowMs)}</span>}
    </p>
  );
}

function labelOf({ door }: HoursFacts, open: readonly Mode[], isOn: boolean) {
  if (isOn) return 'hour.on';
  return door === 'closed' && open.length === 0 ? 'hour.shut' : 'hour.next';
}

function noteOf({ door }: HoursFacts, open: readonly Mode[], isOn: boolean, isShut: boolean) {
  if (isOn || !isShut) return 'hour.onText';
  if (door === 'closed') return open.length === 0 ? 'hour.closedText' : 'hour.soon';
  return open.length > 1 ? 'hour.soon' : 'hour.textOnly';
}
