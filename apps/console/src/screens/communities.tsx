import {
  COMMUNITY_DAYS_COUNTED,
  COMMUNITY_RULES_UNITS_MAX,
  COMMUNITY_TITLE_UNITS_MAX,
} from '@farandole/moderation/limits';
import type { ShownCommunity } from '@farandole/moderation/settings/communities';
import { type CommunityText, DOORS } from '@farandole/moderation/settings/community';
import { COMMUNITY_PAGE_PREFIX } from '@farandole/protocol/http-api';
import { LANGUAGES } from '@farandole/ui/locales';
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { consoleLanguage, t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { Loaded, Nothing } from '../parts/states.tsx';
import { dateOf, numberOf } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { Form, TextField } from '../sign-in/fields.tsx';
import { useTask } from '../sign-in/use-task.ts';
import { CommunityCodes } from './community-codes.tsx';

const EMPTY: CommunityText = { title: '', language: '', rules: '', door: 'link' };

export function Communities() {
  const { current, reload } = useLoaded<readonly ShownCommunity[]>('communities');
  const mayEdit = useConsole().may('rules.edit');
  return (
    <Loaded of={current.value} again={reload}>
      {(communities) => (
        <div class="stack narrow">
          <p class="soft">{t('communities.text')}</p>
          {mayEdit ? <Create reload={reload} /> : null}
          {communities.length === 0 ? <Nothing title={t('communities.none')} /> : null}
          <ul class="stack">
            {communities.map((community) => (
              <li key={community.name}>
                <One community={community} reload={reload} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </Loaded>
  );
}

function Create({ reload }: { reload: () => Promise<void> }) {
  const model = useConsole();
  const task = useTask();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const create = (text: CommunityText): void =>
    void task.post('communities', { ...text, name: name.trim() }, async () => {
      model.say(t('communities.created', { title: text.title }));
      setName('');
      setOpen(false);
      await reload();
    });
  if (!open) {
    return (
      <button type="button" class="btn primary" onClick={() => setOpen(true)}>
        {t('communities.add')}
      </button>
    );
  }
  return (
    <section class="panel">
      <h2>{t('communities.add')}</h2>
      <TextForm
        before={{ ...EMPTY, language: consoleLanguage() }}
        task={task}
        go={t('communities.create')}
        submit={create}
        cancel={() => setOpen(false)}
      >
        <TextField
          label={t('communities.name')}
          hint={t('communities.nameHint', {
            address: `${location.origin}${COMMUNITY_PAGE_PREFIX}${name.trim() || '…'}`,
          })}
          value={name}
          change={setName}
          autocomplete="off"
          maxLength={32}
        />
      </TextForm>
    </section>
  );
}

function One({ community, reload }: { community: ShownCommunity; reload: () => Promise<void> }) {
  const model = useConsole();
  const task = useTask();
  const [open, setOpen] = useState<'text' | 'codes' | 'close' | null>(null);
  const { name, title, language, rules, closedAtMs, door, codes, version } = community;
  const isOpen = closedAtMs === null;
  const mayEdit = isOpen && codes !== null;
  const toggle = (what: 'text' | 'codes'): void => setOpen(open === what ? null : what);
  const done = (words: string) => async (): Promise<void> => {
    model.say(words);
    setOpen(null);
    await reload();
  };
  const close = (): void =>
    void task.post('communities/close', { name }, done(t('communities.closedNow', { title })));
  return (
    <article class="panel">
      <header>
        <h2 lang={language} dir="auto">
          {title}
        </h2>
        <p class="soft community-address" dir="ltr">
          {COMMUNITY_PAGE_PREFIX}
          {name}
        </p>
      </header>
      <p class="marks-row">
        <span class={isOpen ? 'mark accent' : 'mark'}>
          {isOpen
            ? t(`communities.door.${door}`)
            : t('communities.closed', { time: dateOf(closedAtMs) })}
        </span>
      </p>
      <p>{ratesOf(community)}</p>
      {rules === '' ? null : (
        <blockquote lang={language} dir="auto">
          {rules}
        </blockquote>
      )}
      {open === 'text' ? (
        <TextForm
          before={community}
          task={task}
          go={t('communities.save')}
          submit={(text) =>
            void task.post(
              'communities/change',
              { ...text, name, before: version },
              done(t('communities.saved')),
            )
          }
          cancel={() => setOpen(null)}
        />
      ) : null}
      {open === 'codes' && codes !== null ? (
        <CommunityCodes name={name} door={door} codes={codes} reload={reload} />
      ) : null}
      {mayEdit ? (
        <div class="actions">
          <button
            type="button"
            class="btn"
            aria-expanded={open === 'text'}
            onClick={() => toggle('text')}
          >
            {t('communities.edit')}
          </button>
          {door === 'link' ? null : (
            <button
              type="button"
              class="btn"
              aria-expanded={open === 'codes'}
              onClick={() => toggle('codes')}
            >
              {t('communities.codes')}
            </button>
          )}
          {open === 'close' ? (
            <button type="button" class="btn danger" onClick={close}>
              {t('communities.closeSure', { title })}
            </button>
          ) : (
            <button type="button" class="btn quiet" onClick={() => setOpen('close')}>
              {t('communities.close')}
            </button>
          )}
        </div>
      ) : null}
      {open === 'close' ? <p class="hint">{t('communities.closeHint')}</p> : null}
    </article>
  );
}

function ratesOf({ calls, reports, reportsPer100Calls }: ShownCommunity): string {
  if (reportsPer100Calls === null)
    return t('communities.noCalls', { days: COMMUNITY_DAYS_COUNTED });
  return t('communities.rate', {
    rate: numberOf(reportsPer100Calls, 1),
    reports: numberOf(reports),
    calls: numberOf(calls),
    days: COMMUNITY_DAYS_COUNTED,
  });
}

function TextForm({
  before,
  task,
  go,
  submit,
  cancel,
  children,
}: {
  before: CommunityText;
  task: ReturnType<typeof useTask>;
  go: string;
  submit: (text: CommunityText) => void;
  cancel: () => void;
  children?: ComponentChildren;
}) {
  const id = useId();
  const { title, language, rules, door } = before;
  const [text, setText] = useState<CommunityText>({ title, language, rules, door });
  const change = (changed: Partial<CommunityText>): void => setText({ ...text, ...changed });
  const left = COMMUNITY_RULES_UNITS_MAX - text.rules.length;
  const names = new Intl.DisplayNames(consoleLanguage(), { type: 'language' });
  const known = Object.keys(LANGUAGES);
  const languages = known.includes(language) ? known : [language, ...known];
  return (
    <Form problem={task.problem} submit={() => (left < 0 ? undefined : submit(text))}>
      <TextField
        label={t('communities.title')}
        value={text.title}
        change={(changed) => change({ title: changed })}
        autocomplete="off"
        maxLength={COMMUNITY_TITLE_UNITS_MAX}
      />
      {children}
      <div class="field">
        <label for={`${id}-language`}>{t('communities.language')}</label>
        <select
          id={`${id}-language`}
          class="input"
          value={text.language}
          onChange={({ currentTarget }) => change({ language: currentTarget.value })}
        >
          {languages.map((tag) => (
            <option key={tag} value={tag}>
              {names.of(tag) ?? tag}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for={`${id}-rules`}>{t('communities.rules')}</label>
        <textarea
          id={`${id}-rules`}
          class="input"
          rows={6}
          lang={text.language}
          dir="auto"
          value={text.rules}
          aria-describedby={`${id}-hint`}
          aria-invalid={left < 0}
          onInput={({ currentTarget }) => change({ rules: currentTarget.value })}
        />
        <p id={`${id}-hint`} class={left < 0 ? 'hint bad' : 'hint'}>
          {t('communities.rulesHint', { left: numberOf(left) })}
        </p>
      </div>
      <fieldset class="checks">
        <legend class="label">{t('communities.doorLabel')}</legend>
        {DOORS.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name={`${id}-door`}
              checked={text.door === each}
              onChange={() => change({ door: each })}
            />
            {t(`communities.door.${each}`)}
          </label>
        ))}
      </fieldset>
      <div class="actions">
        <button type="submit" class="btn primary" aria-disabled={task.isBusy || left < 0}>
          {go}
        </button>
        <button type="button" class="btn" onClick={cancel}>
          {t('communities.cancel')}
        </button>
      </div>
    </Form>
  );
}
