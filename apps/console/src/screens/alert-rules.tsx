import type { AlertChannel } from '@farandole/moderation/alerts/alert';
import type { AlertSettings } from '@farandole/moderation/alerts/alert-settings';
import type { QuietHours, RotaEntry } from '@farandole/moderation/alerts/duty';
import { MAIL_ADDRESS_CHARS_MAX, ROTA_MAX } from '@farandole/moderation/alerts/limits';
import type { AlertTestOutcome } from '@farandole/protocol/console-api';
import type { ConsoleRequest } from '@farandole/protocol/console-requests';
import type { ConsoleMembers } from '@farandole/protocol/console-sign-in';
import { LANGUAGES } from '@farandole/ui/locales';
import { useId, useState } from 'preact/hooks';
import { consoleLanguage, t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { Loaded, sentenceOf } from '../parts/states.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { ZoneField } from '../parts/zone-field.tsx';

const WEEK_DAYS = [0, 1, 2, 3, 4, 5, 6] as const;
const DAY_MS = 86_400_000;
/** A Monday. */
const MONDAY_MS = 4 * DAY_MS;
const QUIET_BY_DEFAULT: QuietHours = { from: '22:00', to: '07:00' };

interface RulesProps {
  readonly settings: AlertSettings;
  readonly channels: readonly AlertChannel[];
  readonly reload: () => Promise<void>;
}

/** The form with the rota and the quiet hours, for members who may edit settings. */
export function AlertRules({ settings, channels, reload }: RulesProps) {
  const model = useConsole();
  const id = useId();
  const [rota, setRota] = useState(settings.rota);
  const [quiet, setQuiet] = useState(settings.quiet);
  const [language, setLanguage] = useState(
    settings.version === 0 ? consoleLanguage() : settings.language,
  );
  const [zone, setZone] = useState(
    settings.version === 0 ? new Intl.DateTimeFormat().resolvedOptions().timeZone : settings.zone,
  );
  const [isSending, setIsSending] = useState(false);
  const save = async (): Promise<void> => {
    if (isSending) return;
    setIsSending(true);
    const entries = rota.map((entry) => ({ ...entry, days: [...entry.days] }));
    const request: ConsoleRequest<'alertSettings'> = {
      ...{ before: settings.version, rota: entries, quiet, zone, language },
    };
    const answer = await model.api.post('alerts', request);
    setIsSending(false);
    if (answer.ok) {
      model.say(t('alerts.saved'));
      await reload();
      return;
    }
    const isStale = answer.problem.error === 'changed-meanwhile';
    model.say(isStale ? t('alerts.changed') : sentenceOf(answer.problem), { bad: true });
    if (isStale) await reload();
  };
  return (
    <section class="stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t('alerts.settings')}</h2>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Rota rota={rota} setRota={setRota} />
        <section class="panel" aria-labelledby={`${id}-quiet`}>
          <h3 id={`${id}-quiet`}>{t('alerts.quiet.title')}</h3>
          <label class="alert-choice">
            <input
              type="checkbox"
              checked={quiet !== null}
              onChange={({ currentTarget }) =>
                setQuiet(currentTarget.checked ? QUIET_BY_DEFAULT : null)
              }
            />
            <span>{t('alerts.quiet.use')}</span>
          </label>
          <p class="hint">{t('alerts.quiet.text')}</p>
          {quiet === null ? null : (
            <div class="days">
              <Time
                label={t('alerts.quiet.from')}
                value={quiet.from}
                change={(from) => setQuiet({ ...quiet, from })}
              />
              <Time
                label={t('alerts.quiet.to')}
                value={quiet.to}
                change={(to) => setQuiet({ ...quiet, to })}
              />
            </div>
          )}
          <ZoneField label={t('alerts.quiet.zone')} zone={zone} setZone={setZone} />
          <div class="field">
            <label for={`${id}-language`}>{t('alerts.language')}</label>
            <select
              id={`${id}-language`}
              class="input"
              value={language}
              onChange={({ currentTarget }) => setLanguage(currentTarget.value)}
            >
              {Object.entries(LANGUAGES).map(([tag, { name }]) => (
                <option key={tag} value={tag}>
                  {name}
                </option>
              ))}
            </select>
          </div>
        </section>
        <div class="actions">
          <button type="submit" class="btn primary" aria-disabled={isSending}>
            {t('alerts.save')}
          </button>
        </div>
      </form>
      <Channels channels={channels} />
    </section>
  );
}

function Time({
  label,
  value,
  change,
}: {
  label: string;
  value: string;
  change: (time: string) => void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="input"
        type="time"
        required
        value={value}
        onInput={({ currentTarget }) => change(currentTarget.value)}
      />
    </div>
  );
}

type SetRota = (rota: readonly RotaEntry[]) => void;

function Rota({ rota, setRota }: { rota: readonly RotaEntry[]; setRota: SetRota }) {
  const model = useConsole();
  const { current, reload } = useLoaded<ConsoleMembers>('members');
  const members = current.value.state === 'ready' ? current.value.value.members : [];
  // The console may have been opened before a member joined, and then doesn't know their name.
  const nameOf = (id: string): string =>
    members.find((one) => one.id === id)?.name ?? model.nameOf(id);
  return (
    <section class="panel" aria-labelledby="alerts-rota">
      <h3 id="alerts-rota">{t('alerts.rota.title')}</h3>
      <p class="hint">{t(rota.length === 0 ? 'alerts.rota.none' : 'alerts.rota.text')}</p>
      {rota.length === 0 ? null : (
        <ol class="plain-list">
          {rota.map((entry, at) => (
            <Entry
              key={entry.member}
              entry={entry}
              name={nameOf(entry.member)}
              at={at}
              rota={rota}
              setRota={setRota}
            />
          ))}
        </ol>
      )}
      <Loaded of={current.value} again={reload}>
        {(known) => <AddEntry {...known} rota={rota} setRota={setRota} />}
      </Loaded>
    </section>
  );
}

interface EntryProps {
  readonly entry: RotaEntry;
  readonly name: string;
  readonly at: number;
  readonly rota: readonly RotaEntry[];
  readonly setRota: SetRota;
}

function Entry({ entry, name, at, rota, setRota }: EntryProps) {
  const id = useId();
  const change = (changed: Partial<RotaEntry>): void =>
    setRota(rota.map((one) => (one.member === entry.member ? { ...one, ...changed } : one)));
  const others = rota.filter((one) => one.member !== entry.member);
  const dayOf = new Intl.DateTimeFormat(consoleLanguage(), { weekday: 'short', timeZone: 'UTC' });
  return (
    <li class="rota-entry">
      <strong dir="auto">{name}</strong>
      <div class="field">
        <label for={`${id}-mail`}>{t('alerts.rota.mail')}</label>
        <input
          id={`${id}-mail`}
          class="input"
          dir="ltr"
          type="email"
          aria-label={t('alerts.rota.mailOf', { name })}
          autocomplete="off"
          maxLength={MAIL_ADDRESS_CHARS_MAX}
          value={entry.mail}
          onInput={({ currentTarget }) => change({ mail: currentTarget.value })}
        />
      </div>
      <fieldset>
        <legend>{t('alerts.rota.days')}</legend>
        <div class="rota-days">
          {WEEK_DAYS.map((day) => (
            <label key={day} class="rota-day">
              <input
                type="checkbox"
                checked={entry.days.includes(day)}
                onChange={({ currentTarget }) =>
                  change({
                    days: currentTarget.checked
                      ? [...entry.days, day].toSorted((a, b) => a - b)
                      : entry.days.filter((one) => one !== day),
                  })
                }
              />
              <span>{dayOf.format(MONDAY_MS + day * DAY_MS)}</span>
            </label>
          ))}
        </div>
        <p class="hint">{t('alerts.rota.daysHint')}</p>
      </fieldset>
      <div class="actions">
        {at === 0 ? null : (
          <button
            type="button"
            class="btn"
            aria-label={t('alerts.rota.upOf', { name })}
            onClick={() => setRota(others.toSpliced(at - 1, 0, entry))}
          >
            {t('alerts.rota.up')}
          </button>
        )}
        <button
          type="button"
          class="btn"
          aria-label={t('alerts.rota.removeOf', { name })}
          onClick={() => setRota(others)}
        >
          {t('alerts.rota.remove')}
        </button>
      </div>
    </li>
  );
}

interface AddEntryProps extends ConsoleMembers {
  readonly rota: readonly RotaEntry[];
  readonly setRota: SetRota;
}

function AddEntry({ members, rota, setRota }: AddEntryProps) {
  const id = useId();
  const listed = new Set<string>(rota.map(({ member }) => member));
  const free = members.filter((one) => one.leftAtMs === null && !listed.has(one.id));
  const [chosen, setChosen] = useState('');
  const member = free.find((one) => one.id === chosen) ?? free[0];
  if (member === undefined || rota.length >= ROTA_MAX) {
    return <p class="hint">{t('alerts.rota.everyone')}</p>;
  }
  return (
    <div class="rota-add">
      <div class="field">
        <label for={id}>{t('alerts.rota.member')}</label>
        <select
          id={id}
          class="input"
          value={member.id}
          onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        >
          {free.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      </div>
      <button
        type="button"
        class="btn"
        onClick={() =>
          setRota([...rota, { member: member.id as RotaEntry['member'], mail: '', days: [] }])
        }
      >
        {t('alerts.rota.add')}
      </button>
    </div>
  );
}

function Channels({ channels }: { channels: readonly AlertChannel[] }) {
  const model = useConsole();
  const [isSending, setIsSending] = useState(false);
  const [outcomes, setOutcomes] = useState<readonly AlertTestOutcome[] | null>(null);
  const test = async (): Promise<void> => {
    if (isSending) return;
    setIsSending(true);
    setOutcomes(null);
    const answer = await model.api.post<readonly AlertTestOutcome[]>('alerts/test', {});
    setIsSending(false);
    if (answer.ok) setOutcomes(answer.value);
    else model.say(sentenceOf(answer.problem), { bad: true });
  };
  return (
    <section class="panel" aria-labelledby="alerts-channels">
      <h3 id="alerts-channels">{t('alerts.channels.title')}</h3>
      <ul class="plain-list">
        <li>
          {t(
            channels.includes('webhook') ? 'alerts.channels.webhook' : 'alerts.channels.noWebhook',
          )}
        </li>
        <li>{t(channels.includes('mail') ? 'alerts.channels.mail' : 'alerts.channels.noMail')}</li>
      </ul>
      <button type="button" class="btn" aria-disabled={isSending} onClick={() => void test()}>
        {t(isSending ? 'alerts.test.sending' : 'alerts.test.send')}
      </button>
      <div class="alert-test" role="status">
        {outcomes === null ? null : <Outcomes outcomes={outcomes} />}
      </div>
    </section>
  );
}

function Outcomes({ outcomes }: { outcomes: readonly AlertTestOutcome[] }) {
  if (outcomes.length === 0) return <p>{t('alerts.test.nothing')}</p>;
  return (
    <ul class="plain-list">
      {outcomes.map(({ channel, to, problem }) => {
        const name = to ?? t(`alerts.channel.${channel}`);
        return (
          <li key={`${channel} ${to}`} class="marks-row">
            <span class={problem === null ? 'mark ok' : 'mark bad'}>
              {problem === null
                ? t('alerts.test.sent', { channel: name })
                : t('alerts.test.failed', { channel: name, problem })}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
