import {
  HOUR_MINUTES_MAX,
  HOUR_MINUTES_MIN,
  HOUR_TITLE_UNITS_MAX,
} from '@farandole/moderation/limits';
import {
  HOUR_DOORS,
  type HourDoor,
  occurrencesOf,
  type PublishedHour,
  type PublishedHours,
} from '@farandole/moderation/settings/hours';
import type { ConsoleRequest } from '@farandole/protocol/console-requests';
import type { Rung } from '@farandole/protocol/fields';
import type { WeekPeak } from '@farandole/protocol/house-hours';
import { unparted } from '@farandole/ui/sentences';
import { useId, useState } from 'preact/hooks';
import { consoleLanguage, t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { Loaded, sentenceOf } from '../parts/states.tsx';
import { dateOf, numberOf } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { ZoneField } from '../parts/zone-field.tsx';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const WEEK_HOURS = 168;

/** An open community. */
export interface HourCommunity {
  readonly name: string;
  readonly title: string;
  readonly language: string;
}

export interface HoursPage extends PublishedHours {
  readonly modes: readonly Rung[];
  readonly communities: readonly HourCommunity[];
  readonly peaks: readonly WeekPeak[];
}

/** Replaces the hours and the door. Returns whether the node has stored them. */
type Save = (change: Partial<Pick<PublishedHours, 'door' | 'hours'>>) => Promise<boolean>;

export function Hours() {
  const { current, reload } = useLoaded<HoursPage>('published-hours');
  const model = useConsole();
  const saver =
    ({ door, hours, version }: HoursPage): Save =>
    async (change) => {
      const body = { door, hours, before: version, ...change };
      const request: ConsoleRequest<'publishedHours'> = { ...body, hours: [...body.hours] };
      const answer = await model.api.post('published-hours', request);
      await reload();
      if (answer.ok) model.say(t('hours.saved'));
      else {
        const isStale = answer.problem.error === 'changed-meanwhile';
        model.say(isStale ? t('hours.changed') : sentenceOf(answer.problem), { bad: true });
      }
      return answer.ok;
    };
  return (
    <>
      <p class="soft lead">{t('hours.lead')}</p>
      <Loaded of={current.value} again={reload}>
        {(page) => <Page page={page} save={saver(page)} />}
      </Loaded>
    </>
  );
}

function Page({ page, save }: { page: HoursPage; save: Save }) {
  const [start, setStart] = useState('');
  const [zone, setZone] = useState(ownZone);
  const use = (proposed: string): void => {
    setStart(proposed);
    setZone(ownZone());
  };
  return (
    <>
      <List page={page} save={save} />
      <Door door={page.door} save={save} />
      <Add page={page} save={save} {...{ start, setStart, zone, setZone }} />
      <Peaks peaks={page.peaks} use={use} />
    </>
  );
}

function List({ page, save }: { page: HoursPage; save: Save }) {
  const { hours, communities } = page;
  return (
    <section class="stack narrow" aria-labelledby="hours-list">
      <h2 id="hours-list">{t('hours.listed')}</h2>
      {hours.length === 0 && <p>{t('hours.none')}</p>}
      <ul class="stack plain-list">
        {hours.map((hour) => (
          <li key={hour.id} class="panel">
            <p>
              <strong dir="auto">{hour.title}</strong>
            </p>
            <p class="soft">{describe(hour)}</p>
            {hour.community !== undefined && (
              <Place name={hour.community} communities={communities} />
            )}
            <button
              type="button"
              class="btn"
              aria-label={t('hours.removeOf', { title: hour.title })}
              onClick={() => void save({ hours: hours.filter(({ id }) => id !== hour.id) })}
            >
              {t('hours.remove')}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Names the community of an hour. While it is closed, the hour is shown nowhere. */
function Place({ name, communities }: { name: string; communities: readonly HourCommunity[] }) {
  const open = communities.find((each) => each.name === name);
  if (open === undefined) return <p class="soft">{t('hours.communityClosed', { name })}</p>;
  return (
    <p class="soft">
      {t('hours.community')}
      {' · '}
      <bdi lang={open.language}>{open.title}</bdi>
    </p>
  );
}

function describe(hour: PublishedHour): string {
  const { weekly, minutes, mode, zone } = hour;
  const [next] = occurrencesOf([hour], Date.now());
  return t('hours.lasts', {
    moment: next === undefined ? '–' : momentIn(zone, next.startMs),
    length: inMinutes(minutes),
    mode: t(`hours.modes.${mode as Rung}`),
    repeat: t(weekly ? 'hours.weekly' : 'hours.once'),
    zone,
  });
}

/** Formats a time by the clocks of a zone, which the sentence names. */
function momentIn(timeZone: string, atMs: number): string {
  const how = { dateStyle: 'medium', timeStyle: 'short', timeZone } as const;
  return unparted(new Intl.DateTimeFormat(consoleLanguage(), how).format(atMs));
}

function inMinutes(minutes: number): string {
  const how = { style: 'unit', unit: 'minute', unitDisplay: 'short' } as const;
  return new Intl.NumberFormat(consoleLanguage(), how).format(minutes);
}

function Door({ door, save }: { door: HourDoor; save: Save }) {
  return (
    <fieldset class="checks one-column">
      <legend class="label">{t('hours.door')}</legend>
      {HOUR_DOORS.map((each) => (
        <label key={each}>
          <input
            type="radio"
            name="door"
            checked={door === each}
            onChange={() => void save({ door: each })}
          />
          <span>{t(`hours.doors.${each}`)}</span>
        </label>
      ))}
      <p class="hint">{t('hours.doorHint')}</p>
    </fieldset>
  );
}

interface AddProps {
  readonly page: HoursPage;
  readonly save: Save;
  readonly start: string;
  readonly setStart: (start: string) => void;
  readonly zone: string;
  readonly setZone: (zone: string) => void;
}

function Add({
  page: { hours, modes, communities },
  save,
  start,
  setStart,
  zone,
  setZone,
}: AddProps) {
  const id = useId();
  const [title, setTitle] = useState('');
  const [minutes, setMinutes] = useState(60);
  const [mode, setMode] = useState<string>(modes[0] ?? 'text');
  /** Empty for the open pool. */
  const [community, setCommunity] = useState('');
  const [weekly, setWeekly] = useState(true);
  const [isSending, setIsSending] = useState(false);
  const publish = async (): Promise<void> => {
    if (isSending) return;
    setIsSending(true);
    const hour = {
      ...{ id: crypto.randomUUID(), title, start, zone, weekly, minutes, mode },
      ...(community !== '' && { community }),
    };
    const isSaved = await save({ hours: [...hours, hour] });
    setIsSending(false);
    if (!isSaved) return;
    setTitle('');
    setStart('');
  };
  return (
    <form
      class="stack narrow"
      aria-labelledby={`${id}-add`}
      onSubmit={(event) => {
        event.preventDefault();
        void publish();
      }}
    >
      <h2 id={`${id}-add`}>{t('hours.add')}</h2>
      <div class="field">
        <label for={`${id}-title`}>{t('hours.title')}</label>
        <input
          id={`${id}-title`}
          class="input"
          dir="auto"
          required
          maxLength={HOUR_TITLE_UNITS_MAX}
          value={title}
          onInput={({ currentTarget }) => setTitle(currentTarget.value)}
        />
      </div>
      <div class="field">
        <label for={`${id}-start`}>{t('hours.start')}</label>
        <input
          id={`${id}-start`}
          class="input"
          type="datetime-local"
          required
          value={start}
          onInput={({ currentTarget }) => setStart(currentTarget.value)}
        />
      </div>
      <ZoneField label={t('hours.zone')} zone={zone} setZone={setZone} />
      <div class="field">
        <label for={`${id}-minutes`}>{t('hours.length')}</label>
        <input
          id={`${id}-minutes`}
          class="input"
          type="number"
          required
          min={HOUR_MINUTES_MIN}
          max={HOUR_MINUTES_MAX}
          value={minutes}
          onInput={({ currentTarget }) => setMinutes(currentTarget.valueAsNumber || 0)}
        />
      </div>
      <div class="field">
        <label for={`${id}-mode`}>{t('hours.mode')}</label>
        <select
          id={`${id}-mode`}
          class="input"
          value={mode}
          onChange={({ currentTarget }) => setMode(currentTarget.value)}
        >
          {modes.map((each) => (
            <option key={each} value={each}>
              {t(`hours.modes.${each}`)}
            </option>
          ))}
        </select>
      </div>
      {communities.length > 0 && (
        <div class="field">
          <label for={`${id}-community`}>{t('hours.community')}</label>
          <select
            id={`${id}-community`}
            class="input"
            value={community}
            onChange={({ currentTarget }) => setCommunity(currentTarget.value)}
          >
            <option value="">{t('hours.everyone')}</option>
            {communities.map((each) => (
              <option key={each.name} value={each.name} lang={each.language}>
                {each.title}
              </option>
            ))}
          </select>
        </div>
      )}
      <div class="checks">
        <label>
          <input
            type="checkbox"
            checked={weekly}
            onChange={({ currentTarget }) => setWeekly(currentTarget.checked)}
          />
          <span>{t('hours.repeat')}</span>
        </label>
      </div>
      <div class="actions">
        <button type="submit" class="btn primary" aria-disabled={isSending}>
          {t('hours.publish')}
        </button>
      </div>
    </form>
  );
}

/** Returns the time zone of the browser, by which the proposals are shown. */
function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Proposes hours by the measured number of users. */
function Peaks({ peaks, use }: { peaks: readonly WeekPeak[]; use: (start: string) => void }) {
  return (
    <section class="stack narrow" aria-labelledby="hours-peaks">
      <h2 id="hours-peaks">{t('hours.peaks')}</h2>
      <p class="soft lead">{t(peaks.length === 0 ? 'hours.peaksNone' : 'hours.peaksText')}</p>
      <ul class="stack plain-list">
        {peaks.map(({ hourOfWeek, people }) => {
          const atMs = nextOf(hourOfWeek, Date.now());
          const moment = dateOf(atMs);
          return (
            <li key={hourOfWeek} class="panel">
              <p>{t('hours.peak', { moment, people: numberOf(people) })}</p>
              <button
                type="button"
                class="btn"
                aria-label={t('hours.useOf', { moment })}
                onClick={() => use(localOf(atMs))}
              >
                {t('hours.use')}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Returns the next start of an hour of the week, which counts in UTC from the start of 1970. */
function nextOf(hourOfWeek: number, nowMs: number): number {
  const nowHour = Math.floor(nowMs / HOUR_MS);
  const later = (hourOfWeek - (nowHour % WEEK_HOURS) + WEEK_HOURS) % WEEK_HOURS;
  return (nowHour + (later || WEEK_HOURS)) * HOUR_MS;
}

/** Formats a time by the browser's clock as the value of a field for date and time. */
function localOf(atMs: number): string {
  const offsetMs = new Date(atMs).getTimezoneOffset() * MINUTE_MS;
  return new Date(atMs - offsetMs).toISOString().slice(0, 16);
}
