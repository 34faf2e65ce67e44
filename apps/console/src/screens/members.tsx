import { ROLES, type Role } from '@farandole/accounts/roles';
import type { ConsoleMemberLink, ConsoleMembers } from '@farandole/protocol/console-sign-in';
import { useState } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { Loaded } from '../parts/states.tsx';
import { dateOf, listOf } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { Form, OneFieldForm, Wrong } from '../sign-in/fields.tsx';
import { type Task, useTask } from '../sign-in/use-task.ts';

type Member = ConsoleMembers['members'][number];

export function Members() {
  const { current, reload } = useLoaded<ConsoleMembers>('members');
  return (
    <Loaded of={current.value} again={reload}>
      {({ members }) => {
        const there = members.filter(({ leftAtMs }) => leftAtMs === null);
        const gone = members.filter(({ leftAtMs }) => leftAtMs !== null);
        return (
          <div class="stack narrow">
            <p class="soft">{t('members.text')}</p>
            <AddMember reload={reload} />
            <ul class="stack">
              {there.map((member) => (
                <li key={member.id}>
                  <OneMember member={member} reload={reload} />
                </li>
              ))}
            </ul>
            {gone.length === 0 ? null : (
              <p class="soft small">
                {t('members.gone', { names: listOf(gone.map(({ name }) => name)) })}
              </p>
            )}
          </div>
        );
      }}
    </Loaded>
  );
}

function AddMember({ reload }: { reload: () => Promise<void> }) {
  const task = useTask();
  const [name, setName] = useState('');
  const add = (): void =>
    void task.post('members/add', { name }, async () => {
      setName('');
      await reload();
    });
  return (
    <section class="panel">
      <h2>{t('members.add')}</h2>
      <OneFieldForm
        problem={task.problem}
        submit={add}
        isBusy={task.isBusy}
        label={t('members.name')}
        value={name}
        change={setName}
        autocomplete="off"
        hint={t('members.addHint')}
        maxLength={80}
        go={t('members.addGo')}
      />
    </section>
  );
}

function rolesOf(roles: readonly string[]): string {
  return roles.length === 0
    ? t('approvals.noRoles')
    : listOf(ROLES.filter((role) => roles.includes(role)).map((role) => t(`role.${role}`)));
}

function OneMember({ member, reload }: { member: Member; reload: () => Promise<void> }) {
  const model = useConsole();
  const task = useTask();
  const [link, setLink] = useState<ConsoleMemberLink | null>(null);
  const [open, setOpen] = useState<'roles' | 'disable' | null>(null);
  const { id, name, roles, canSignIn, proposed } = member;
  const act = async (path: string, said: string, body: object = {}): Promise<void> =>
    await task.post(`members/${path}`, { member: id, ...body }, async () => {
      model.say(said);
      setOpen(null);
      await reload();
    });
  const letIn = (): void =>
    void task.post<ConsoleMemberLink>('members/link', { member: id }, setLink);
  return (
    <article class="panel member">
      <header>
        <h2 dir="auto">{name}</h2>
        <p class="soft">{rolesOf(roles)}</p>
      </header>
      <p class="marks-row">
        {canSignIn ? null : <span class="mark">{t('members.notYet')}</span>}
        {proposed === null ? null : (
          <span class="mark accent">{t('members.proposed', { roles: rolesOf(proposed) })}</span>
        )}
        {id === model.myId ? <span class="mark">{t('members.you')}</span> : null}
      </p>
      {link === null ? null : (
        <div class="field">
          <span class="label">{t('members.linkOf', { name, time: dateOf(link.untilMs) })}</span>
          <code class="secret">{link.link}</code>
        </div>
      )}
      {open === 'roles' ? (
        <Roles
          roles={roles}
          task={task}
          propose={(chosen) =>
            void act('propose-roles', t('members.asked', { name }), { roles: chosen })
          }
        />
      ) : null}
      <div class="actions">
        <button
          type="button"
          class="btn"
          aria-expanded={open === 'roles'}
          onClick={() => setOpen(open === 'roles' ? null : 'roles')}
        >
          {t('members.roles')}
        </button>
        {canSignIn || roles.length > 0 ? null : (
          <button type="button" class="btn" onClick={letIn}>
            {t('members.link')}
          </button>
        )}
        {canSignIn ? (
          <button
            type="button"
            class="btn"
            onClick={() => void act('sign-out', t('members.signedOut', { name }))}
          >
            {t('members.signOut')}
          </button>
        ) : null}
        {open === 'disable' ? (
          <button
            type="button"
            class="btn danger"
            onClick={() => void act('disable', t('members.disabled', { name }))}
          >
            {t('members.disableSure', { name })}
          </button>
        ) : (
          <button type="button" class="btn quiet" onClick={() => setOpen('disable')}>
            {t('members.disable')}
          </button>
        )}
      </div>
      <Wrong problem={task.problem} />
    </article>
  );
}

function Roles({
  roles,
  task,
  propose,
}: {
  roles: readonly string[];
  task: Task;
  propose: (roles: readonly Role[]) => void;
}) {
  const [chosen, setChosen] = useState<readonly string[]>(roles);
  const toggle = (role: Role): void =>
    setChosen(chosen.includes(role) ? chosen.filter((one) => one !== role) : [...chosen, role]);
  return (
    <Form problem={null} submit={() => propose(ROLES.filter((role) => chosen.includes(role)))}>
      <fieldset class="checks">
        <legend class="label">{t('members.rolesWanted')}</legend>
        {ROLES.map((role) => (
          <label key={role}>
            <input type="checkbox" checked={chosen.includes(role)} onChange={() => toggle(role)} />
            {t(`role.${role}`)}
          </label>
        ))}
      </fieldset>
      <p class="hint">{t('members.rolesHint')}</p>
      <button type="submit" class="btn primary" aria-disabled={task.isBusy}>
        {t('members.propose')}
      </button>
    </Form>
  );
}
