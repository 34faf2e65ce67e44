import { COMMUNITY_CODE_USES_MAX } from '@farandole/moderation/limits';
import type { CommunityCode, Door } from '@farandole/moderation/settings/community';
import { COMMUNITY_PAGE_PREFIX } from '@farandole/protocol/http-api';
import { useId, useState } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { dateOf, lasting, numberOf } from '../parts/times.ts';
import { Form, TextField, Wrong } from '../sign-in/fields.tsx';
import { useTask } from '../sign-in/use-task.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const DAYS = [1, 7, 30, 90, 365] as const;
const USES_AT_FIRST = 20;
const DAYS_AT_FIRST = 30;

/** A code as the node gives it, once. */
interface MadeCode {
  readonly label: string;
  readonly code: string;
}

/** The codes of a community: those just made, those that exist, and a form for new ones. */
export function CommunityCodes({
  name,
  door,
  codes,
  reload,
}: {
  name: string;
  door: Door;
  codes: readonly CommunityCode[];
  reload: () => Promise<void>;
}) {
  const [made, setMade] = useState<readonly MadeCode[]>([]);
  return (
    <section class="stack">
      <p class="hint">{t(door === 'list' ? 'communities.listHint' : 'communities.codeHint')}</p>
      {made.length === 0 ? null : <Made name={name} made={made} />}
      <NewCodes
        name={name}
        door={door}
        done={async (fresh) => {
          setMade(fresh);
          await reload();
        }}
      />
      {codes.length === 0 ? (
        <p class="soft">{t('communities.noCodes')}</p>
      ) : (
        <ul class="stack">
          {codes.map((code) => (
            <li key={code.id}>
              <OneCode name={name} code={code} reload={reload} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Made({ name, made }: { name: string; made: readonly MadeCode[] }) {
  return (
    <div class="field" role="status">
      <span class="label">{t('communities.shownOnce')}</span>
      {made.map(({ code, label }) => (
        <p key={code} class="community-link">
          {label === '' ? null : <span dir="auto">{label}</span>}
          <code class="secret" dir="ltr">
            {`${location.origin}${COMMUNITY_PAGE_PREFIX}${name}#code=${code}`}
          </code>
        </p>
      ))}
    </div>
  );
}

function NewCodes({
  name,
  door,
  done,
}: {
  name: string;
  door: Door;
  done: (made: readonly MadeCode[]) => Promise<void>;
}) {
  const id = useId();
  const task = useTask();
  const [text, setText] = useState('');
  const [uses, setUses] = useState(String(USES_AT_FIRST));
  const [days, setDays] = useState(DAYS_AT_FIRST);
  const isList = door === 'list';
  const lines = text.split('\n').map((line) => line.trim());
  const labels = isList ? lines.filter((line) => line !== '') : [lines.join(' ')];
  const usesMax = isList ? 1 : Number(uses);
  const isReady =
    labels.length > 0 &&
    Number.isInteger(usesMax) &&
    usesMax >= 1 &&
    usesMax <= COMMUNITY_CODE_USES_MAX;
  const make = (): void => {
    if (!isReady) return;
    const body = { name, labels, usesMax, days };
    void task.post<readonly MadeCode[]>('communities/codes', body, async (made) => {
      setText('');
      await done(made);
    });
  };
  return (
    <Form problem={task.problem} submit={make}>
      <div class="field">
        <label for={`${id}-labels`}>{t(isList ? 'communities.people' : 'communities.label')}</label>
        <textarea
          id={`${id}-labels`}
          class="input"
          rows={isList ? 4 : 1}
          dir="auto"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </div>
      {isList ? null : (
        <TextField
          label={t('communities.uses')}
          value={uses}
          change={setUses}
          autocomplete="off"
          maxLength={4}
        />
      )}
      <div class="field">
        <label for={`${id}-days`}>{t('communities.lasts')}</label>
        <select
          id={`${id}-days`}
          class="input"
          value={days}
          onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}
        >
          {DAYS.map((each) => (
            <option key={each} value={each}>
              {lasting(each * DAY_MS)}
            </option>
          ))}
        </select>
      </div>
      <button type="submit" class="btn primary" aria-disabled={!isReady || task.isBusy}>
        {t('communities.makeCodes')}
      </button>
    </Form>
  );
}

function OneCode({
  name,
  code,
  reload,
}: {
  name: string;
  code: CommunityCode;
  reload: () => Promise<void>;
}) {
  const model = useConsole();
  const task = useTask();
  const { id, label, uses, usesMax, atMs, expiresAtMs } = code;
  const shown = label === '' ? t('communities.madeAt', { time: dateOf(atMs) }) : label;
  const revoke = (): void =>
    void task.post('communities/revoke', { name, code: id }, async () => {
      model.say(t('communities.revoked'));
      await reload();
    });
  return (
    <div class="community-code">
      <p>
        <strong dir="auto">{shown}</strong>
        <br />
        <span class="soft small">
          {t('communities.used', {
            uses: numberOf(uses),
            max: numberOf(usesMax),
            time: dateOf(expiresAtMs),
          })}
        </span>
      </p>
      <button
        type="button"
        class="btn small"
        aria-label={t('communities.revokeOne', { label: shown })}
        onClick={revoke}
      >
        {t('communities.revoke')}
      </button>
      <Wrong problem={task.problem} />
    </div>
  );
}
